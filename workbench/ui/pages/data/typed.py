"""What is typed as a whole before it counts: the address of a database and a query."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from workbench.domain.catalogue import ParamEntry
from workbench.domain.credentials import holds_password
from workbench.domain.values import Value
from workbench.ui.widgets.panel import label

TYPED = ("url", "query")


class TypedFields(QWidget):
    """One line for each of TYPED that a source takes. `entered` brings name and text once the person is done, as half
    an address or query means nothing; `refused` says why an address is not taken. It stays to be corrected."""

    entered = Signal(str, object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._shown: tuple[ParamEntry, ...] = ()
        self._values: dict[str, str] = {}
        self.lines: dict[str, QLineEdit] = {}

    def show_entries(self, entries: tuple[ParamEntry, ...], values: dict[str, Value]) -> None:
        """Show the lines of a source with their texts; a line that is being corrected keeps its own."""
        wanted = tuple(entry for entry in entries if entry.name in TYPED)
        if wanted != self._shown:
            self._make(wanted)
        for name, line in self.lines.items():
            text = str(values.get(name) or "")
            if self._values.get(name) != text:
                self._values[name] = text
                line.setText(text)
        self.setVisible(bool(wanted))

    def _make(self, entries: tuple[ParamEntry, ...]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._shown, self._values, self.lines = entries, {}, {}
        for entry in entries:
            line = QLineEdit()
            line.setAccessibleName(entry.title)
            line.setToolTip(entry.help)
            line.setPlaceholderText(_EXAMPLES[entry.name])
            line.editingFinished.connect(lambda name=entry.name: self._finished(name))
            title = label(entry.title, "muted")
            title.setBuddy(line)
            self._form.addRow(title, line)
            self.lines[entry.name] = line

    def _finished(self, name: str) -> None:
        text = self.lines[name].text().strip()
        if text == self._values.get(name, ""):
            return
        if name == "url" and holds_password(text):
            self.refused.emit(
                self.tr(
                    "An address with a password is not kept. Write ${WORKBENCH_PASSWORD_HOST} and set that variable."
                )
            )
            return
        self._values[name] = text
        self.entered.emit(name, text or None)


_EXAMPLES = {"url": "postgresql://user@host/name", "query": "SELECT … FROM …"}
