"""The problems of the project: what, why, where, and the ways out by one click, each with what it changes."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import ModelTree, walk
from workbench.domain.tree_tools import parents
from workbench.ui.context import Context
from workbench.ui.pages.model.row_painter import PROBLEM_ICONS
from workbench.ui.pages.model.rows import title_and_detail
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.tool_tip import tool_tip

ICON = 18
ROW_HEIGHT = 30
LEAST_BUTTON = 80
MOST_ROWS = 100  # a thousand rows would take Qt many seconds to lay out


class ProblemList(QWidget):
    """`problem_chosen(problem)` asks for its place to be shown; `repair_wanted(repair)` for a repair to be done."""

    problem_chosen = Signal(object)
    repair_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: tuple[tuple[object, ...], ...] | None = None
        self.rows: list[ProblemRow] = []
        self._inside = QWidget()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 4, 6, 4)
        self._list.setSpacing(2)
        self._list.addStretch(1)
        self._fine = label(role="muted", wrap=True)
        self._fine.setContentsMargins(4, 10, 4, 0)
        self._fine.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.more = label(role="muted", wrap=True)
        self.more.setContentsMargins(6, 8, 4, 4)
        self._list.insertWidget(0, self.more)
        layout.addWidget(self._fine)
        layout.addWidget(area, 1)
        self._area = area

    def show_problems(self, problems: tuple[Problem, ...], fine: str) -> None:
        """Show problems, or the sentence `fine` when there are none. The same ones keep their rows."""
        tree = self._context.document.project.model
        left_out = len(problems) - MOST_ROWS
        problems = problems[:MOST_ROWS]
        shown = tuple(self._key(problem, tree) for problem in problems)
        self.more.setText(self.tr("And {0} more, which come up once some of these are solved.").format(left_out))
        self.more.setVisible(left_out > 0)
        self._fine.setText(fine)
        self._fine.setVisible(not problems)
        self._area.setVisible(bool(problems))
        if shown == self._shown:
            for row, problem in zip(self.rows, problems, strict=True):
                row.problem = problem
            return
        self._shown = shown
        self._rebuild(problems, tree)

    def _key(self, problem: Problem, tree: ModelTree) -> tuple[object, ...]:
        repairs = tuple((repair.title, repair.preview) for repair in problem.repairs)
        return (problem.severity, problem.message, problem.detail, place_text(tree, problem, self._context), repairs)

    def _rebuild(self, problems: tuple[Problem, ...], tree: ModelTree) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for problem in problems:
            row = ProblemRow(problem, place_text(tree, problem, self._context), self._context.theme)
            row.chosen.connect(self.problem_chosen)
            row.repair_wanted.connect(self.repair_wanted)
            self._list.insertWidget(len(self.rows), row)
            self.rows.append(row)
        self._area.verticalScrollBar().setValue(0)  # the first matters most, wherever the last ones were read


class ProblemRow(QFrame):
    """One problem. A click or Enter on it shows its place."""

    chosen = Signal(object)
    repair_wanted = Signal(object)

    def __init__(self, problem: Problem, place: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(problem.message)
        self.setAccessibleDescription(problem.detail)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = QLabel()
        self.buttons: list[QPushButton] = []
        self.previews: list[QLabel] = []
        self._repairs: list[QBoxLayout] = []
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(problem.message, wrap=True))
        about = "   ".join(part for part in (problem.detail, place) if part)
        if about:
            words.addWidget(label(about, role="small", wrap=True))
        for number, repair in enumerate(problem.repairs):
            words.addLayout(self._repair(number, repair))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 7, 6, 7)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        theme.changed.connect(self._refresh)
        self._refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.problem)
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.problem)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What a repair changes stands beside its button, or below one that takes more than half of the row."""
        super().resizeEvent(event)
        for row, button, preview in zip(self._repairs, self.buttons, self.previews, strict=True):
            button.ensurePolished()
            is_long = button.sizeHint().width() > self.width() // 2
            row.setDirection(QBoxLayout.Direction.TopToBottom if is_long else QBoxLayout.Direction.LeftToRight)
            row.setSpacing(2 if is_long else 10)
            preview.setMinimumHeight(0 if is_long else ROW_HEIGHT)

    def _repair(self, number: int, repair: Repair) -> QBoxLayout:
        """The button of a repair, and what it changes."""
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.addWidget(self._button(number, repair), 0, Qt.AlignmentFlag.AlignTop)
        preview = label(self.tr("Changes: {0}").format(repair.preview), role="small", wrap=True)
        row.addWidget(preview, 1)
        self._repairs.append(row)
        self.previews.append(preview)
        return row

    def _button(self, number: int, repair: Repair) -> QPushButton:
        button = _RepairButton(repair.title)
        if number == 0:
            button.setProperty("role", "soft")
        button.setToolTip(tool_tip(repair.preview, repair.title))
        button.setAccessibleDescription(repair.preview)
        button.clicked.connect(lambda: self.repair_wanted.emit(self.problem.repairs[number]))
        self.buttons.append(button)
        return button

    def _refresh(self) -> None:
        tokens = self._theme.tokens
        color = tokens.bad if self.problem.severity == "error" else tokens.warning
        icon = self._theme.icon(PROBLEM_ICONS[self.problem.severity], color)
        self._icon.setPixmap(icon.pixmap(QSize(ICON, ICON), self.devicePixelRatioF()))
        self.setStyleSheet(
            f"ProblemRow {{ border: 1px solid transparent; border-radius: 6px; }}"
            f"ProblemRow:hover {{ background: {tokens.raised}; }}"
            f"ProblemRow:focus {{ border-color: {tokens.accent}; }}"
        )


class _RepairButton(QPushButton):
    """As wide as its words where there is room, else cut with an ellipsis: it never makes the list wider."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_BUTTON, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        option.text = self.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, room)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


def place_text(tree: ModelTree, problem: Problem, context: Context) -> str:
    """Where a problem is: "head › Dense"; empty for the project as a whole."""
    parent_of = parents(tree)
    if problem.node_id not in parent_of:
        return ""
    by_id = {node.id: node for node in walk(tree.nodes)}
    names = [title_and_detail(by_id[problem.node_id], context.catalogue, by_id)[0]]
    parent = parent_of[problem.node_id]
    while parent is not None:
        names.append(title_and_detail(parent, context.catalogue, by_id)[0])
        parent = parent_of[parent.id]
    return " › ".join(reversed(names))
