"""Colours Python source: keywords, strings, numbers, comments."""

import keyword
import re

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from workbench.ui.theme import Theme

_TOKEN = re.compile(
    r"""(?P<comment>\#.*)
    |(?P<triple>(?:[rbfuRBFU]{0,2})(?:\"\"\"|'''))
    |(?P<string>(?:[rbfuRBFU]{0,2})(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?))
    |(?P<number>\b(?:0[xX][\da-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)\b)
    |(?P<word>\b[^\W\d]\w*\b)
    """,
    re.VERBOSE,
)
IN_DOUBLE, IN_SINGLE = 1, 2
_QUOTES = {IN_DOUBLE: '"""', IN_SINGLE: "'''"}


class PythonHighlighter(QSyntaxHighlighter):
    """Follows the scheme."""

    def __init__(self, document: QTextDocument, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(document)
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._refresh)
        self._make_formats()

    def highlightBlock(self, text: str) -> None:
        start = 0
        state = self.previousBlockState()
        if state in _QUOTES:
            start = self._rest_of_string(text, 0, 0, state)
        while start < len(text) and (match := _TOKEN.search(text, start)):
            kind = match.lastgroup or ""
            if kind == "triple":
                state = IN_DOUBLE if match[0].endswith('"""') else IN_SINGLE
                start = self._rest_of_string(text, match.start(), match.end(), state)
                continue
            if kind == "word":
                kind = "keyword" if keyword.iskeyword(match[0]) else ""
            if kind:
                self.setFormat(match.start(), match.end() - match.start(), self._formats[kind])
            start = match.end()

    def _rest_of_string(self, text: str, begin: int, search_from: int, state: int) -> int:
        """Colour up to the closing quotes, or the whole line; gives where it ends."""
        end = text.find(_QUOTES[state], search_from)
        self.setCurrentBlockState(-1 if end >= 0 else state)
        end = end + 3 if end >= 0 else len(text)
        self.setFormat(begin, end - begin, self._formats["string"])
        return end

    def _make_formats(self) -> None:
        tokens = self._theme.tokens
        colors = {
            "comment": tokens.code_comment,
            "string": tokens.code_string,
            "triple": tokens.code_string,
            "number": tokens.code_number,
            "keyword": tokens.code_keyword,
        }
        for kind, color in colors.items():
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(QColor(color))

    def _refresh(self) -> None:
        self._make_formats()
        self.rehighlight()
