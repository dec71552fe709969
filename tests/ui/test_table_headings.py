"""Headings of tables stand exactly over their cells."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTreeView
from pytestqt.qtbot import QtBot

from workbench.ui.theme import Theme

WORDS = "HHH"
BEARING = 1  # the same letter stands a little farther in where it is larger


def ink(image: QImage) -> tuple[int, int]:
    """The first and the last column of pixels that differ from the ground."""
    ground = image.pixel(image.width() // 2, 1)
    columns = [x for x in range(image.width()) for y in range(1, image.height() - 3) if image.pixel(x, y) != ground]
    return min(columns), max(columns)


@pytest.mark.usefixtures("theme")
@pytest.mark.parametrize("kind", [QTableView, QTreeView])
@pytest.mark.parametrize("side", [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight])
def test_that_a_heading_begins_or_ends_where_its_cells_do(
    theme: Theme, qtbot: QtBot, kind: type[QTableView | QTreeView], side: Qt.AlignmentFlag
) -> None:
    model = QStandardItemModel(1, 1)
    model.setHorizontalHeaderLabels([WORDS])
    item = QStandardItem(WORDS)
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    model.setItem(0, 0, item)
    model.horizontalHeaderItem(0).setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    view = kind()
    qtbot.addWidget(view)
    header = prepared(view, model)
    view.resize(200, 120)
    view.show()
    header.resizeSection(0, 150)
    qtbot.wait(1)
    head = ink(header.viewport().grab(QRect(0, 0, 150, header.height())).toImage())
    cell = ink(view.viewport().grab(QRect(0, 0, 150, view.visualRect(model.index(0, 0)).height())).toImage())
    edge = 0 if side == Qt.AlignmentFlag.AlignLeft else 1
    assert abs(head[edge] - cell[edge]) <= BEARING, f"heading at {head[edge]}, cell at {cell[edge]}"


def prepared(view: QAbstractItemView, model: QStandardItemModel) -> QHeaderView:
    view.setModel(model)
    if isinstance(view, QTreeView):
        view.setRootIsDecorated(False)
        view.setProperty("role", "table")
        view.header().setStretchLastSection(False)
        return view.header()
    assert isinstance(view, QTableView)
    view.setShowGrid(False)
    view.verticalHeader().hide()
    return view.horizontalHeader()
