"""Leads inputs through the steps of preparation, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.dataset import Form, Part, StageInfo, StepSpec
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import complete
from workbench.engine.data.raw import AnyArray, RawData
from workbench.engine.data.step import FittedStep
from workbench.engine.data.steps import step
from workbench.engine.data.tokens import Tokenizer

_MOST_NAMES = 1_000


@dataclass(frozen=True)
class Pipeline:
    """The fitted steps; call it with inputs (n, …). `stages` are what goes into each, and last what comes out."""

    steps: tuple[FittedStep, ...] = ()
    stages: tuple[StageInfo, ...] = ()

    def __call__(self, x: AnyArray) -> AnyArray:
        """What the steps make of inputs of any part, or of new samples."""
        for each in self.steps:
            x = each.apply(x)
        return x

    def names(self, before: tuple[str, ...]) -> tuple[str, ...]:
        """What the inputs are called behind the steps."""
        return self.steps[-1].names if self.steps else before

    @property
    def tokenizer(self) -> Tokenizer | None:
        """What turns texts into numbers, where one of the steps does."""
        return next((each.tokenizer for each in self.steps if each.tokenizer is not None), None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the steps have to say."""
        return tuple(note for each in self.steps for note in each.notes)

    @property
    def script(self) -> str:
        """Python source that does the same."""
        return "\n\n\n".join(each.script for each in self.steps)


def steps_of(wanted: tuple[StepSpec, ...], raw: RawData) -> tuple[StepSpec, ...]:
    """The steps that a project asks for; texts that none of them turns into numbers are led through the usual one
    first."""
    if raw.form != "text" or any(spec.kind == raw.tokenize.kind for spec in wanted):
        return wanted
    return (raw.tokenize, *wanted)


def fit_steps(
    specs: Sequence[StepSpec], form: Form, x: dict[Part, AnyArray], names: tuple[str, ...]
) -> tuple[Pipeline, dict[Part, AnyArray]]:
    """Fit each step on the training part as the steps before it left it; gives the steps and all parts behind them.
    Raises DataError on a step that is unknown or does not suit the data."""
    fitted: list[FittedStep] = []
    stages = [_stage(x["train"], names)] if specs else []
    for spec in specs:
        plug_in = step(spec.kind)
        if form not in plug_in.ENTRY.forms:
            raise DataError(f"The step “{plug_in.ENTRY.title}” is not for data of this kind. Remove it.")
        made = plug_in.fit(complete(plug_in.ENTRY, spec.params), x["train"], names)
        names = made.names
        x = {part: made.apply(array) for part, array in x.items()}
        fitted.append(made)
        stages.append(_stage(x["train"], names))
    return Pipeline(tuple(fitted), tuple(stages)), x


def _stage(x: AnyArray, names: tuple[str, ...]) -> StageInfo:
    low, high = (float(x.min()), float(x.max())) if x.dtype.kind in "biuf" and x.size else (None, None)
    shown = names if len(names) <= _MOST_NAMES else ()
    return StageInfo(x.shape[1:], "text" if x.dtype.kind in "OU" else x.dtype.name, low, high, shown)
