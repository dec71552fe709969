"""What the runs on the folds of a series say together: mean and standard deviation of each metric."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.domain.folds import Spread, finished, spreads
from workbench.domain.run import RunRecord
from workbench.ui.plots.names import deviation_text, metric_title, number
from workbench.ui.widgets.panel import label, line


class FoldsSummary(QWidget):
    """A table with a row a metric, after the last and after the best epoch. `all_wanted` asks for all runs of the
    series to be chosen, whose curves then lie over one another."""

    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.title = label("", "heading", wrap=True)
        self.title.setToolTip(self.tr("The standard deviation over the folds is that of a sample (n − 1)"))
        self.all = QPushButton(self.tr("Choose all folds"))
        self.all.setProperty("role", "link")
        self.all.setToolTip(self.tr("Compare the curves of all folds of this series"))
        self.all.clicked.connect(self.all_wanted)
        self._table = QWidget()
        for widget in (self.title, self._table, self.all, line()):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if widget is self.all else Qt.AlignmentFlag(0))
        self.hide()

    def show_series(self, records: list[RunRecord]) -> None:
        """Show what these runs of one series say; nothing where none was trained to its end."""
        done = finished(records)
        self.setVisible(bool(done))
        if not done:
            return
        text = self.tr("{0} of {1} folds: mean ± standard deviation")
        self.title.setText(text.format(len(done), done[0].folds))
        last, best = spreads([record.last for record in done]), spreads([record.best for record in done])
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for column, head in enumerate((self.tr("last"), self.tr("best")), 1):
            grid.addWidget(label(head, "small"), 0, column, Qt.AlignmentFlag.AlignRight)
        for row, name in enumerate(dict.fromkeys((*last, *best)), 1):
            grid.addWidget(label(metric_title(name), "muted", wrap=True), row, 0, Qt.AlignmentFlag.AlignTop)
            for column, found in enumerate((last, best), 1):
                if name in found:
                    grid.addWidget(_value(found[name]), row, column, Qt.AlignmentFlag.AlignRight)
        place = self._column.indexOf(self._table)
        self._column.removeWidget(self._table)
        self._table.hide()  # until it is gone, it would lie below the other
        self._table.deleteLater()
        self._table = table
        self._column.insertWidget(place, table)
        table.show()  # Qt would do so later, and the panel around measure it before
        self.setAccessibleName(self.title.text())


def _value(spread: Spread) -> QLabel:
    """Two lines, so that two such columns fit beside a name."""
    widget = label(f"{number(spread.mean)}\n{deviation_text(spread)}".rstrip(), selectable=True)
    widget.setAlignment(Qt.AlignmentFlag.AlignRight)
    return widget
