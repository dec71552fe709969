"""The wheel over a form: it scrolls the form, and changes only the number that the person is in."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.dataset import DatasetInfo
from workbench.ui.context import Context
from workbench.ui.forms.base import ComboBox
from workbench.ui.pages.data.page import DataPage
from workbench.ui.widgets.spin import fitted
from workbench.ui.widgets.wheel import steady


def turn_wheel(widget: QWidget) -> bool:
    """Turn it over the widget; False where the widget leaves it to what lies around it."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


@pytest.mark.parametrize(
    "make", [ComboBox, lambda: steady(QComboBox()), lambda: fitted(QSpinBox())], ids=["form", "plain", "number"]
)
def test_that_a_field_is_scrolled_past_until_the_person_is_in_it(
    make: Callable[[], QComboBox | QSpinBox], qtbot: QtBot
) -> None:
    field = make()
    if isinstance(field, QComboBox):
        field.addItems(["first", "second", "third"])
        field.setCurrentIndex(1)
    else:
        field.setRange(0, 10)
        field.setValue(5)

    def shown() -> object:
        return field.currentIndex() if isinstance(field, QComboBox) else field.value()

    form = QWidget()
    column = QVBoxLayout(form)
    first = QPushButton("First")
    column.addWidget(first)
    column.addWidget(field)
    qtbot.addWidget(form)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    before = shown()
    assert not turn_wheel(field)
    assert shown() == before
    assert not field.hasFocus()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    is_choice = isinstance(field, QComboBox)
    assert turn_wheel(field) != is_choice
    assert (shown() == before) == is_choice


@pytest.fixture
def info() -> DatasetInfo:
    return DIGITS


def test_that_the_wheel_changes_no_preparation_in_passing(context: Context, qtbot: QtBot) -> None:
    page = DataPage(context)
    qtbot.addWidget(page)
    page.resize(1280, 740)
    page.show()
    qtbot.waitExposed(page)
    before = context.document.project.data
    fields = [*page.findChildren(QComboBox), *page.findChildren(QAbstractSpinBox)]
    assert len(fields) > 6
    for field in fields:
        turn_wheel(field)
    assert context.document.project.data == before
    page.close()
