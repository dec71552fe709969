"""The numbers of a run as a table: a row an epoch, a column for each metric of training and validation."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from workbench.protocol.events import EpochEnded
from workbench.protocol.history import History
from workbench.ui.plots.names import metric_title, number

Index = QModelIndex | QPersistentModelIndex


class EpochModel(QAbstractTableModel):
    """Reads a history. Columns: epoch, the metrics in the order of their coming, learning rate, seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._revision = 0
        self._epochs: list[EpochEnded] = []
        self._metrics: list[str] = []

    def show_history(self, history: History) -> None:
        """Show these epochs; new ones are appended, all else is shown anew."""
        epochs = history.epochs
        metrics = list(history.metric_names)
        have = len(self._epochs)
        if history is self._history and (history.revision, metrics) == (self._revision, self._metrics):
            if len(epochs) > have:
                self.beginInsertRows(QModelIndex(), have, len(epochs) - 1)
                self._epochs += epochs[have:]
                self.endInsertRows()
            return
        self.beginResetModel()
        self._history, self._revision = history, history.revision
        self._epochs, self._metrics = list(epochs), metrics
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._epochs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._metrics) + 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        event = self._epochs[index.row()]
        column = index.column()
        if column == 0:
            return str(event.epoch + 1)
        if column <= len(self._metrics):
            return number(event.metrics.get(self._metrics[column - 1]))
        return number(event.learning_rate) if column == len(self._metrics) + 1 else f"{event.seconds:.1f}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = [self.tr("Epoch"), *map(metric_title, self._metrics), self.tr("Learning rate"), self.tr("Seconds")]
        return names[section]


class EpochTable(QTableView):
    """Shows an `EpochModel` and stays at its end while epochs arrive, unless the person scrolled up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = EpochModel(self)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("Metrics of every epoch"))
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)

    def show_history(self, history: History) -> None:
        """Show the epochs of this history as it is now."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self._model.show_history(history)
        if at_end:
            QTimer.singleShot(0, self, self.scrollToBottom)
