"""The split on the Data page: its ways, folds, what they make, and undo."""

from collections.abc import Iterator

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import DatasetInfo, DatasetSpec, FoldInfo, SeriesInfo, SourceSpec, Split
from workbench.domain.edits import set_data
from workbench.domain.project import Project
from workbench.protocol.commands import LoadData
from workbench.ui.context import Context
from workbench.ui.pages.data import split as split_form
from workbench.ui.pages.data.split import SplitForm

KEYS = ("pulse", "patient_id", "date", "part")
OWN = msgspec.structs.replace(
    IRIS, split_keys=KEYS, class_counts={"train": (50, 40, 16), "validation": (8, 8, 6), "test": (8, 8, 6)}
)
FOLDS = msgspec.structs.replace(
    OWN, folds=tuple(FoldInfo(86, 42 - place, (30, 30, 26), (14, 14, 14 - place)) for place in range(3))
)
SERIES = msgspec.structs.replace(
    DIGITS,
    form="series",
    task="regression",
    classes=(),
    class_counts={},
    split_keys=("station",),
    series=SeriesInfo(1, "1 step", "1 hour", ("temp",)),
)


@pytest.fixture
def project() -> Project:
    return Project(data=DatasetSpec(SourceSpec("csv", {"path": "visits.csv"})))


@pytest.fixture
def form(context: Context, qtbot: QtBot) -> Iterator[SplitForm]:
    form = SplitForm(context)
    qtbot.addWidget(form)
    form.resize(290, 600)
    form.refresh()
    form.show()
    context.document.changed.connect(lambda _before, _after: form.refresh())
    yield form
    form.hide()


def split_of(context: Context) -> Split:
    return context.document.project.data.split


def choose(form: SplitForm, way: str) -> None:
    form.way.setCurrentIndex(form.way.findData(way))
    form.way.activated.emit(form.way.currentIndex())


def ways(form: SplitForm) -> list[str]:
    return [form.way.itemData(place) for place in range(form.way.count())]


def shown(form: SplitForm, *names: str) -> list[bool]:
    found: list[bool] = []
    for name in names:
        widget: QWidget = getattr(form, name)
        found.append(widget.isVisible())
    return found


@pytest.mark.parametrize("info", [OWN])
def test_that_a_table_can_be_split_in_every_way_and_undone(form: SplitForm, context: Context) -> None:
    assert ways(form) == ["fractions", "group", "column", "time", "files"]
    assert shown(form, "column", "validation", "test", "repeats", "fold") == [False, True, True, False, False]
    choose(form, "group")
    assert split_of(context) == Split(way="group", column="patient_id"), "the likely column is taken"
    assert shown(form, "column") == [True]
    choose(form, "column")
    assert split_of(context).column == "part"
    choose(form, "time")
    assert split_of(context).column == "date"
    assert shown(form, "stratify") == [False]
    assert not form.seed.isEnabled()
    form.column.setCurrentIndex(form.column.findData("pulse"))
    form.column.activated.emit(0)
    assert split_of(context) == Split(way="time", column="pulse")
    for _ in range(4):
        context.document.undo_stack.undo()
    assert split_of(context) == Split()
    assert form.way.currentData() == "fractions"


@pytest.mark.parametrize("info", [OWN])
def test_that_files_are_chosen_and_left_out(form: SplitForm, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(parent: QWidget, entry: object, start: str, chosen: object) -> None:
        asked.append(start)
        chosen("/data/test.csv")  # type: ignore[operator]

    monkeypatch.setattr(split_form, "ask_path", ask)
    choose(form, "files")
    form.files["test_file"].button.click()
    assert split_of(context) == Split(way="files", test_file="/data/test.csv")
    assert asked == [str(context.document.path)]
    assert form.files["test_file"].button.text() == "test.csv"
    assert shown(form, "validation", "test") == [True, False], "a part with a file needs no fraction"
    form.files["test_file"].clear.click()
    assert split_of(context).test_file is None


@pytest.mark.parametrize("info", [FOLDS])
def test_that_folds_are_chosen_and_one_of_them(form: SplitForm, context: Context, engine: FakeEngine) -> None:
    assert form.folds.text() == "None"
    form.folds.setValue(3)
    assert split_of(context).folds == 3
    assert shown(form, "validation", "test", "repeats", "fold") == [False, True, True, True]
    form.repeats.setValue(2)
    assert [form.fold.itemText(place) for place in (0, 1, 6)] == ["All folds in turn", "Only fold 1", "Only fold 6"]
    form.fold.setCurrentIndex(5)
    form.fold.activated.emit(5)
    assert split_of(context) == Split(folds=3, repeats=2, fold=5)
    form.folds.setValue(4)
    assert split_of(context).fold == 0, "another cut has other folds"
    form.folds.setValue(1)
    assert split_of(context).folds == 0


@pytest.mark.parametrize("info", [FOLDS])
def test_that_what_the_split_makes_is_shown(form: SplitForm, context: Context) -> None:
    text = form.parts.accessibleDescription().split("; ")
    assert text[0] == "Fold 1: 42 samples (28.0%) validate what 86 train: setosa 14, versicolor 14, virginica 14"
    assert text[3].startswith("Test: 22 samples")
    assert form.parts.toolTip().count("\n") == 3
    context.data.info = OWN
    form.refresh()
    assert form.parts.accessibleDescription().startswith("Training: 106 samples (70.7%): setosa 50")
    assert form.parts.sizeHint().height() == 60


@pytest.mark.parametrize("info", [msgspec.structs.replace(OWN, folds=(FoldInfo(5, 5),) * 90)])
def test_that_very_many_folds_are_cut_short_but_not_the_test_part(form: SplitForm) -> None:
    lines = form.parts.toolTip().splitlines()
    assert lines[-1].startswith("Test")
    assert len(lines) == 20
    assert form.parts.sizeHint().height() == 21 * 20
    form.grab()


@pytest.mark.parametrize("info", [SERIES])
@pytest.mark.parametrize("project", [Project(data=DatasetSpec(SourceSpec("weather")))])
def test_that_a_series_is_split_in_time_or_by_station(form: SplitForm, context: Context, info: DatasetInfo) -> None:
    assert ways(form) == ["fractions", "group"]
    assert form.way.currentText() == "In the order of time"
    form.folds.setValue(4)
    assert shown(form, "repeats", "stratify") == [False, False], "time can be cut in one way only"
    assert "on all before it" in form.hint.text()
    choose(form, "group")
    assert split_of(context).column == "station"
    assert form.seed.isEnabled()


@pytest.mark.parametrize("project", [Project(data=DatasetSpec(SourceSpec("digits")))])
def test_that_pictures_have_fractions_and_folds_only(form: SplitForm) -> None:
    assert shown(form, "way", "column", "validation", "folds") == [False, False, True, True]


@pytest.mark.parametrize("info", [OWN])
def test_that_a_way_that_does_not_suit_the_data_is_shown_and_can_be_left(
    form: SplitForm, context: Context, engine: FakeEngine
) -> None:
    data = DatasetSpec(SourceSpec("digits"), split=Split(way="group", column="nobody"))
    context.data.info = DIGITS
    context.document.apply("Use", set_data(data))
    assert form.way.currentText() == "Whole groups"
    assert form.column.currentText() == "nobody"
    choose(form, "fractions")
    assert engine.last(LoadData).spec.split.way == "fractions"
