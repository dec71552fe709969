"""The view "Pipeline" of the Data page: what `tf.data` does with the training samples, stage by stage."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.catalogue import ParamEntry
from workbench.domain.input_pipeline import (
    COST_PARAMS,
    ENTRIES,
    SOURCE,
    Costs,
    InputPipeline,
    StageKind,
    move_stage,
    reset_stage_param,
    set_stage_param,
    switch,
)
from workbench.domain.input_pipeline_advice import Bottleneck, bottleneck, hints, shares
from workbench.domain.input_pipeline_code import stage_code
from workbench.domain.values import Value
from workbench.protocol.events import PipelineShown
from workbench.protocol.payloads import StageShown
from workbench.ui.context import Context
from workbench.ui.pages.data.pipeline_card import StageCard
from workbench.ui.pages.data.pipeline_state import PipelineState
from workbench.ui.plots.names import number
from workbench.ui.widgets.highlighter import PythonHighlighter
from workbench.ui.widgets.panel import Panel, label

TRAINING = "training"
NARROW = 540
_COST_OF = {SOURCE: "read_ms", "map": "map_ms", TRAINING: "step_ms"}
_COSTS = {param.name: param for param in COST_PARAMS}


class PipelinePanel(Panel):
    """One card a stage, in their order; above them what holds the pipeline up, below them the training."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Pipeline"), parent)
        self._context = context
        self.state = PipelineState(context, self)
        self.cards: dict[str, StageCard] = {}
        self._add_buttons()
        self.summary = label("", "small", wrap=True)
        self.body.addWidget(self.summary)
        self.verdict = label("", "heading", wrap=True, selectable=True)
        self.body.addWidget(self.verdict)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.body.addWidget(self.progress)
        self.doing = label("", "small")
        self.body.addWidget(self.doing)
        self.message = label("", "bad", wrap=True, selectable=True)
        self.body.addWidget(self.message)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._make_chain())
        self.stack.addWidget(self._make_code())
        self.body.addWidget(self.stack, 1)
        self.state.changed.connect(self._show)
        context.data.info_changed.connect(self._data_changed)
        context.client.state_changed.connect(self._link_changed)
        context.theme.changed.connect(self._refresh_theme)
        self._refresh_theme()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.state.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for card in self.cards.values():
            card.set_narrow(self.width() < NARROW)

    def copy(self) -> None:
        """Put the pipeline as Python on the clipboard."""
        if self.state.shown is not None:
            QGuiApplication.clipboard().setText(self.state.shown.code)
            self._context.notice(self.tr("The pipeline is on the clipboard as Python."), "good")

    def _add_buttons(self) -> None:
        tip = self.tr("Measure how fast each stage is, without what TensorFlow would add by itself")
        self.measure = self._button(self.tr("Measure"), tip, self.state.measure)
        self.cancel = self._button(self.tr("Cancel"), self.tr("Give up measuring"), self.state.cancel)
        self.code_button = self._button(self.tr("Code"), self.tr("The pipeline as Python"), self._show_code)
        self.code_button.setCheckable(True)
        self.copy_button = self._button(self.tr("Copy"), self.tr("Copy the pipeline as Python"), self.copy)
        tip = self.tr("Back to the usual stages, in the usual order, without waiting times")
        self.usual = self._button(self.tr("Reset"), tip, lambda: self.state.change(InputPipeline()))

    def _button(self, text: str, tip: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda: act())
        self.add_to_head(button)
        return button

    def _make_chain(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(6)
        for kind, entry in ENTRIES.items():
            self._add_card(kind, entry.title, entry.summary, fixed=kind == SOURCE)
        self._add_card(TRAINING, self.tr("training"), self.tr("The network takes what comes out."), fixed=True)
        self.own = label("", "small", wrap=True, selectable=True)
        self._column.addWidget(self.own)
        self._column.addStretch(1)
        area.setWidget(inner)
        return area

    def _make_code(self) -> QWidget:
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.code.setAccessibleName(self.tr("The pipeline as Python"))
        self.code.setTabChangesFocus(True)
        self._highlighter = PythonHighlighter(self.code.document(), self._context.theme)
        return self.code

    def _add_card(self, kind: str, title: str, summary: str, *, fixed: bool) -> None:
        card = StageCard(title, summary, self._context, fixed=fixed)
        card.changed.connect(lambda name, value: self._set(kind, name, value))
        card.reset.connect(lambda name: self._reset(kind, name))
        stage: StageKind | None = next((each.kind for each in InputPipeline().stages if each.kind == kind), None)
        if stage is not None:
            card.switched.connect(lambda on: self.state.change(switch(self.state.pipeline, stage, on)))
            card.moved.connect(lambda by: self._move(stage, by))
        self.cards[kind] = card
        self._column.addWidget(card)

    def _move(self, kind: StageKind, by: int) -> None:
        self.state.change(move_stage(self.state.pipeline, kind, by))

    def _set(self, kind: str, name: str, value: Value) -> None:
        if name in _COSTS:
            self._set_cost(name, float(value) if isinstance(value, int | float) else 0.0)
        else:
            self.state.change(set_stage_param(self.state.pipeline, self._kind(kind), name, value))

    def _reset(self, kind: str, name: str) -> None:
        if name in _COSTS:
            self._set_cost(name, 0.0)
        else:
            self.state.change(reset_stage_param(self.state.pipeline, self._kind(kind), name))

    def _set_cost(self, name: str, value: float) -> None:
        costs = msgspec.structs.replace(self.state.pipeline.costs, **{name: value})
        self.state.change(msgspec.structs.replace(self.state.pipeline, costs=costs))

    def _kind(self, kind: str) -> StageKind:
        return next(stage.kind for stage in self.state.pipeline.stages if stage.kind == kind)

    def _show_code(self) -> None:
        self.stack.setCurrentIndex(int(self.code_button.isChecked()))

    def _data_changed(self) -> None:
        self.state.forget()
        if self.isVisible():
            self.state.refresh()

    def _link_changed(self, state: str) -> None:
        if state == "ready" and self.isVisible():
            self.state.refresh()

    # Showing

    def _show(self) -> None:
        state, shown = self.state, self.state.shown
        self._show_order()
        info = self._context.data.info
        said = hints(state.pipeline, info.sizes.get("train", 0) if info is not None else 0)
        found = {stage.kind: stage for stage in shown.stages} if shown is not None else {}
        for kind, card in self.cards.items():
            self._show_params(kind, card)
            on_code = "" if kind == TRAINING else stage_code(state.pipeline, kind)
            card.show_text(on_code, said.get(kind, ()))
            card.show_stage(found.get(kind), info)
        self._show_rates(shown)
        self._show_texts(shown)
        self._show_work()

    def _show_order(self) -> None:
        """Lay the cards in the order of the stages; a card that stays where it is keeps the focus."""
        stages = self.state.pipeline.stages
        for place, stage in enumerate(stages):
            card = self.cards[stage.kind]
            if self._column.indexOf(card) != place + 1:
                self._column.removeWidget(card)
                self._column.insertWidget(place + 1, card)
            card.show_place(stage.on, is_first=place == 0, is_last=place == len(stages) - 1)

    def _show_params(self, kind: str, card: StageCard) -> None:
        pipeline = self.state.pipeline
        entries: tuple[ParamEntry, ...] = ENTRIES[kind].params if kind in ENTRIES else ()
        values = dict(next((stage.params for stage in pipeline.stages if stage.kind == kind), {}))
        cost = _COST_OF.get(kind)
        if cost is not None:
            entries = (*entries, _COSTS[cost])
            if getattr(pipeline.costs, cost):
                values[cost] = getattr(pipeline.costs, cost)
        card.show_params(entries, values)

    def _show_rates(self, shown: PipelineShown | None) -> None:
        rates = [stage.rate for stage in shown.stages if stage.rate is not None] if shown is not None else []
        own = shares(self.state.pipeline, rates) if rates else ()
        found = (
            bottleneck(self.state.pipeline, rates, shown.trained, shown.batch) if shown is not None and rates else None
        )
        by_kind = {rate.kind: share for rate, share in zip(rates, own, strict=True)}
        for kind, card in self.cards.items():
            stage = next((each for each in shown.stages if each.kind == kind), None) if shown is not None else None
            text, tip = self._rate_text(stage)
            card.show_rate(text, tip, by_kind.get(kind), found is not None and found.kind == kind)
        self._show_training(shown, found)
        self.verdict.setText(found.sentence if found is not None else "")
        self.verdict.setVisible(found is not None)

    def _rate_text(self, stage: StageShown | None) -> tuple[str, str]:
        if stage is None or stage.rate is None:
            return "", ""
        first, later = _rounded(stage.rate.first), _rounded(stage.rate.later)
        tip = self.tr("Samples a second up to here: {0} in the first epoch, {1} in later ones").format(first, later)
        cache, place = self.state.pipeline.place("cache"), self._places.get(stage.kind, -1)
        if cache is not None and place >= cache and stage.rate.later > 2 * stage.rate.first:
            return self.tr("{0} → {1}/s").format(first, later), tip  # what the cache brings is to be seen
        return self.tr("{0}/s").format(later), tip

    @property
    def _places(self) -> dict[str, int]:
        return {stage.kind: place for place, stage in enumerate(self.state.pipeline.used)}

    def _show_training(self, shown: PipelineShown | None, found: Bottleneck | None) -> None:
        trained = shown.trained if shown is not None else None
        text = self.tr("{0}/s").format(_rounded(trained)) if trained is not None else ""
        waits = found.waits if found is not None else None
        tip = "" if waits is None else self.tr("It waits for data {0} % of the time").format(round(waits * 100))
        self.cards[TRAINING].show_rate(text, tip, None, False)
        self.own.setText(self._own_text(shown))

    def _own_text(self, shown: PipelineShown | None) -> str:
        """How the workbench itself feeds a network, beside what was measured."""
        text = self.tr(
            "The workbench itself trains without such a pipeline: it prepares all samples once, keeps them as tensors "
            "in memory, and gathers each batch within the graph."
        )
        info = self._context.data.info
        if info is not None and info.stream is not None:
            text = self.tr(
                "The workbench itself reads these data piece by piece while it trains. Data that are held in memory it "
                "prepares once, keeps as tensors, and gathers each batch within the graph."
            )
        last = shown.stages[-1].rate if shown is not None else None
        if shown is None or shown.own is None or last is None:
            return f"{text} {self.tr('Measure to see how fast that is.')}"
        if self.state.pipeline.costs != Costs():
            alone = self.tr("Here that gives {0} samples a second, without the waiting times.")
            return f"{text} {alone.format(_rounded(shown.own))}"
        measured = self.tr("Here that gives {0} samples a second, {1} times as many as this pipeline.")
        ratio = shown.own / last.later
        return f"{text} {measured.format(_rounded(shown.own), _rounded(ratio) if ratio >= 10 else f'{ratio:.1f}')}"

    def _show_texts(self, shown: PipelineShown | None) -> None:
        text = self.tr("What tf.data does with the training samples on their way to the network.")
        if shown is not None:
            count, batch, buffer = shown.few
            few = self.tr(
                "The strips show the order on a small scale: {0} numbered samples stand for the {1}, batches of {2} "
                "for those of {3}, a buffer of {4} for that of {5}. A colour is an epoch, a frame a batch."
            )
            sizes = [self.state.pipeline.whole(*each) for each in (("batch", "batch_size"), ("shuffle", "buffer_size"))]
            whole, held = (f"{size:,}" for size in sizes)
            text += " " + few.format(count, f"{shown.samples:,}", min(count, batch), whole, buffer, held)
            if shown.code != self.code.toPlainText():
                self.code.setPlainText(shown.code)
        if shown is not None and shown.measured is not None and shown.measured < shown.samples:
            text += " " + self.tr("Measured with {0} samples, in batches of {1}.").format(
                f"{shown.measured:,}", shown.batch
            )
        self.summary.setText(" ".join((text, *(shown.notes if shown is not None else ()))))

    def _show_work(self) -> None:
        state = self.state
        self.progress.setVisible(state.progress is not None or state.measuring)
        if state.progress is not None:
            said, fraction = state.progress
            self.progress.setRange(0, 0 if fraction is None else 1000)
            self.progress.setValue(round((fraction or 0) * 1000))
            self.doing.setText(said)
        self.doing.setVisible(state.measuring and state.progress is not None)
        self.measure.setVisible(not state.measuring)
        self.measure.setEnabled(self._context.data.info is not None)
        self.cancel.setVisible(state.measuring)
        self.copy_button.setEnabled(state.shown is not None)
        self.usual.setEnabled(state.pipeline != InputPipeline())
        self.message.setText(state.error)
        self.message.setVisible(bool(state.error))

    def _refresh_theme(self) -> None:
        self.code.setFont(self._context.theme.monospace())


def _rounded(rate: float) -> str:
    """Two significant digits are all that such a measurement tells."""
    digits = max(0, len(str(int(rate))) - 2)
    return number(round(rate, -digits))
