"""What stands below a layer's form: its sums, what it does in a sentence, and Keras' own help."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.domain.catalogue import ClassEntry
from workbench.domain.tree import AnyNode, Layer
from workbench.ui.pages.model.help_text import HelpText
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label, line


class Explanation(QWidget):
    """Empty parts are not shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[ClassEntry | None, str | None] = (None, None)
        self._line = line()
        self._heading = label(self.tr("How its numbers come about"), role="heading")
        self.sums = label(role="mono", wrap=True, selectable=True)
        self.summary = label(wrap=True, selectable=True)
        self.help = HelpText(theme)
        self._note = label(self.tr("Keras' help"), role="heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        self.frozen = label(wrap=True, selectable=True)
        for widget in (self._line, self._heading, self.sums, self.frozen, self.summary, self._note, self.help):
            layout.addWidget(widget)
        layout.addStretch(1)
        theme.changed.connect(self._refresh)
        self._refresh()

    def show_class(self, entry: ClassEntry | None, summary: str = "") -> None:
        """Show what a class does; or, where it is none of the catalogue, only a sentence."""
        text = entry.summary if entry else summary
        if self._shown == (entry, text):
            return
        self._shown = (entry, text)
        self.summary.setText(text)
        self.summary.setVisible(bool(text))
        help_text = entry.help if entry and entry.help != text else ""
        is_own = entry is not None and bool(entry.own)
        self._note.setText(self.tr("What its code says") if is_own else self.tr("Keras' help"))
        self.help.show_markdown(help_text)
        self.help.setVisible(bool(help_text))
        self._note.setVisible(bool(help_text))
        self._line.setVisible(bool(text or help_text))

    def show_frozen(self, node: AnyNode | None) -> None:
        """Say what it means for a layer to be frozen; None for one that learns."""
        text = ""
        if node is not None:
            text = self.tr("Frozen: it keeps its weights while training.")
        if isinstance(node, Layer) and node.class_name == "BatchNormalization":
            text = self.tr(
                "Frozen: it keeps its weights while training, and runs in inference mode. It scales with the mean and "
                "variance that it has learned so far, not with those of the batch, and does not change them."
            )
        self.frozen.setText(text)
        self.frozen.setVisible(bool(text))

    def show_numbers(self, lines: Sequence[str]) -> None:
        """Show how the numbers of a built layer come about."""
        self.sums.setText("\n".join(lines))
        self.sums.setVisible(bool(lines))
        self._heading.setVisible(bool(lines))

    def _refresh(self) -> None:
        self.sums.setFont(self._theme.monospace(11))
