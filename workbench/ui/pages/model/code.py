"""The live Keras script of the project."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from workbench.domain.files import StoreError
from workbench.domain.parts.files import FOLDER as PARTS
from workbench.domain.script import export_script, folders_beside, write_script
from workbench.domain.summary import ModelSummary
from workbench.domain.weights import FOLDER as WEIGHTS
from workbench.ui.context import Context
from workbench.ui.widgets.highlighter import PythonHighlighter
from workbench.ui.widgets.panel import label

REFRESH_MS = 200
LEAST = 48  # two lines and a scroll bar, in a small window


class CodeView(QWidget):
    """Written anew after edits, a few times a second at most and only while it is seen; keeps its scroll position."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dirty = True
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("Keras script"))
        self.text.setMinimumHeight(LEAST)
        self.text.setTabChangesFocus(True)
        self._highlighter = PythonHighlighter(self.text.document(), context.theme)
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self._write)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._make_head())
        layout.addWidget(self.text, 1)
        context.document.changed.connect(self.refresh)
        context.data.info_changed.connect(self.refresh)
        context.model.changed.connect(self.refresh)
        context.theme.changed.connect(self._refresh_theme)
        self._refresh_theme()

    def refresh(self) -> None:
        """Write the script again soon, if it is seen."""
        self._dirty = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def script(self) -> str:
        """The script of the project as it is now."""
        return export_script(self._context.document.project, self._context.data.info, self._summary())

    def copy(self) -> None:
        """Put the script on the clipboard. Files that it reads do not fit there, so their folders are told."""
        QGuiApplication.clipboard().setText(self.script())
        told = self.tr("The script is on the clipboard.")
        beside = folders_beside(self._context.document.project)
        if not beside:
            self._context.notice(told, "good")
            return
        missing = {
            PARTS: self.tr("your own parts (folder “{0}”)").format(PARTS),
            WEIGHTS: self.tr("the weights that layers start with (folder “{0}”)").format(WEIGHTS),
        }
        shown = self.tr(" and ").join(missing[folder] for folder in beside)
        needs = self.tr("It needs beside it: {0}. Save it instead to have these written too.").format(shown)
        self._context.notice(f"{told} {needs}", "warning", self.tr("Save…"), self.ask_save)

    def ask_save(self) -> None:
        """Ask where to save the script."""
        dialog = QFileDialog(self, self.tr("Save the script"), str(self._context.document.path / "train.py"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Python script (*.py)"))
        dialog.setDefaultSuffix("py")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the script to a file."""
        try:
            document = self._context.document
            write_script(path, document.project, self._context.data.info, self._summary(), document.path)
        except StoreError as error:
            self._context.notice(str(error), "bad")
        except OSError as error:
            reason = error.strerror or str(error)
            self._context.notice(self.tr("The script could not be saved: {0}").format(reason), "bad")
        else:
            self._context.notice(self.tr("The script was saved as {0}.").format(path.name), "good")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._dirty:
            self._write()

    def _summary(self) -> ModelSummary | None:
        """What Keras says of the network as it is now, where that is known."""
        model = self._context.model
        is_known = model.described is not None and model.described.model is self._context.document.project.model
        return model.summary if is_known else None

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        note = label(self.tr("Run by plain Python, it gives the same numbers with the same seed."), "small", wrap=True)
        head.addWidget(note, 1)
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setToolTip(self.tr("Copy the whole script"))
        self.copy_button.clicked.connect(self.copy)
        self.save_button = QPushButton(self.tr("Save…"))
        self.save_button.setToolTip(self.tr("Save the script as a file"))
        self.save_button.clicked.connect(self.ask_save)
        head.addWidget(self.copy_button)
        head.addWidget(self.save_button)
        return head

    def _write(self) -> None:
        self._dirty = False
        text = self.script()
        if text == self.text.toPlainText():
            return
        bars = (self.text.verticalScrollBar(), self.text.horizontalScrollBar())
        places = [bar.value() for bar in bars]
        self.text.setPlainText(text)
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)

    def _refresh_theme(self) -> None:
        font = self._context.theme.monospace()
        self.text.setFont(font)
        self.text.setTabStopDistance(4 * QFontMetricsF(font).horizontalAdvance(" "))
