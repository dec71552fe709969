"""A small window beside the network: put a ready-made model, a run or a file of a model into it as a base."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain import efficientnet_lite
from workbench.domain.applications import APPLICATIONS, BUNDLED, BaseSource
from workbench.domain.edits.bases import add_base
from workbench.domain.graph import layout
from workbench.domain.run_store import MODEL_FILE
from workbench.domain.tree import ModelTree
from workbench.protocol.commands import Cancel, MakeBase
from workbench.protocol.events import AnyEvent, BaseMade, Failed, Progress
from workbench.ui.background import in_background
from workbench.ui.context import Context
from workbench.ui.pages.model.cut_choice import CutChoice
from workbench.ui.widgets.panel import label, set_role
from workbench.ui.widgets.under_way import UnderWay

WIDTH = 500


class BaseWindow(QDialog):
    """Not modal. What is inserted is one edit of the document; the window stays for what else is to be tried.
    Closing it gives up what is under way."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ticket = 0
        self._runs: dict[str, str] = {}
        self.finished.connect(self._leave)
        context.document.opened.connect(self.close)  # the runs offered are those of the project before
        self.setWindowTitle(self.tr("Insert a base"))
        self.setModal(False)
        self.setMinimumWidth(WIDTH)
        self.models = _combo(self.tr("Model"))
        self.weights = _combo(self.tr("Weights"))
        self.top = QCheckBox(self.tr("&Keep its last layers, which tell its own classes"))
        self.cut = CutChoice()
        self.insert_button = QPushButton(self.tr("&Insert"))
        self.insert_button.setProperty("role", "primary")
        self.insert_button.setDefault(True)
        self.insert_button.clicked.connect(self.insert)
        self.message = label(role="muted", wrap=True, selectable=True)
        self.message.setAccessibleName(self.tr("What came of it"))
        self.under_way = UnderWay()
        self.under_way.cancelled.connect(self.cancel)
        self._fill()
        self._lay_out()
        self.models.currentIndexChanged.connect(self._model_chosen)
        self._model_chosen()

    def add_file(self, path: Path) -> None:
        """Offer the file of a model and choose it."""
        self.models.addItem(path.name, str(path))
        self.models.setCurrentIndex(self.models.count() - 1)

    def add_weights(self, path: Path) -> None:
        """Offer a file of weights and choose it."""
        self.weights.addItem(path.name, str(path))
        self.weights.setCurrentIndex(self.weights.count() - 1)

    def source(self) -> BaseSource:
        """What is chosen."""
        return BaseSource(
            str(self.models.currentData()),
            str(self.weights.currentData()),
            self.top.isEnabled() and self.top.isChecked(),
            self.cut.chosen,
        )

    def insert(self) -> None:
        """Ask the engine for the base, and put it into the network."""
        source, info, folder = self.source(), self._context.data.info, str(self._context.document.path)
        if info is None:
            return
        self.insert_button.setEnabled(False)
        self.message.clear()
        set_role(self.message, "muted")
        self.under_way.show_progress(self.tr("Making the base"))
        self._ticket = self._context.client.ask(
            lambda ticket: MakeBase(ticket, source, folder, info.input_shape),
            lambda event: self._answered(event, folder),
        )

    def cancel(self) -> None:
        """Give up what is being loaded and made."""
        self._context.client.send(Cancel(self._ticket))

    def _leave(self) -> None:
        """Nothing comes into the network from a window that was closed."""
        if self._ticket:
            self._context.client.forget(self._ticket)
            self.cancel()

    def _tell(self, text: str, *, is_bad: bool = False) -> None:
        self.under_way.end()
        self.message.setText(text)
        set_role(self.message, "bad" if is_bad else "muted")
        self.insert_button.setEnabled(True)

    def _answered(self, event: AnyEvent, folder: str) -> None:
        if isinstance(event, Progress):
            self.under_way.show_progress(event.text, event.fraction)
            return
        self._ticket = 0
        if isinstance(event, Failed):
            nothing = self.tr("It was given up. Nothing was inserted.")
            self._tell(nothing if event.cancelled else event.message, is_bad=not event.cancelled)
        if not isinstance(event, BaseMade) or folder != str(self._context.document.path):
            return
        edit = add_base(event.base)
        try:
            self._context.document.apply(edit.name, edit.apply)
        except ValueError as error:
            self._tell(str(error), is_bad=True)
            return
        text = self.tr(
            "{0} stands at the beginning of the network, frozen. The layers behind it learn from what it makes."
        )
        self._tell(text.format(event.base.name))

    def _fill(self) -> None:
        self.models.addItem(self.tr("{0} (included)").format(BUNDLED), BUNDLED)
        document = self._context.document
        for record in document.folder.list_runs():
            path = document.folder.run_folder(record.id) / MODEL_FILE
            if path.is_file():
                self._runs[str(path)] = record.id
                self.models.addItem(self.tr("{0} of this project").format(record.name), str(path))
        for name in APPLICATIONS:
            self.models.addItem(name, name)
        self.weights.addItem(self.tr("ImageNet"), "imagenet")
        self.weights.addItem(self.tr("None: start afresh"), "none")

    def _model_chosen(self) -> None:
        """Offer the layers that the model can end with, where they are known without its file."""
        self._refresh()
        name = str(self.models.currentData())
        self.cut.offer(efficientnet_lite.block_names() if name == BUNDLED else ())
        folder, run = self._context.document.folder, self._runs.get(name)
        if run is not None:
            in_background(
                self,
                lambda: _layer_names(folder.project_of_run(run).model),
                lambda names: self.cut.offer(names) if self.models.currentData() == name else None,
            )

    def _refresh(self) -> None:
        set_role(self.message, "muted")
        source = self.source()
        is_application = source.name in APPLICATIONS
        self.weights.setEnabled(is_application)
        self._weights_button.setEnabled(is_application)
        self.top.setEnabled(source.name != BUNDLED)
        self.insert_button.setEnabled(self._context.data.info is not None)
        if self._context.data.info is None:
            self.message.setText(self.tr("Choose data first: the base is made for their shape."))
        elif is_application:
            self.message.setText(self.tr("Weights that are not on this machine yet are loaded from the internet."))
        else:
            self.message.setText(self.tr("Nothing is loaded from the internet."))

    def _lay_out(self) -> None:
        model_button = self._button(
            self.tr("&File…"),
            self.tr("Choose the .keras or .h5 file of a model, or the saved_model.pb of a SavedModel"),
        )
        model_button.clicked.connect(lambda: self._ask(self.tr("Choose a model"), self.add_file))
        self._weights_button = self._button(self.tr("Fi&le…"), self.tr("Choose a file with the weights of ImageNet"))
        self._weights_button.clicked.connect(lambda: self._ask(self.tr("Choose weights"), self.add_weights))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Model"), _beside(self.models, model_button))
        form.addRow(self.tr("Weights"), _beside(self.weights, self._weights_button))
        form.addRow(self.tr("Ends with the layer"), self.cut)
        form.addRow("", self.top)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.under_way)
        column.addWidget(self.message, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.insert_button)
        column.addLayout(row)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _ask(self, title: str, take: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, title, str(self._context.document.path.parent))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Models and weights (*.keras *.h5 *.hdf5 saved_model.pb)"))
        dialog.fileSelected.connect(lambda name: take(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _layer_names(model: ModelTree) -> list[str]:
    return [step.name for step in layout(model).steps if step.kind in ("layer", "wrapper")]


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _beside(first: QWidget, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(first, 1)
    row.addWidget(second)
    return row
