"""Kind of parameter → editor: the one place that knows all of them."""

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.ui.forms.base import Editor
from workbench.ui.forms.choices import ChoiceEditor, MaybeEditor, SwitchEditor
from workbench.ui.forms.numbers import AxesEditor, NumberEditor
from workbench.ui.forms.objects import ObjectEditor, ObjectsEditor
from workbench.ui.forms.schedules import ScheduleEditor
from workbench.ui.forms.table import EDITORS
from workbench.ui.forms.texts import AnyEditor, LineEditor, SequenceEditor, WordsEditor
from workbench.ui.theme import Theme


def _yes_or_no(entry: ParamEntry, _catalogue: Catalogue, _theme: Theme) -> Editor:
    return MaybeEditor(entry) if entry.optional else SwitchEditor(entry)


def _whole_numbers(entry: ParamEntry, _catalogue: Catalogue, _theme: Theme) -> Editor:
    return AxesEditor(entry) if entry.dimensions else SequenceEditor(entry)


def _object(entry: ParamEntry, catalogue: Catalogue, theme: Theme) -> Editor:
    if entry.category is None:
        raise ValueError(f"The parameter {entry.name} needs a category.")
    chosen = entry.choices
    accepts = (lambda each: each.name in chosen) if chosen else None
    return ObjectEditor(catalogue, theme, entry.category, entry.optional, accepts)


def _objects(entry: ParamEntry, catalogue: Catalogue, theme: Theme) -> Editor:
    if entry.category is None:
        raise ValueError(f"The parameter {entry.name} needs a category.")
    return ObjectsEditor(catalogue, theme, entry.category, entry.optional)


def fill_table() -> None:
    """Say for every kind which editor edits it."""
    EDITORS.update(
        {
            "bool": _yes_or_no,
            "int": lambda entry, *_: NumberEditor(entry),
            "float": lambda entry, *_: NumberEditor(entry),
            "text": lambda entry, *_: LineEditor(entry),
            "choice": lambda entry, *_: ChoiceEditor(entry),
            "ints": _whole_numbers,
            "floats": lambda entry, *_: SequenceEditor(entry),
            "shape": lambda entry, *_: SequenceEditor(entry),
            "texts": lambda entry, *_: WordsEditor(entry),
            "object": _object,
            "objects": _objects,
            "float_or_schedule": lambda entry, catalogue, theme: ScheduleEditor(entry, catalogue, theme),
            "value": lambda entry, *_: AnyEditor(entry),
        }
    )
