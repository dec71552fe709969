"""A small window beside the network: take weights from a run or a file for the layers to start with."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.edits import set_starts
from workbench.domain.files import StoreError
from workbench.domain.run_store import BEST_FILE, MODEL_FILE
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import TakeWeights
from workbench.protocol.events import AnyEvent, Failed, WeightsTaken
from workbench.ui.context import Context
from workbench.ui.widgets.panel import label, paragraphs, set_role

WIDTH, HEIGHT = 520, 380


class WeightsWindow(QDialog):
    """Not modal. What is taken is one edit of the document, and the report stays until the window is closed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_gone = False
        self.finished.connect(self._leave)
        context.document.opened.connect(self.close)  # the runs offered are those of the project before
        self.setWindowTitle(self.tr("Start with weights"))
        self.setModal(False)
        self.resize(WIDTH, HEIGHT)
        self.sources = QComboBox()
        self.sources.setAccessibleName(self.tr("Where the weights are"))
        self.sources.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.by_name = QRadioButton(self.tr("Match layers by their &names"))
        self.by_order = QRadioButton(self.tr("Match layers by their &order"))
        self.by_name.setChecked(True)
        self.take_button = QPushButton(self.tr("&Take the weights"))
        self.take_button.setProperty("role", "primary")
        self.take_button.setDefault(True)
        self.take_button.clicked.connect(self.take)
        self.report = label(role="muted", wrap=True, selectable=True)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.report.setAccessibleName(self.tr("What came of it"))
        self._lay_out()
        self.sources.currentIndexChanged.connect(self._refresh)
        self.add_runs(context.document.folder, "")
        self._refresh()

    def add_runs(self, folder: ProjectFolder, project: str) -> int:
        """Offer the models of a project's runs, newest first; gives how many there are. Raises StoreError."""
        count = self.sources.count()
        for record in folder.list_runs():
            path = folder.run_folder(record.id)
            if not (path / MODEL_FILE).is_file():
                continue
            name = self.tr("{0} of {1}").format(record.name, project) if project else record.name
            self._add(name, path / MODEL_FILE)
            if (path / BEST_FILE).is_file():
                self._add(self.tr("{0}, best epoch").format(name), path / BEST_FILE)
        return self.sources.count() - count

    def add_file(self, path: Path) -> None:
        """Offer a file and choose it."""
        self._add(path.name, path)
        self.sources.setCurrentIndex(self.sources.count() - 1)
        self._say("")  # what it told belongs to another source

    def add_project(self, path: Path) -> None:
        """Offer the runs of another project and choose its newest."""
        folder = ProjectFolder(path)
        first = self.sources.count()
        try:
            found = self.add_runs(folder, folder.load().name or folder.path.name)
        except (StoreError, OSError) as error:
            self._say(str(error), "bad")
            return
        if found:
            self.sources.setCurrentIndex(first)
        else:
            self._say(self.tr("{0} has no trained run. Choose another project.").format(folder.path.name), "bad")

    def take(self) -> None:
        """Ask the engine for the weights of the chosen source."""
        document, info = self._context.document, self._context.data.info
        path = self.sources.currentData()
        if path is None or info is None:
            return
        by, title, project = "name" if self.by_name.isChecked() else "topology", self.sources.currentText(), document
        shown, folder = f"“{title}”", str(project.path)
        self.take_button.setEnabled(False)
        self._say(self.tr("Reading the weights …"))
        self._context.client.ask(
            lambda ticket: TakeWeights(ticket, document.project, info, folder, str(path), by, shown),  # type: ignore[arg-type]
            lambda event: self._answered(event, folder),
        )

    def _leave(self) -> None:
        """An answer that is still to come finds no window any more."""
        self._is_gone = True

    def _tell(self, sentence: str, lines: tuple[str, ...] = (), *, is_bad: bool = False) -> None:
        if self._is_gone:
            self._context.notice(sentence, "bad" if is_bad else "good")
            return
        self._refresh()
        self._say(paragraphs((sentence, *lines)), "bad" if is_bad else "muted")

    def _say(self, text: str, role: str = "muted") -> None:
        self.report.setText(text)
        set_role(self.report, role)

    def _answered(self, event: AnyEvent, folder: str) -> None:
        if isinstance(event, Failed):
            self._tell(event.message, is_bad=True)
        if not isinstance(event, WeightsTaken) or folder != str(self._context.document.path):
            return
        if event.starts:
            edit = set_starts(event.starts)
            self._context.document.apply(edit.name, edit.apply)
        self._tell(event.report.sentence, event.report.lines(), is_bad=not event.starts)

    def _add(self, name: str, path: Path) -> None:
        self.sources.addItem(name, path)
        self.sources.setItemData(self.sources.count() - 1, str(path), 3)  # as its tool tip

    def _refresh(self) -> None:
        self.take_button.setEnabled(self.sources.count() > 0 and self._context.data.info is not None)
        if not self.sources.count():
            self._say(self.tr("This project has no trained run yet. Choose a file of weights, or another project."))

    def _lay_out(self) -> None:
        file_button = QPushButton(self.tr("&File…"))
        file_button.setToolTip(self.tr("Choose a .keras, .h5 or .weights.h5 file"))
        file_button.clicked.connect(self._ask_file)
        project_button = QPushButton(self.tr("Other &project…"))
        project_button.setToolTip(self.tr("Choose the folder of another project that was trained"))
        project_button.clicked.connect(self._ask_project)
        for button in (file_button, project_button):
            button.setAutoDefault(False)
        where = QHBoxLayout()
        where.addWidget(self.sources, 1)
        where.addWidget(file_button)
        where.addWidget(project_button)
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(label(self.tr("Weights of"), role="heading"))
        column.addLayout(where)
        for choice in (self.by_name, self.by_order):
            self._group.addButton(choice)
            column.addWidget(choice)
        note = self.tr("Layers that nothing fits stay as they are. The weights are copied into this project.")
        column.addWidget(label(note, "small", wrap=True))
        column.addWidget(self.report, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.take_button)
        column.addLayout(row)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose weights"), str(self._context.document.path.parent))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Models and weights (*.keras *.h5 *.hdf5)"))
        dialog.fileSelected.connect(lambda name: self.add_file(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_project(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a project"), str(self._context.document.path.parent))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.add_project(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
