"""The input pipeline that the Data page shows, and what the engine says of it.

It is a setting of the page, not part of the project: a network is trained without it, so nothing of the project changes
with it.
"""

import logging

import msgspec
from PySide6.QtCore import QObject, Signal

from workbench.domain.dataset import DatasetSpec
from workbench.domain.input_pipeline import InputPipeline, complete_stages
from workbench.protocol.commands import Cancel, ShowPipeline
from workbench.protocol.events import AnyEvent, Failed, PipelineShown, Progress
from workbench.ui.context import Context
from workbench.ui.settings import Setting

PIPELINE: Setting[str] = Setting("data/pipeline", "", "Input pipeline of the Data page")

_log = logging.getLogger(__name__)


class PipelineState(QObject):
    """`pipeline` is what is shown; `shown` what the engine said of it, None before that; `measuring` whether its speed
    is measured now; `progress` (text, fraction) of what goes on, or None; `error` a sentence. `changed` follows any."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.pipeline = _kept(context.settings.get(PIPELINE))
        self.shown: PipelineShown | None = None
        self.measuring = False
        self.progress: tuple[str, float | None] | None = None
        self.error = ""
        self._ticket = 0
        self._asked: tuple[DatasetSpec, InputPipeline] | None = None

    def change(self, pipeline: InputPipeline) -> None:
        """Show another pipeline, which is kept for the next time."""
        if pipeline != self.pipeline:
            self.pipeline = pipeline
            text = "" if pipeline == InputPipeline() else msgspec.json.encode(pipeline).decode()
            self._context.settings.set(PIPELINE, text)
            self.refresh()
            self.changed.emit()

    def refresh(self) -> None:
        """Ask what comes out of the pipeline, unless that was asked already."""
        spec = self._context.data.loaded_spec
        if spec is not None and self._asked != (spec, self.pipeline):
            self._ask(spec, measure=False)

    def measure(self) -> None:
        """Measure how fast each stage is."""
        spec = self._context.data.loaded_spec
        if spec is not None:
            self._ask(spec, measure=True)

    def cancel(self) -> None:
        """Give up what goes on."""
        if self._ticket:
            self._context.client.send(Cancel(self._ticket))

    def forget(self) -> None:
        """The data are others now: what was said no longer counts."""
        self._give_up()
        self._asked, self.shown, self.error = None, None, ""
        self.changed.emit()

    def _ask(self, spec: DatasetSpec, *, measure: bool) -> None:
        self._give_up()
        asked = spec, self.pipeline
        if self.shown is not None and (self._asked is None or self._asked != asked):
            self.shown = None
        self._asked, self.measuring, self.error = asked, measure, ""
        folder = str(self._context.document.path)
        self._ticket = self._context.client.ask(
            lambda ticket: ShowPipeline(ticket, spec, asked[1], folder, measure), self._answered
        )
        self.changed.emit()

    def _give_up(self) -> None:
        if self._ticket:
            self._context.client.forget(self._ticket)
            self._context.client.send(Cancel(self._ticket))
        self._ticket, self.measuring, self.progress = 0, False, None

    def _answered(self, event: AnyEvent) -> None:
        match event:
            case Progress(text=text, fraction=fraction):
                self.progress = text, fraction
            case PipelineShown():
                self.shown = event
                self._done()
            case Failed(message=message, cancelled=cancelled):
                was_measured = self.measuring
                self._done()
                self.error = "" if cancelled else message
                if not (cancelled and was_measured):
                    self._asked = None
        self.changed.emit()

    def _done(self) -> None:
        self._ticket, self.measuring, self.progress = 0, False, None


def _kept(text: str) -> InputPipeline:
    """The pipeline of last time; the usual one where nothing that can be used was kept."""
    if not text:
        return InputPipeline()
    try:
        return complete_stages(msgspec.json.decode(text.encode(), type=InputPipeline))
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        _log.warning("The input pipeline that was kept cannot be read: %s", error)
        return InputPipeline()
