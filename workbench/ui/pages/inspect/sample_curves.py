"""A sample that is an array or a window of time, as the network gets it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.protocol.events import Probed
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.array_sample import SamplePlot
from workbench.ui.plots.legend import Legend
from workbench.ui.widgets.panel import label

HIGHEST = 170


class SampleCurves(QWidget):
    """Its curves with their names, or its colours with their range; hidden for samples of other forms."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.plot = SamplePlot(context.theme)
        self.plot.setMaximumHeight(HIGHEST)
        self.range = label("", "small", wrap=True)
        self.legend = Legend(context.theme)
        self.legend.toggled.connect(lambda key, visible: self.plot.set_visible(int(key), visible))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        title = label(self.tr("The sample, as the network gets it"), "small", wrap=True)
        for widget in (title, self.plot, self.range, self.legend):
            column.addWidget(widget)
        context.theme.changed.connect(self._show_legend)
        self.hide()

    def show_result(self, result: Probed) -> bool:
        """Show the input of an answer. False, and hidden, where it is no array."""
        info, array = self._context.data.info, result.arrays.get("input")
        suits = info is not None and (info.form == "series" or (info.form == "arrays" and not info.columns))
        self.setVisible(suits and array is not None)
        if not suits or array is None:
            return False
        self.plot.show_sample(to_numpy(array))
        self.range.setText(self.plot.range_text())
        self.range.setVisible(bool(self.range.text()))
        self._show_legend()
        return True

    def _show_legend(self) -> None:
        info, looks = self._context.data.info, self.plot.looks()
        names = info.features if info is not None and len(info.features) == len(looks) else ()
        self.legend.setVisible(bool(names) and len(looks) > 1)
        entries = zip(names, looks, strict=True) if names else ()
        self.legend.show_entries([(str(place), name, look, True) for place, (name, look) in enumerate(entries)])
