"""The right of the Train page: what the network makes of a sample while it learns, or of the whole plane."""

import numpy as np
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from workbench.domain.dataset import DatasetInfo
from workbench.domain.summary import LayerSummary
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import AnyEvent, Probed, SamplesShown
from workbench.protocol.probes import DECISION_SURFACE, FEATURE_MAPS
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.train.activation import ActivationView
from workbench.ui.pages.train.empty import EmptyState
from workbench.ui.pages.train.prediction import PredictionView
from workbench.ui.pages.train.sample import SampleChooser
from workbench.ui.pages.train.watch import LiveWatch
from workbench.ui.plots.surface import SurfacePlot
from workbench.ui.widgets.panel import Panel, label, line
from workbench.ui.widgets.turns import Turns
from workbench.ui.widgets.wheel import steady

POINTS = 600
EMPTY, MAPS, SURFACE = 0, 1, 2
WHOLE_PLANE = ""  # the first choice where the data have a surface; no layer has this name
LEAST_SURFACE, TALLEST = 200, 1.5


class LivePanel(Panel):
    """Follows the training several times a second, only while it is seen."""

    def __init__(self, context: Context, turns: Turns, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("Feature maps, live"))
        self._context = context
        self._points_of: object = None
        self._newest: Probed | None = None
        self._turns = turns
        self.watch = LiveWatch(context, self)
        self.layer = steady(QComboBox())
        self.layer.setAccessibleName(self.tr("Layer"))
        self.layer.setToolTip(
            self.tr("What is shown: a layer's activations or, of two-dimensional data, the whole surface")
        )
        self.layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.layer.activated.connect(lambda _index: self._chosen())
        self.layer.setVisible(False)
        self.stack = QStackedWidget()
        self.hint = EmptyState(context.theme, "eye-outline")
        self.stack.addWidget(self.hint)
        self.stack.addWidget(self._maps_page())
        self.surface: SurfacePlot | None = None
        self.surface_text = label("", "small", wrap=True)
        self.body.addWidget(self.layer)
        self.body.addWidget(self.stack, 1)
        self.stack.currentChanged.connect(lambda page: self.layer.setVisible(page != EMPTY))
        self._connect()
        self._info_changed()
        self._show_layers()

    def _connect(self) -> None:
        context = self._context
        self.sample.changed.connect(self._look)
        self.watch.seen.connect(self._seen)
        self.watch.failed.connect(self._failed)
        context.data.info_changed.connect(self._info_changed)
        context.model.changed.connect(self._show_layers)
        context.run.status_changed.connect(lambda _status: self._show_state())
        context.run.replaced.connect(self._show_layers)
        context.run.advanced.connect(self._show_state)
        context.document.opened.connect(self._project_opened)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.watch.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watch.set_active(False)

    def _maps_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.activation = ActivationView(self._context.theme)
        column.addWidget(self.activation, 1)
        column.addWidget(line())
        self.sample = SampleChooser(self._context.theme)
        column.addWidget(self.sample)
        self.prediction = PredictionView(self._context.theme)
        column.addWidget(self.prediction)
        return page

    def _make_surface(self) -> SurfacePlot:
        """The surface is made for the first data that have one: a plot takes its time."""
        surface = SurfacePlot(self._context.theme)
        page = SurfacePage(surface, self.surface_text)
        surface.hovered.connect(self._hovered)
        self.stack.addWidget(page)
        return surface

    def _hovered(self, text: str) -> None:
        self.surface_text.setText(text or self._surface_hint())

    def _surface_hint(self) -> str:
        if self._is_curve:
            return self.tr("The line is what the network answers; the points are training samples.")
        return self.tr("The colour says what the network answers at each place; the points are training samples.")

    @property
    def _has_surface(self) -> bool:
        info = self._context.data.info
        decides = info is not None and info.task != "reconstruction"
        return info is not None and decides and info.form == "points" and info.sample_shape in ((1,), (2,))

    @property
    def _is_surface(self) -> bool:
        """Whether the surface is looked at, and not a layer."""
        return self._has_surface and self.layer.currentData() == WHOLE_PLANE

    @property
    def _is_curve(self) -> bool:
        info = self._context.data.info
        return self._has_surface and info is not None and info.sample_shape == (1,)

    def _info_changed(self) -> None:
        info = self._context.data.info
        if self._has_surface and self.surface is None:
            self.surface = self._make_surface()
        self.surface_text.setText(self._surface_hint())
        self.sample.show_info(info)
        self.prediction.show_info(info)
        if self._has_surface and info is not None:
            self._ask_points(info)
        self._show_layers()
        self._look()

    def _show_title(self) -> None:
        info, summary = self._context.data.info, self._context.model.summary
        layers = summary.layers if summary is not None else ()
        shape = next((each.output_shape for each in layers if each.name == self.layer.currentData()), None)
        is_flat = info is not None and info.form in ("table", "points", "text") if shape is None else len(shape) < 2
        if self._is_surface:
            self.set_title(self.tr("Fitted curve, live") if self._is_curve else self.tr("Decision surface, live"))
        elif is_flat:
            self.set_title(self.tr("Activations, live"))
        else:
            self.set_title(self.tr("Feature maps, live"))

    def _project_opened(self) -> None:
        """What was seen is of another network; a layer that happens to have the same name is not the one to show."""
        self.layer.clear()
        self.stack.setCurrentIndex(EMPTY)

    def _show_layers(self) -> None:
        """Offer the surface where there is one, and the layers; while a run trains, those it began with."""
        entries, summary = self._surface_entries(), self._context.model.summary
        layers = summary.layers if summary is not None else ()
        entries += [(_title(each), each.name) for each in layers if each.class_name != "InputLayer"]
        shown = [(self.layer.itemText(index), self.layer.itemData(index)) for index in range(self.layer.count())]
        if entries != shown and not (self._context.run.busy and self.layer.count()):
            before = self.layer.currentData()
            self.layer.clear()
            for text, name in entries:
                self.layer.addItem(text, name)
            index = self.layer.findData(before)
            first = 0 if self._has_surface else _most_telling(layers)
            self.layer.setCurrentIndex(index if index >= 0 else first)
            self._look()
        self._show_state()

    def _surface_entries(self) -> list[tuple[str, str]]:
        if not self._has_surface:
            return []
        return [(self.tr("Fitted curve") if self._is_curve else self.tr("Decision surface"), WHOLE_PLANE)]

    def _chosen(self) -> None:
        if self.stack.currentIndex() != EMPTY:
            self.stack.setCurrentIndex(SURFACE if self._is_surface else MAPS)
        self._look()
        self._show_state()

    def _look(self) -> None:
        self._show_title()
        if self._is_surface:
            self.watch.want(DECISION_SURFACE, {}, None)
        elif self.layer.currentData():
            self.watch.want(FEATURE_MAPS, {"layer": self.layer.currentData()}, self.sample.sample)
        else:
            self.watch.stop()

    def _seen(self, event: Probed) -> None:
        if event.probe != (DECISION_SURFACE if self._is_surface else FEATURE_MAPS):
            return  # a late answer to what was chosen before
        self._newest = event
        if self._is_surface:
            self._turns.take(self._show_surface)
        else:
            self._turns.take(self._show_activation, self._show_prediction)
        self.stack.setCurrentIndex(SURFACE if self._is_surface else MAPS)

    def _show_activation(self) -> None:
        if self._newest is not None:
            self.activation.show_result(self._newest, self.layer.currentData())

    def _show_prediction(self) -> None:
        if self._newest is not None:
            self.prediction.show_result(self._newest)

    def _failed(self, message: str) -> None:
        if self._is_surface:
            self.surface_text.setText(message)
        else:
            self.activation.show_message(message)

    def _show_surface(self) -> None:
        event = self._newest
        if self.surface is None or event is None:
            return
        arrays = {name: to_numpy(array) for name, array in event.arrays.items()}
        classes = event.facts.get("classes") or ()
        names = [str(name) for name in classes] if isinstance(classes, tuple | list) else []
        if "surface" in arrays:
            self.surface.show_surface(arrays["x"], arrays["y"], arrays["surface"], names)
        elif "curve" in arrays:
            self.surface.show_curve(arrays["x"], arrays["curve"])

    def _ask_points(self, info: DatasetInfo) -> None:
        spec, folder = self._context.data.loaded_spec, str(self._context.document.path)
        if spec is None or self._points_of == (spec, info.fingerprint):
            return
        self._points_of = (spec, info.fingerprint)
        self._context.client.ask(
            lambda ticket: ShowSamples(ticket, spec, "train", 0, POINTS, None, folder), self._points_came
        )

    def _points_came(self, event: AnyEvent) -> None:
        if isinstance(event, SamplesShown) and event.inputs is not None and self.surface is not None:
            values = event.labels or event.targets
            self.surface.show_points(to_numpy(event.inputs), np.asarray(values))

    def _show_state(self) -> None:
        self.hint.set_text(self._hint())
        if not self._has_picture():
            self.stack.setCurrentIndex(EMPTY)

    def _hint(self) -> str:
        """What stands where no picture is yet."""
        run = self._context.run
        if not self._context.document.project.model.nodes:
            return self.tr("When the network has layers, you can watch here what each of them sees.")
        if run.busy:
            return run.preparing or self.tr("The pictures begin with the first batches.")
        if self._is_curve:
            return self.tr("Press Train. You see how the network's curve bends towards the points.")
        if self._has_surface:
            return self.tr(
                "Press Train. The plane is coloured by what the network answers, and you see the border form."
            )
        return self.tr(
            "Press Train. Here you see what a layer makes of one sample, and how its maps form "
            "while the network learns."
        )

    def _has_picture(self) -> bool:
        if self._is_surface:
            return self.stack.currentIndex() == SURFACE
        return self.stack.currentIndex() == MAPS and self.layer.count() > 0


class SurfacePage(QWidget):
    """A surface over its text; never so tall and narrow that its shapes are not known again."""

    def __init__(self, surface: SurfacePlot, text: QWidget) -> None:
        super().__init__()
        self._surface = surface
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(surface, 1000)
        column.addWidget(text)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._surface.setMaximumHeight(max(LEAST_SURFACE, round(self.width() * TALLEST)))
        super().resizeEvent(event)


def _title(layer: LayerSummary) -> str:
    shape = " × ".join("?" if size is None else str(size) for size in layer.output_shape)
    return f"{layer.name}   {shape}"


def _most_telling(layers: tuple[LayerSummary, ...]) -> int:
    """The place of the layer to show first: the last convolution, else the first layer that learns."""
    shown = [layer for layer in layers if layer.class_name != "InputLayer"]
    spatial = [place for place, layer in enumerate(shown) if len(layer.output_shape) == 3 and layer.params]
    learning = [place for place, layer in enumerate(shown) if layer.params]
    return spatial[-1] if spatial else (learning[0] if learning else 0)
