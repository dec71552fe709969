"""What one way of looking at all the data found, in the form that suits it."""

from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QWidget

from workbench.domain.catalogue import AnalysisEntry
from workbench.domain.dataset import DatasetSpec
from workbench.protocol.commands import Analyse, Cancel
from workbench.protocol.events import Analysed, AnyEvent, Failed, Progress
from workbench.ui.context import Context
from workbench.ui.pages.data.analysis_views import AnalysisView, make_view
from workbench.ui.widgets.panel import Panel, label


class AnalysisPanel(Panel):
    """Asks the engine when it is seen for the first time with these data, and shows the answer."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._entry: AnalysisEntry | None = None
        self._ticket = 0
        self._found: dict[str, Analysed] = {}
        self._of: DatasetSpec | None = None
        self._views: dict[str, AnalysisView] = {}
        self.summary = label("", "small", wrap=True)
        self.body.addWidget(self.summary)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.body.addWidget(self.progress)
        self.message = label("", "bad", wrap=True, selectable=True)
        self.body.addWidget(self.message)
        self.stack = QStackedWidget()
        self.stack.addWidget(QWidget())
        self.body.addWidget(self.stack, 1)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(lambda: context.client.send(Cancel(self._ticket)))
        self.add_to_head(self.cancel)
        context.data.info_changed.connect(self._data_changed)
        self._show_state()

    def show_entry(self, entry: AnalysisEntry) -> None:
        """Look at the data in this way."""
        self._entry = entry
        self.set_title(entry.title)
        self.summary.setText(entry.summary)
        self.message.clear()
        self._ask()

    def _data_changed(self) -> None:
        self._found.clear()
        if self.isVisible() and self._entry is not None:
            self._ask()

    def _ask(self) -> None:
        entry, spec = self._entry, self._context.data.loaded_spec
        info = self._context.data.info
        if self._ticket:
            self._context.client.forget(self._ticket)
            self._context.client.send(Cancel(self._ticket))
            self._ticket = 0
        self.stack.setCurrentIndex(0)
        if entry is None or spec is None or info is None or info.form not in entry.forms:
            self._show_state()
            return
        if entry.kind in self._found:
            self._show(self._found[entry.kind])
            return
        folder = str(self._context.document.path)
        self._ticket = self._context.client.ask(
            lambda ticket: Analyse(ticket, spec, entry.kind, folder), self._answered
        )
        self._show_state()

    def _answered(self, event: AnyEvent) -> None:
        match event:
            case Progress(fraction=fraction):
                self.progress.setRange(0, 0 if fraction is None else 1000)
                self.progress.setValue(round((fraction or 0) * 1000))
            case Analysed():
                self._ticket = 0
                self._found[event.kind] = event
                self._show(event)
            case Failed(message=message, cancelled=cancelled):
                self._ticket = 0
                self.message.setText(self.tr("This was cancelled.") if cancelled else message)
        self._show_state()

    def _show(self, event: Analysed) -> None:
        view = self._views.get(event.kind)
        if view is None:
            view = self._views[event.kind] = make_view(event.kind, self._context)
            self.stack.addWidget(view.widget)
        self.message.clear()
        view.show_found(event)
        self.stack.setCurrentWidget(view.widget)
        self._show_state()

    def _show_state(self) -> None:
        self.progress.setVisible(bool(self._ticket))
        self.cancel.setVisible(bool(self._ticket))
        self.message.setVisible(bool(self.message.text()))
