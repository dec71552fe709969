"""Forms generated from the catalogue."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.forms import ObjectEditor, ParameterForm
from workbench.ui.forms.choices import ChoiceEditor, MaybeEditor, SwitchEditor
from workbench.ui.forms.numbers import AxesEditor, NumberEditor
from workbench.ui.forms.objects import ObjectsEditor
from workbench.ui.forms.schedules import ScheduleEditor
from workbench.ui.forms.values import (
    format_json,
    format_number,
    format_several,
    label_of,
    parse_json,
    parse_number,
    parse_several,
    same,
)
from workbench.ui.theme import Theme


@pytest.fixture
def form(qtbot: QtBot, catalogue: Catalogue, theme: Theme) -> ParameterForm:
    form = ParameterForm(catalogue, theme)
    qtbot.addWidget(form)
    form.resize(300, 600)
    form.show()
    return form


def show_class(form: ParameterForm, catalogue: Catalogue, category: Any, name: str, **values: Value) -> list[Any]:
    """Show a class, and keep what the form says of changes; the owner's part (showing the result) is played too."""
    told: list[Any] = []
    entry = catalogue.entry(category, name)
    current = dict(values)

    def changed(param: str, value: Value) -> None:
        told.append((param, value))
        current[param] = value
        form.show_values(current)

    form.value_changed.connect(changed)
    form.show_entries(entry.params, current)
    return told


def type_in(field: QWidget, text: str) -> None:
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def test_that_every_class_of_the_catalogue_has_a_form(form: ParameterForm, catalogue: Catalogue) -> None:
    for entry in catalogue.classes:
        form.show_entries(entry.params, {})
        for param in entry.params:
            row = form.row(param.name)
            assert row.label.text()
            assert row.editor.faces()[0].accessibleName() == row.label.text()
            assert row.reset_button.isHidden(), f"{entry.name}.{param.name} looks changed"
            assert same(row.editor.value(), param.default), f"{entry.name}.{param.name}"
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_typing_changes_the_value_with_each_key(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "Dense", units=8)
    type_in(form.row("units").editor.faces()[0], "128")
    assert told[-3:] == [("units", 1), ("units", 12), ("units", 128)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0", "It must be at least 1."),
        ("2.5", "Type a whole number."),
        ("many", "Type a whole number."),
        ("99999999999999999999", "This number is too large."),
    ],
)
def test_that_what_cannot_be_is_marked_with_a_sentence(
    form: ParameterForm, catalogue: Catalogue, text: str, sentence: str
) -> None:
    told = show_class(form, catalogue, "layers", "Dense", units=8)
    row = form.row("units")
    field = row.editor.faces()[0]
    field.setText(text)  # type: ignore[attr-defined]
    field.textEdited.emit(text)  # type: ignore[attr-defined]
    assert told == []
    assert row.problem.text() == sentence
    assert not row.problem.isHidden()
    assert field.property("invalid") is True
    type_in(field, "16")
    assert told[-1] == ("units", 16)
    assert row.problem.isHidden()


@pytest.mark.parametrize(("name", "param", "text"), [("Dropout", "rate", "5"), ("Dense", "units", "0")])
def test_that_what_is_wrong_stands_on_a_line_of_its_own(
    form: ParameterForm, catalogue: Catalogue, qtbot: QtBot, name: str, param: str, text: str
) -> None:
    show_class(form, catalogue, "layers", name)
    type_in(form.row(param).editor.faces()[0], text)
    qtbot.wait(1)
    assert form.sheet is not None
    problem = form.row(param).problem
    assert problem.isVisible()
    parent = problem.parentWidget()
    for row in form.sheet.rows.values():
        for widget in (row.label, row.editor):
            place = QRect(widget.mapTo(parent, QPoint()), widget.size())
            assert not place.intersects(problem.geometry()), row.entry.name


def test_that_arrow_keys_step_and_keep_to_the_bounds(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "Dense", units=2)
    field = form.row("units").editor.faces()[0]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_PageUp):
        QTest.keyClick(field, key)
    assert [value for _, value in told] == [3, 2, 1, 2]


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (0.001, Qt.Key.Key_Up, 0.002),
        (0.001, Qt.Key.Key_Down, 0.0009),
        (0.5, Qt.Key.Key_Down, 0.4),
        (0.9, Qt.Key.Key_Up, 1),
    ],
)
def test_that_decimal_numbers_step_by_their_own_size(
    qtbot: QtBot, theme: Theme, start: float, key: Qt.Key, end: float
) -> None:
    editor = NumberEditor(ParamEntry("rate", "float", default=0.1, low=0.0))
    qtbot.addWidget(editor)
    editor.set_value(start)
    QTest.keyClick(editor.field, key)
    assert editor.value() == pytest.approx(end)


def test_that_defaults_look_like_defaults_and_changes_can_be_taken_back(
    form: ParameterForm, catalogue: Catalogue, qtbot: QtBot
) -> None:
    show_class(form, catalogue, "layers", "Conv2D", filters=8, kernel_size=3, padding="same")
    assert not form.row("padding").reset_button.isHidden()
    assert form.row("strides").reset_button.isHidden()
    assert form.row("strides").editor.faces()[0].property("default") is True
    assert "valid" in form.row("padding").reset_button.toolTip()
    with qtbot.waitSignal(form.value_reset) as asked:
        form.row("padding").reset_button.click()
    assert asked.args == ["padding"]


def test_that_a_pair_is_one_number_for_each_axis(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "Conv2D", filters=8, kernel_size=3)
    editor = form.row("kernel_size").editor
    assert isinstance(editor, AxesEditor)
    type_in(editor.fields[1], "5")
    assert told[-1] == ("kernel_size", (3, 5))
    type_in(editor.fields[0], "5")
    assert told[-1] == ("kernel_size", 5)


def test_that_an_empty_pair_is_none_and_the_first_key_fills_it(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "MaxPooling2D")
    editor = form.row("strides").editor
    assert isinstance(editor, AxesEditor)
    assert [field.placeholderText() for field in editor.fields] == ["none", "none"]
    QTest.keyClicks(editor.fields[0], "2")
    assert told == [("strides", 2)]
    assert editor.fields[1].text() == "2"


def test_that_pairs_of_pairs_are_edited_as_text(qtbot: QtBot, theme: Theme) -> None:
    editor = AxesEditor(ParamEntry("padding", "ints", default=1, low=0, dimensions=2))
    qtbot.addWidget(editor)
    editor.set_value(((1, 2), (3, 4)))
    assert editor.text.isVisibleTo(editor)
    type_in(editor.text.field, "(0, 1), (2, 3)")
    assert editor.value() == ((0, 1), (2, 3))


def test_that_none_is_a_choice(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "Conv2D", filters=8, kernel_size=3, activation="relu")
    editor = form.row("activation").editor
    assert isinstance(editor, ObjectEditor)
    assert editor.box.itemText(0) == "none"
    editor.box.setCurrentIndex(0)
    editor.box.activated.emit(0)
    assert told == [("activation", None)]


def test_that_objects_are_chosen_with_their_parameters(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "Dense", units=8)
    editor = form.row("kernel_regularizer").editor
    assert isinstance(editor, ObjectEditor)
    index = editor.box.findData("L2")
    editor.box.setCurrentIndex(index)
    editor.box.activated.emit(index)
    assert told == [("kernel_regularizer", "L2")]
    inner = editor.details.form
    assert not editor.details.isHidden()
    assert inner is not None
    type_in(inner.row("l2").editor.faces()[0], "0.5")
    assert told[-1] == ("kernel_regularizer", ObjectSpec("L2", {"l2": 0.5}))
    inner.row("l2").reset_button.click()
    assert told[-1] == ("kernel_regularizer", "L2")


def test_that_a_learning_rate_can_become_a_schedule_and_a_number_again(
    form: ParameterForm, catalogue: Catalogue
) -> None:
    told = show_class(form, catalogue, "optimizers", "Adam", learning_rate=0.01)
    editor = form.row("learning_rate").editor
    assert isinstance(editor, ScheduleEditor)
    editor.kind.setCurrentIndex(1)
    editor.kind.activated.emit(1)
    schedule = told[-1][1]
    assert isinstance(schedule, ObjectSpec)
    assert schedule.params, "what Keras wants to be told is given"
    editor.kind.setCurrentIndex(0)
    editor.kind.activated.emit(0)
    assert told[-1] == ("learning_rate", 0.01)


def test_that_several_objects_are_added_and_removed(qtbot: QtBot, catalogue: Catalogue, theme: Theme) -> None:
    editor = ObjectsEditor(catalogue, theme, "metrics")
    qtbot.addWidget(editor)
    told: list[Any] = []
    editor.edited.connect(told.append)
    index = editor.adder.findText("Precision")
    editor.adder.activated.emit(index)
    editor.adder.activated.emit(editor.adder.findText("Recall"))
    assert [spec.class_name for spec in told[-1]] == ["Precision", "Recall"]
    editor._replace(0, None)
    assert [spec.class_name for spec in told[-1]] == ["Recall"]


def test_that_advanced_parameters_wait_in_a_section_that_counts_its_changes(
    form: ParameterForm, catalogue: Catalogue
) -> None:
    show_class(form, catalogue, "layers", "Dense", units=8, bias_initializer="Ones")
    assert form.sheet is not None
    assert "bias_initializer" not in form.sheet.rows
    assert form.sheet.more.text() == "More · 1 changed"
    form.sheet.more.click()
    assert not form.row("bias_initializer").editor.isHidden()
    assert not form.row("bias_initializer").reset_button.isHidden()


def test_that_values_that_differ_are_shown_as_various(form: ParameterForm, catalogue: Catalogue) -> None:
    entry = catalogue.entry("layers", "Conv2D")
    names = ("filters", "kernel_size", "padding", "use_bias", "activation")
    form.show_entries(entry.params, {"filters": 3, "kernel_size": 3}, mixed=names)
    assert form.row("filters").editor.faces()[0].text() == ""  # type: ignore[attr-defined]
    assert form.row("filters").editor.faces()[0].placeholderText() == "various"  # type: ignore[attr-defined]
    assert form.row("padding").editor.faces()[0].currentIndex() == -1  # type: ignore[attr-defined]
    assert form.row("use_bias").editor.faces()[0].checkState() == Qt.CheckState.PartiallyChecked  # type: ignore[attr-defined]
    form.show_entries(entry.params, {"filters": 3, "kernel_size": 3})
    assert form.row("filters").editor.faces()[0].text() == "3"  # type: ignore[attr-defined]
    assert form.row("use_bias").editor.faces()[0].isChecked()  # type: ignore[attr-defined]


def test_that_showing_values_never_tells_of_changes(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "LSTM", units=8)
    for values in ({"units": 9, "dropout": 0.5, "activation": "relu"}, {}, {"return_sequences": True}):
        form.show_values(values)
    assert told == []


def test_that_what_is_being_typed_is_not_rewritten(form: ParameterForm, catalogue: Catalogue) -> None:
    told = show_class(form, catalogue, "layers", "Dropout", rate=0.5)
    field = form.row("rate").editor.faces()[0]
    type_in(field, "0.10")
    assert told[-1] == ("rate", 0.1)
    assert field.text() == "0.10"  # type: ignore[attr-defined]


def test_that_values_from_newer_files_stay_as_they_are(qtbot: QtBot, catalogue: Catalogue, theme: Theme) -> None:
    choice = ChoiceEditor(ParamEntry("padding", "choice", default="valid", choices=("valid", "same")))
    editor = ObjectEditor(catalogue, theme, "initializers")
    for widget in (choice, editor):
        qtbot.addWidget(widget)
    choice.set_value("wrapped")
    assert (choice.value(), choice.box.currentText()) == ("wrapped", "wrapped")
    editor.set_value(ObjectSpec("FromTheFuture", {"x": 1}))
    assert editor.value() == ObjectSpec("FromTheFuture", {"x": 1})
    assert editor.box.currentText() == "FromTheFuture"


def test_that_yes_no_and_none_are_told_apart(qtbot: QtBot, theme: Theme) -> None:
    editor = MaybeEditor(ParamEntry("flash", "bool", default=None, optional=True))
    switch = SwitchEditor(ParamEntry("use_bias", "bool", default=True))
    for widget in (editor, switch):
        qtbot.addWidget(widget)
    for value, text in ((None, "none"), (True, "yes"), (False, "no")):
        editor.set_value(value)
        assert editor.box.currentText() == text
        assert editor.value() is value


@given(st.integers(-(2**53), 2**53))
def test_that_whole_numbers_read_back(number: int) -> None:
    assert parse_number(format_number(number), whole=True) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_that_decimal_numbers_read_back(number: float) -> None:
    assert parse_number(format_number(number), whole=False) == number


_ints = st.integers(-1000, 1000)


@given(st.one_of(_ints, st.lists(_ints, min_size=2, max_size=5).map(tuple)))
def test_that_lists_of_numbers_read_back(value: Value) -> None:
    assert parse_several(format_several(value), ParamEntry("x", "ints")) == value


@given(st.lists(st.one_of(_ints, st.none()), min_size=1, max_size=5).map(tuple))
def test_that_shapes_read_back(value: Value) -> None:
    assert parse_several(format_several(value), ParamEntry("x", "shape")) == value


@given(st.text(max_size=80), st.sampled_from(["ints", "floats", "shape"]), st.booleans())
def test_that_any_text_is_a_value_or_a_sentence(text: str, kind: Any, optional: bool) -> None:
    entry = ParamEntry("x", kind, optional=optional)
    for parse in (parse_several, parse_json):
        sentence = "."
        try:
            parse(text, entry)
        except ValueError as error:
            sentence = str(error)
        assert sentence.endswith(".")


@given(st.one_of(st.none(), st.booleans(), _ints, st.lists(_ints, min_size=1, max_size=4).map(tuple)))
def test_that_any_value_reads_back_as_json(value: Value) -> None:
    assert parse_json(format_json(value), ParamEntry("x", "value", optional=True)) == value


def test_that_labels_read_as_words() -> None:
    assert label_of("kernel_size") == "Kernel size"
    assert label_of("l2") == "L2"


def test_that_true_is_not_one_but_a_name_is_an_object_without_parameters() -> None:
    assert not same(True, 1)
    assert same("relu", ObjectSpec("relu"))
    assert not same("relu", ObjectSpec("relu", {"max_value": 6.0}))
