"""Widgets side by side go into another row where they have no room."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.widgets.flow import FlowLayout


def test_that_what_has_no_room_goes_into_another_row(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    layout = FlowLayout(area, spacing=10)
    widgets = [QWidget() for _ in range(4)]
    for widget in widgets:
        widget.setFixedSize(100, 30)
        layout.addWidget(widget)
    area.resize(340, 200)
    area.show()
    assert [(widget.x(), widget.y()) for widget in widgets] == [(0, 0), (110, 0), (220, 0), (0, 40)]
    assert (layout.heightForWidth(340), layout.heightForWidth(430), layout.heightForWidth(50)) == (70, 30, 150)
    assert layout.sizeHint().width() == 430
    assert layout.minimumSize().width() == 100
    widgets[1].hide()
    layout.activate()
    assert [(widget.x(), widget.y()) for widget in (widgets[2], widgets[3])] == [(110, 0), (220, 0)]
    taken = layout.takeAt(0)
    assert taken is not None
    assert taken.widget() is widgets[0]
    assert (layout.count(), layout.itemAt(9), layout.takeAt(-1)) == (3, None, None)
