"""What is kept while a text is read: what could not be read, how much was done, and what was made."""

import ast
from dataclasses import dataclass

from workbench.domain.graph import MAX_STEPS
from workbench.domain.reading.python.text import Parsed
from workbench.domain.reading.python.values import Entry, LayerValue, Made, ModelValue, Tensor, Unknown

MOST_STEPS = 100_000
_MOST_NOTES = 200


@dataclass(frozen=True)
class Unread:
    """What could not be read at a line, in a sentence."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.sentence}"


class StopReading(Exception):  # noqa: N818 - it ends the reading; nothing is wrong with the program
    """The text takes more to read than a network should; the message says so in a sentence."""


class Notes:
    """One for each text that is read."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.models: list[ModelValue] = []
        self._layers = 0
        self.tensors: list[Tensor] = []
        self.scope: tuple[str, ...] = ()
        self._told_phase = False
        self._unread: dict[Unread, None] = {}
        self._steps = 0

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What could not be read, by line."""
        return tuple(sorted(self._unread, key=lambda each: each.line))

    def goes_on(self, line: int) -> bool:
        """Whether the newest model was trained before this line. What is changed then is for a second phase, which is
        told once and not read: the network and its training stay as they were."""
        trained = bool(self.models) and self.models[-1].trained
        if trained and not self._told_phase:
            self._told_phase = True
            self.note(line, "Here the training goes on in a second phase, which is not read. Add it on the Train page.")
        return trained

    def note(self, line: int, sentence: str) -> None:
        """Keep what could not be read, once."""
        if len(self._unread) < _MOST_NOTES:
            self._unread[Unread(line, sentence)] = None

    def step(self, cost: int = 1) -> None:
        """Count what is done. Raises StopReading where that is too much."""
        self._steps += cost
        if self._steps > MOST_STEPS:
            raise StopReading("Reading stopped here: the text repeats too much to be a network.")

    def unknown(self, node: ast.AST, tensor: Tensor | None = None) -> Unknown:
        """What stands for an expression that is not known."""
        return Unknown(self.parsed.text_of(node), getattr(node, "lineno", 1), tensor)

    def entry(self, shape: tuple[int | None, ...] | None, dtype: str | None = None, name: str = "") -> Tensor:
        """An input of the network."""
        return self.call(Entry(shape, dtype, name), ())[0]

    def count_layer(self) -> None:
        """Count a layer that is made. Raises StopReading where there are too many."""
        self._layers += 1
        if self._layers > MAX_STEPS:
            raise StopReading(f"Reading stopped here: the text makes more than {MAX_STEPS:,} layers.")

    def call(self, callee: LayerValue | ModelValue | Entry, taken: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The tensors that a layer or a model gives for these. Raises StopReading where there are too many."""
        if len(self.tensors) >= MAX_STEPS:
            raise StopReading(f"Reading stopped here: the network has more than {MAX_STEPS:,} layers.")
        made = Made(callee, taken, len(self.tensors), self.scope)
        count = max(len(callee.outputs), 1) if isinstance(callee, ModelValue) else 1
        count = callee.outputs if isinstance(callee, LayerValue) else count
        given = tuple(Tensor(made, index) for index in range(count))
        self.tensors.append(given[0])
        return given

    def tensor_of(self, value: object, taker: str, text: str, line: int) -> Tensor:
        """The tensor that a layer takes. What could not be read is noted and left out; an input stands for what is not
        known at all."""
        if isinstance(value, Tensor):
            return value
        if isinstance(value, Unknown) and value.tensor is not None:
            self.left_out(value)
            return value.tensor
        self.note(line, f"{taker} is called on `{text}`, which is not known here; an input stands in its place.")
        return self.entry(None)

    def left_out(self, value: Unknown) -> None:
        """Note that something that is no layer stands between layers."""
        self.note(value.line, value.reason or f"`{value.text}` is no layer that can be read, so it was left out.")
