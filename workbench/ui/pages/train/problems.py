"""What stands against training, with a way out."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.domain.problem import Problem
from workbench.ui.context import Context
from workbench.ui.widgets.panel import label

SHOWN = 3


class ProblemList(QWidget):
    """The errors of the project: a repair where there is one, and the way to the Model page."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: tuple[Problem, ...] | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        context.model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the errors as they are now."""
        errors = self._context.model.errors
        if errors == self._shown:
            return
        self._shown = errors
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.setVisible(bool(errors))
        if not errors:
            return
        one = self.tr("One problem stops the training")
        many = self.tr("{0} problems stop the training").format(len(errors))
        self._layout.addWidget(label(one if len(errors) == 1 else many, "bad", wrap=True))
        for problem in errors[:SHOWN]:
            self._layout.addWidget(label(problem.message, "small", wrap=True))
            self._layout.addWidget(self._ways_out(problem))

    def _ways_out(self, problem: Problem) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(6)
        if problem.repairs:
            repair = problem.repairs[0]
            button = QPushButton(repair.title)
            button.setProperty("role", "soft")
            button.setToolTip(repair.preview)
            button.clicked.connect(lambda: self._context.document.apply(repair.title, repair.edit))
            row.addWidget(button)
        show = QPushButton(self.tr("Show in the model"))
        show.setProperty("role", "link")
        show.clicked.connect(lambda: self._show(problem))
        row.addWidget(show)
        row.addStretch(1)
        return box

    def _show(self, problem: Problem) -> None:
        self._context.page_wanted.emit("model")
        if problem.node_id is not None:
            self._context.node_wanted.emit(problem.node_id)
