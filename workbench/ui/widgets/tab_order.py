"""The order in which Tab goes through a panel whose widgets come and go: as a person reads it."""

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

SAME_ROW = 14


def order_tabs(root: QWidget) -> None:
    """Let Tab go row by row through what stands in `root`, from left to right within a row."""
    stops = [
        widget
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None and widget.isVisibleTo(root)
    ]
    places = {widget: widget.mapTo(root, QPoint(0, widget.height() // 2)) for widget in stops}
    stops.sort(key=lambda widget: places[widget].y())
    rows: list[list[QWidget]] = []
    for widget in stops:
        if rows and places[widget].y() - places[rows[-1][0]].y() <= SAME_ROW:
            rows[-1].append(widget)
        else:
            rows.append([widget])
    in_order = [widget for row in rows for widget in sorted(row, key=lambda each: places[each].x())]
    # Editors hand the focus on to a field of theirs, so the chain must begin right at the root, before any of them; Qt
    # leaves out what takes no focus.
    policy = root.focusPolicy()
    root.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    for before, after in pairwise((root, *in_order)):
        QWidget.setTabOrder(before, after)
    root.setFocusPolicy(policy)
