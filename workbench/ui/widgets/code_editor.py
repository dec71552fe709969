"""An editor for Python: numbered lines, colours, faults at their lines, and keys that keep the indentation."""

import re
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from workbench.ui.theme import Theme
from workbench.ui.widgets.highlighter import PythonHighlighter
from workbench.ui.widgets.tool_tip import plain_tip

STEP = 4
MARGIN = 8


class CodeEditor(QPlainTextEdit):
    """Tab and Shift+Tab indent, Return keeps the indentation, Escape leaves for the next widget. `left` says that the
    person has gone elsewhere."""

    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._faults: dict[int, str] = {}
        self._numbers = _Numbers(self)
        self._highlighter = PythonHighlighter(self.document(), theme)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleDescription(self.tr("Tab indents. Escape leaves the editor."))
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_numbers)
        theme.changed.connect(self._refresh_theme)
        self._refresh_theme()

    @property
    def faults(self) -> Mapping[int, str]:
        """The sentences shown at the lines, which count from 1."""
        return self._faults

    def show_faults(self, faults: Mapping[int, str]) -> None:
        """Mark lines as faulty; what is wrong there is told by their tool tips."""
        self._faults = dict(faults)
        marks = []
        for line in self._faults:
            block = self.document().findBlockByNumber(line - 1)
            if not block.isValid():
                continue
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(block)
            style = QTextCharFormat()
            style.setBackground(QColor(self._theme.tokens.bad_soft))
            style.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.format = style
            marks.append(mark)
        self.setExtraSelections(marks)
        self._numbers.update()

    def show_text(self, text: str) -> None:
        """Show another text; one that is shown already stays as it is, with its cursor."""
        if text != self.toPlainText():
            self.setPlainText(text)

    def go_to(self, line: int) -> None:
        """Put the cursor at the beginning of what stands in a line, and show it."""
        block = self.document().findBlockByNumber(max(0, line - 1))
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.Right, n=_depth(block.text()))
            self.setTextCursor(cursor)
            self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Tab if not self.isReadOnly():
                self._indent()
            case Qt.Key.Key_Backtab if not self.isReadOnly():
                self._change_lines(lambda text: text[min(STEP, _depth(text)) :])
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not self.isReadOnly() and not event.modifiers():
                self._break_line()
            case Qt.Key.Key_Escape:
                self.setTabChangesFocus(True)  # else Qt lets nobody leave a text that can be changed
                self.focusNextChild()
                self.setTabChangesFocus(False)
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        """The fault of a line is its tool tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.viewport().mapFromGlobal(event.globalPos())
            fault = self._faults.get(self.cursorForPosition(place).blockNumber() + 1, "")
            QToolTip.showText(event.globalPos(), plain_tip(fault), self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _indent(self) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection():
            self._change_lines(lambda text: " " * STEP + text if text.strip() else text)
        else:
            cursor.insertText(" " * (STEP - cursor.positionInBlock() % STEP))

    def _break_line(self) -> None:
        """A new line as deep as this one, deeper behind a colon."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        deeper = STEP if re.search(r":\s*(#.*)?$", before) else 0
        cursor.insertText("\n" + " " * (_depth(before) + deeper))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _change_lines(self, change: Callable[[str], str]) -> None:
        """Change each line of the selection, as one step to undo."""
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(max(cursor.selectionStart(), cursor.selectionEnd() - 1))
        cursor.beginEditBlock()
        block = first
        while block.isValid() and block.blockNumber() <= last.blockNumber():
            text, changed = block.text(), change(block.text())
            depth, wanted = _depth(text), _depth(changed)
            at = QTextCursor(block)
            if wanted > depth:
                at.insertText(" " * (wanted - depth))
            elif wanted < depth:
                at.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, depth - wanted)
                at.removeSelectedText()
            block = block.next()
        cursor.endEditBlock()

    # Numbers of lines

    def numbers_width(self) -> int:
        """The pixels that the numbers take."""
        digits = len(str(max(99, self.blockCount())))
        return int(self.fontMetrics().horizontalAdvance("9") * digits) + 2 * MARGIN

    def paint_numbers(self, painter: QPainter, area: QRect) -> None:
        """Paint the number of each line that is seen, those with a fault in its colour."""
        tokens = self._theme.tokens
        painter.fillRect(area, QColor(tokens.raised))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        height = self.fontMetrics().height()
        while block.isValid():
            top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
            if top > area.bottom():
                break
            number = block.blockNumber() + 1
            painter.setPen(QColor(tokens.bad if number in self._faults else tokens.muted))
            where = QRect(0, int(top), self._numbers.width() - MARGIN, height)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight, str(number))
            block = block.next()

    def _make_room(self) -> None:
        width = self.numbers_width()
        self.setViewportMargins(width + 2, 0, 0, 0)
        inside = self.contentsRect()
        self._numbers.setGeometry(QRect(inside.left(), inside.top(), width, inside.height()))

    def _scroll_numbers(self, area: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def _refresh_theme(self) -> None:
        font = self._theme.monospace()
        font.setFeature(QFont.Tag("calt"), 0)  # no signs made of several letters, between which the cursor would stand
        self.setFont(font)
        self.setTabStopDistance(STEP * QFontMetricsF(font).horizontalAdvance(" "))
        self.show_faults(self._faults)
        self._make_room()


class _Numbers(QWidget):
    """The strip beside the text. A click goes to the line."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._editor.paint_numbers(painter, event.rect())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._editor.go_to(self._editor.cursorForPosition(QPoint(0, event.position().toPoint().y())).blockNumber() + 1)


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
