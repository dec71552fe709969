"""Reads a network out of a text: chooses among what was found the model that is meant."""

import re
from dataclasses import dataclass, field
from functools import cache

from workbench.domain.catalogue import load_catalogue
from workbench.domain.reading.calls import Calls
from workbench.domain.reading.keras_names import keras_names
from workbench.domain.reading.python.building import builds
from workbench.domain.reading.python.network import Network
from workbench.domain.reading.python.notes import Notes, StopReading, Unread
from workbench.domain.reading.python.statements import Statements
from workbench.domain.reading.python.text import MOST_CHARACTERS, TextError, parse
from workbench.domain.reading.python.values import Arguments, Entry, LayerValue, ModelValue, Tensor, Unknown, sequence
from workbench.domain.training import TrainingSpec

_MOST_BARE = 5_000


@dataclass(frozen=True)
class Script:
    """What a text says. `calls` is None where it has no network; `unread` is what could not be read, by line."""

    calls: Calls | None
    unread: tuple[Unread, ...] = ()
    training: TrainingSpec = field(default_factory=TrainingSpec)

    @property
    def layers(self) -> int:
        """How many layers were read, inputs left out."""
        return sum(not call.is_input for call in self.calls.calls) if self.calls is not None else 0


def looks_like_python(text: str) -> bool:
    """Whether a text may have layers of Keras in it, told quickly."""
    return len(text) <= MOST_CHARACTERS and _layer_pattern().search(text) is not None


@cache
def _layer_pattern() -> re.Pattern[str]:
    names = {entry.name for entry in load_catalogue().of("layers")}
    names |= {name for name in keras_names().names.get("layers", {}) if name[:1].isupper()}
    return re.compile(rf"\b(?:Sequential|Convolution[123]D|CuDNN\w+|{'|'.join(sorted(names))})\(")


def read_python(text: str) -> Script:
    """The network that a text makes, its training, and what could not be read. Never raises, and never runs the text.

    Of several models it is the one that is trained last, else the one that was made last and is part of no other;
    without a model what layers were called on, else layers that stand one below another.
    """
    try:
        notes = Notes(parse(text))
    except TextError as error:
        return Script(None, (Unread(error.line, str(error)),))
    reader = Statements(notes)
    for statement in notes.parsed.statements:
        try:
            reader.run([statement])
        except StopReading as error:
            notes.note(statement.lineno, str(error))
            break
    try:
        return _script(reader)
    except StopReading as error:
        notes.note(1, str(error))
    except RecursionError:
        notes.note(1, "The network is nested too deeply to be read.")
    return Script(None, notes.unread)


def _script(reader: Statements) -> Script:
    notes, network = reader.notes, Network()
    if not notes.models and not notes.tensors and not _bare(reader):
        _read_functions(reader)
    model = _chosen(notes)
    if model is not None:
        calls = network.of_model(model)
        _note_others(model, notes, network)
    elif notes.tensors:
        model = _loose(notes.tensors)
        calls = network.of_model(model)
    else:
        calls = network.of_layers(_bare(reader))
    if not any(not call.is_input for call in calls.calls):
        _note_classes(reader)
        return Script(None, notes.unread)
    fields = dict(model.training) if model is not None else {}
    if reader.seed is not None and 0 <= reader.seed < 2**31:
        fields["seed"] = reader.seed
    return Script(calls, notes.unread, TrainingSpec(**fields))


def _read_functions(reader: Statements) -> None:
    """Read functions that nothing calls: people paste those that make a model."""
    for function in reader.functions:
        if not function.called and builds(function.node.body, function.scopes):  # type: ignore[arg-type]
            made = reader.inline(function, Arguments((), {}, function.name, function.node.lineno))
            reader.bare.append(made)


def _note_classes(reader: Statements) -> None:
    """Say of models that are classes why there is nothing of them."""
    for own in reader.classes:
        if own.base == "Model":
            reader.notes.note(own.line, f"{own.name} is a class whose own code calls its layers; this cannot be read.")


def _chosen(notes: Notes) -> ModelValue | None:
    """The model that is meant."""
    full = [model for model in notes.models if model.items is None or model.items]
    trained = [model for model in full if model.training]
    whole = [model for model in full if not model.used]
    return next(iter(reversed(trained or whole or full)), None)


def _note_others(chosen: ModelValue, notes: Notes, network: Network) -> None:
    """Note models that have layers which the chosen one does not have."""
    for model in notes.models:
        if model is chosen or model.used:
            continue
        other = Network()
        try:
            other.of_model(model)
        except StopReading:
            continue
        if not other.layers <= network.layers:
            named = f"The model “{model.name}”" if model.name else "This model"
            notes.note(model.line, f"{named} is not part of the one that was read, so it was left out.")


def _loose(tensors: list[Tensor]) -> ModelValue:
    """What was called without a model around it: all that nothing else takes is an output."""
    taken = {each for tensor in tensors for each in tensor.made.taken}
    ends = [tensor for tensor in tensors if tensor not in taken and not isinstance(tensor.made.callee, Entry)]
    starts = tuple(tensor for tensor in tensors if isinstance(tensor.made.callee, Entry))
    return ModelValue(0, inputs=starts, outputs=tuple(ends))


def _bare(reader: Statements) -> list[LayerValue | ModelValue]:
    """Layers that stand by themselves, or in lists."""
    found: list[LayerValue | ModelValue] = []
    for value in reader.bare:
        for item in sequence(value) or (value,):
            if isinstance(item, LayerValue | ModelValue):
                found.append(item)
            elif isinstance(item, Unknown) and item.reason:
                reader.notes.left_out(item)
    return found[:_MOST_BARE]
