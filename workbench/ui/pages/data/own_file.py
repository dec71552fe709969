"""What the Data page says of a file or folder of the person's own, and how another one is chosen."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.domain.values import Value
from workbench.protocol.events import FileInspected
from workbench.ui.widgets.elided import ElidedLabel
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.tool_tip import plain_tip

ROLES = {"x": "Inputs", "y": "Targets"}
TEST_ROLES = ("x_test", "y_test")
MOST_ARRAYS = 12
MOST_COLUMNS = 200
COLUMN_LISTS = ("targets", "inputs", "time")
PARTS_OF_A_FILE = ("table", "sheet")


class OwnFile(QWidget):
    """The path, what was detected in it, and buttons for another file. `change_wanted` and `targets_wanted` ask."""

    change_wanted = Signal()
    targets_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.path = ElidedLabel(where=Qt.TextElideMode.ElideMiddle)
        self.path.setProperty("role", "heading")
        self.facts = label("", "small", wrap=True, selectable=True)
        self.change = QPushButton()
        self.change.clicked.connect(self.change_wanted)
        self.targets = QPushButton(self.tr("Choose the file with the targets…"))
        self.targets.setToolTip(self.tr("An NPY file holds one array; the targets come from a second file"))
        self.targets.clicked.connect(self.targets_wanted)
        for widget in (self.path, self.facts, self.change, self.targets):
            column.addWidget(widget)

    def show_file(self, entry: SourceEntry, path: str, facts: str) -> None:
        """Show which file or folder is used, and what was found in it."""
        self.path.setText(Path(path).name or path)
        self.path.setToolTip(plain_tip(path))
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        another = self.tr("Choose another folder…") if entry.opens_folder else self.tr("Choose another file…")
        if not path:
            another = self.tr("Choose the file…")
        self.path.setVisible(bool(path))
        self.change.setText(another)
        self.targets.setVisible(entry.kind == "npz" and path.lower().endswith(".npy"))


def array_entries(entries: tuple[ParamEntry, ...], file: FileInspected | None) -> tuple[ParamEntry, ...]:
    """The parameters of an NPZ with its arrays to choose from.

    An array whose role is plain by its name is shown as the default; where none is, the person has to choose.
    """
    if file is None or not file.arrays or file.path.lower().endswith(".npy"):
        return entries
    names = tuple(file.arrays)
    found: dict[str, Value] = {role: file.detected[fact] for role, fact in ROLES.items() if fact in file.detected}
    if "Test set" in file.detected:
        found.update(zip(TEST_ROLES, file.detected["Test set"].split(", "), strict=False))
    chosen = []
    for entry in entries:
        if entry.name in (*ROLES, *TEST_ROLES):
            default = found.get(entry.name)
            entry = msgspec.structs.replace(
                entry, kind="choice", choices=names, default=default, optional=default is None
            )
        chosen.append(entry)
    return tuple(chosen)


def column_entries(entries: tuple[ParamEntry, ...], file: FileInspected | None) -> tuple[ParamEntry, ...]:
    """The parameters of a time series that name columns, with the columns there are: to choose from where one is
    wanted, in the help where several may be."""
    if file is None or not file.columns:
        return entries
    names = file.columns[:MOST_COLUMNS]
    found = QCoreApplication.translate("OwnFile", "As detected")
    text = QCoreApplication.translate("OwnFile", "The columns are: {0}.").format(", ".join(names))
    chosen = []
    for entry in entries:
        if entry.name == "group":
            entry = msgspec.structs.replace(entry, kind="choice", choices=("", *names), choice_titles=(found, *names))
        elif entry.name in COLUMN_LISTS:
            entry = msgspec.structs.replace(entry, help=f"{entry.help} {text}")
        chosen.append(entry)
    return tuple(chosen)


def offer_choices(entries: tuple[ParamEntry, ...], file: FileInspected | None) -> tuple[ParamEntry, ...]:
    """The parameters with the tables of this database, or the sheets of this workbook, to choose from; without them
    as long as it is not known which there are."""
    choices = file.choices if file is not None else {}
    offered = []
    for entry in entries:
        if choices.get(entry.name):
            entry = msgspec.structs.replace(entry, kind="choice", choices=choices[entry.name])
        elif entry.name in PARTS_OF_A_FILE:
            continue
        offered.append(entry)
    return tuple(offered)


def arrays_text(file: FileInspected) -> str:
    """The arrays of a file with their shapes, one a line."""
    lines = [f"{name}  {'×'.join(map(str, shape)) or '1'}" for name, shape in file.arrays.items()]
    more = len(lines) - MOST_ARRAYS
    if more > 0:
        text = QCoreApplication.translate("OwnFile", "and {0} arrays more")
        lines = [*lines[:MOST_ARRAYS], text.format(more)]
    return "\n".join(lines)


def ask_path(parent: QWidget, entry: SourceEntry, start: str, chosen: Callable[[str], None]) -> None:
    """Ask for a file or folder that this source opens, without stopping the program while the question stands."""
    dialog = QFileDialog(parent, entry.title, start)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if entry.opens_folder:
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    else:
        kinds = " ".join(f"*{suffix}" for suffix in entry.suffixes)
        everything = QCoreApplication.translate("OwnFile", "All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"{entry.title} ({kinds})", everything])
    dialog.fileSelected.connect(chosen)
    dialog.open()
