"""Asks where to save something, without stopping the program while the person chooses."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_to_save(
    parent: QWidget,
    title: str,
    start: Path,
    then: Callable[[Path], None],
    *,
    names: str = "",
    suffix: str = "",
    may_replace: bool = True,
) -> None:
    """Offer the name `start`; `then` gets the chosen path, with `suffix` behind a name that has no ending.

    The dialog asks before a file is replaced, unless `may_replace` is false: then whoever writes has to refuse it.
    """
    dialog = QFileDialog(parent, title, str(start.parent), names)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(suffix.removeprefix("."))
    if not may_replace:
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.selectFile(start.name)
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
