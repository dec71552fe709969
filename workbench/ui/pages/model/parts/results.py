"""What a trial of a part told."""

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.domain.parts.fault import placed
from workbench.domain.parts.read import NOUNS, Part
from workbench.ui.state.parts import Trial
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.wheel import steady

BOLD = '<span style="font-weight: 600">{0}</span>'  # the font has no bolder weight


class TrialBar(QWidget):
    """Which part to try, the button for it, and what came out. `wanted` carries a Part, `stopped` gives a trial up."""

    wanted = Signal(object)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self._goes_on = False
        self.box = steady(QComboBox())
        self.box.setAccessibleName(self.tr("Part to test"))
        self.button = QPushButton(self.tr("Test"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.press)
        self.said = label("", "muted", wrap=True)
        self.facts = label("", wrap=True, selectable=True)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.box)
        row.addWidget(self.button)
        row.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.facts)
        self.facts.hide()

    def show_parts(self, parts: tuple[Part, ...], is_allowed: bool) -> None:
        """Offer the parts of a file."""
        if parts != self._parts:
            self._parts = parts
            chosen = self.box.currentText()
            self.box.clear()
            for part in parts:
                self.box.addItem(f"{part.entry.name} · {NOUNS[part.entry.category]}", part)
            self.box.setCurrentIndex(max(0, self.box.findText(chosen)))
        self.box.setVisible(len(parts) > 1)
        self.button.setEnabled(bool(parts) and is_allowed)
        tip = self.tr("Build it on sample shapes in a process of its own  (Ctrl+T)")
        self.button.setToolTip(tip if is_allowed else self.tr("The code runs only once you allow it"))

    def show_trial(self, trial: Trial | None, names: tuple[str, ...]) -> None:
        """Show how it goes or went, where it was of one of these parts."""
        shown = trial if trial is not None and trial.name in names else None
        self._goes_on = shown is not None and shown.facts is None
        self.button.setText(self.tr("Stop") if self._goes_on else self.tr("Test"))
        facts = (shown.facts or {}) if shown is not None else {}
        self.facts.setText(_table(facts))
        self.facts.setVisible(bool(facts))
        text, role = "", "muted"
        if shown is not None and self._goes_on:
            text = shown.text
        elif shown is not None and shown.message:
            # What went wrong at a line stands above, with the way there.
            place = placed(shown.message)
            text, role = self.tr("{0} does not work yet.").format(shown.name) if place else shown.message, "bad"
        elif shown is not None:
            text, role = self.tr("{0} works.").format(shown.name), "good"
        _say(self.said, text, role)

    def press(self) -> None:
        """Test the chosen part, or give up the test that goes on."""
        part = self.box.currentData()
        if self._goes_on:
            self.stopped.emit()
        elif part is not None and self.button.isEnabled():
            self.wanted.emit(part)


def _say(place: QLabel, text: str, role: str) -> None:
    place.setText(text)
    if place.property("role") != role:
        place.setProperty("role", role)
        place.style().unpolish(place)
        place.style().polish(place)


def _table(facts: dict[str, str]) -> str:
    cell = '<td style="padding-right: 18px">{0}</td>'
    pairs = [
        cell.format(html.escape(name)) + cell.format(BOLD.format(html.escape(value))) for name, value in facts.items()
    ]
    rows = ["".join(pairs[first : first + 2]) for first in range(0, len(pairs), 2)]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
