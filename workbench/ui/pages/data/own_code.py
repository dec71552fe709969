"""The file of Python code that brings a project's data: made from a template, opened in an editor, run again."""

import os
import subprocess
import sys
from itertools import count
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import SourceEntry
from workbench.domain.dataset import SourceSpec
from workbench.domain.files import write_atomically
from workbench.domain.resources import resource
from workbench.domain.trust import allow, demand_of

TEMPLATE = "data_file.py"


class OwnCode(QWidget):
    """Buttons below the name of the file. The signals are named after what the person wants of it."""

    new_wanted = Signal()
    edit_wanted = Signal()
    load_wanted = Signal()
    withdraw_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.edit = QPushButton(self.tr("Edit"))
        self.edit.setToolTip(self.tr("Open the file in this system's editor"))
        self.edit.clicked.connect(self.edit_wanted)
        self.again = QPushButton(self.tr("Load again"))
        self.again.setToolTip(self.tr("Run the file as it is now"))
        self.again.clicked.connect(self.load_wanted)
        self.new = QPushButton(self.tr("New data file"))
        self.new.setToolTip(self.tr("Make another file in the project's folder, to begin with"))
        self.new.clicked.connect(self.new_wanted)
        self.withdraw = QPushButton(self.tr("Withdraw permission"))
        self.withdraw.setToolTip(self.tr("The code does not run again until you allow it anew"))
        self.withdraw.clicked.connect(self.withdraw_wanted)
        self.withdraw.hide()
        row.addWidget(self.edit, 1)
        row.addWidget(self.again, 1)
        column.addLayout(row)
        column.addWidget(self.new)
        column.addWidget(self.withdraw)

    def show_permission(self, is_allowed: bool) -> None:
        """Only what was allowed can be withdrawn."""
        self.withdraw.setVisible(is_allowed)


def make_data_file(folder: Path, entry: SourceEntry) -> SourceSpec:
    """A new file in the project's folder with an example in it, which is the person's own and so allowed to run. Raises
    OSError."""
    names = ("data.py" if number == 1 else f"data-{number}.py" for number in count(1))
    name = next(name for name in names if not (folder / name).exists())
    write_atomically(folder / name, resource(TEMPLATE).read_bytes())
    source = SourceSpec(entry.kind, {"path": name})
    demand = demand_of(entry, source.params, folder)
    assert demand is not None
    allow(demand, whatever_it_holds=True)
    return source


def within(source: SourceSpec, folder: Path) -> SourceSpec:
    """The same source; the path of code that lies in the project's folder starts from there."""
    path = Path(str(source.params.get("path")))
    if path.suffix == ".py" and path.is_absolute() and path.is_relative_to(folder):
        return SourceSpec(source.kind, {**source.params, "path": path.relative_to(folder).as_posix()})
    return source


def open_in_editor(path: Path) -> bool:
    """Open a file of code to be changed. On some systems to open one means to run it, so their editor is named."""
    try:
        if sys.platform == "win32":
            os.startfile(path, "edit")
            return True
        if sys.platform == "darwin":
            return subprocess.run(["open", "-t", str(path)], check=False).returncode == 0
    except OSError:
        return False
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
