"""The views of what was found: one for each way of looking."""

import html
from collections.abc import Callable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from workbench.protocol.events import Analysed
from workbench.protocol.payloads import Finding
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.sample_map import SampleMap
from workbench.ui.plots.heat_map import HeatMap
from workbench.ui.plots.image_grid import ImageGrid
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.parts import part_word

ICONS = {"good": "check-circle-outline", "warning": "alert-outline", "bad": "alert-octagon-outline"}
ICON = 18


class AnalysisView(Protocol):
    """Something that shows an `Analysed`."""

    @property
    def widget(self) -> QWidget:
        """What is shown."""
        ...

    def show_found(self, event: Analysed) -> None:
        """Show what was found."""
        ...


def make_view(kind: str, context: Context) -> AnalysisView:
    """The view for a way of looking; sentences for those that have nothing else."""
    views: dict[str, Callable[[Context], AnalysisView]] = {
        "correlations": Correlations,
        "map": MapView,
        "means": Means,
        "tsne": MapView,
    }
    return views.get(kind, Sentences)(context)


class Sentences:
    """One row a finding, with the samples that it speaks of."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._findings: tuple[Finding, ...] = ()
        self.widget = QScrollArea()
        self.widget.setWidgetResizable(True)
        self.widget.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        self.rows = FindingRows(context)
        column.addWidget(self.rows)
        column.addStretch(1)
        self.widget.setWidget(inner)

    def show_found(self, event: Analysed) -> None:
        """Show the sentences."""
        self.rows.show_findings(event.findings)


class FindingRows(QWidget):
    """Sentences with an icon of how grave they are."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._findings: tuple[Finding, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        context.theme.changed.connect(lambda: self.show_findings(self._findings))

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show these in the place of those shown so far."""
        self._findings = findings
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in findings:
            self._column.addWidget(self._row(finding))
        self.setVisible(bool(findings))

    def _row(self, finding: Finding) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        icon = QLabel()
        color = getattr(self._context.theme.tokens, finding.severity)
        icon.setPixmap(self._context.theme.icon(ICONS[finding.severity], color).pixmap(ICON, ICON))
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(label(finding.text, wrap=True, selectable=True))
        if finding.samples:
            column.addWidget(label(self._samples_text(finding), "small", wrap=True, selectable=True))
        layout.addLayout(column, 1)
        return row

    def _samples_text(self, finding: Finding) -> str:
        named = ", ".join(f"{part_word(part)} {index}" for part, index in finding.samples)
        return self.tr("For example {0}").format(named)


class Correlations:
    """A square a pair of columns, and what stands out."""

    def __init__(self, context: Context) -> None:
        self.widget = QWidget()
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        self.rows = FindingRows(context)
        self.map = HeatMap(context.theme)
        self.text = label("", "small", wrap=True)
        self.map.hovered.connect(self._say)
        self._theme = context.theme
        context.theme.changed.connect(lambda: self._say(""))
        self._say("")
        column.addWidget(self.rows)
        column.addWidget(self.map, 1)
        column.addWidget(self.text)

    def _say(self, pair: str) -> None:
        """The pair that is pointed at, or what the colours mean."""
        up, down = self._theme.tokens.series[:2]
        meaning = QCoreApplication.translate(
            "Correlations",
            "{0} both rise together, {1} one falls as the other rises; the stronger the colour, the surer. Point at a "
            "square for its number.",
        )
        dots = (f'<span style="color:{color}">●</span>' for color in (up, down))
        self.text.setText(html.escape(pair) or meaning.format(*dots))

    def show_found(self, event: Analysed) -> None:
        """Show the matrix."""
        self.rows.show_findings(event.findings[:3])
        self.map.show_matrix(to_numpy(event.arrays["matrix"]).astype(np.float64), _names(event))


class Means:
    """The mean picture of each class, with its name."""

    def __init__(self, context: Context) -> None:
        self.grid = ImageGrid(context.theme, largest=160)
        self.widget: QWidget = self.grid

    def show_found(self, event: Analysed) -> None:
        """Show the pictures."""
        self.grid.show_pictures(to_numpy(event.arrays["means"]), _names(event))


class MapView:
    """The map of all samples."""

    def __init__(self, context: Context) -> None:
        self.map = SampleMap(context)
        self.widget: QWidget = self.map

    def show_found(self, event: Analysed) -> None:
        """Show the points."""
        self.map.show_map(event)


def _names(event: Analysed) -> tuple[str, ...]:
    names = event.facts.get("names")
    return tuple(str(name) for name in names) if isinstance(names, tuple | list) else ()
