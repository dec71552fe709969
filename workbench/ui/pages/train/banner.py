"""What the person should know of the run: that the engine stopped, that a run is unfinished, that it is paused."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.domain.run import RunRecord
from workbench.ui.context import Context
from workbench.ui.widgets.counts import batches, epochs
from workbench.ui.widgets.panel import Panel, label


class RunBanner(Panel):
    """Hidden while there is nothing to say."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._context = context
        row = QHBoxLayout()
        self.text = label("", wrap=True)
        self.button = QPushButton()
        self.button.setProperty("role", "soft")
        self.button.clicked.connect(self._resume)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.body.addLayout(row)
        context.run.status_changed.connect(lambda _status: self.refresh())
        context.run.replaced.connect(self.refresh)
        context.run.ended.connect(lambda _event: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Say what is so now."""
        run = self._context.run
        text, button = "", ""
        if run.status == "lost":
            text = self.tr("The engine stopped at step {0}. The run can go on from its last checkpoint.")
            text = text.format(f"{run.steps_done:,}")
            button = self.tr("Resume the run")
            if not run.run:
                text, button = self.tr("The engine stopped before the training began."), ""
        elif run.status == "idle" and run.unfinished is not None:
            record = run.unfinished
            text = self.tr("{0} was interrupted after {1} of the {2} it was to train. It can go on exactly from there.")
            text = text.format(record.name, self._done(record), epochs(record.epochs_planned))
            button = self.tr("Resume the run")
        self.text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setVisible(bool(text))

    def _done(self, record: RunRecord) -> str:
        """How far a run came: whole epochs, or batches where not one epoch ended."""
        if record.epochs_done:
            return epochs(record.epochs_done)
        return batches(record.steps_done)

    def _resume(self) -> None:
        if not self._context.run.resume_newest():
            self._context.notice(self.tr("This run can no longer go on. The Runs page tells why."), "info")
