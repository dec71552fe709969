"""The small menu with the slider for the strength of smoothing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QVBoxLayout, QWidget, QWidgetAction

from workbench.ui.settings import SMOOTHING, Settings
from workbench.ui.widgets.panel import label

# The slider's places: what matters lies near 1, so they are spread evenly in the number of batches averaged over.
PLACES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999)


class SmoothingPopup(QMenu):
    """Sets the setting `SMOOTHING`, which all plots follow."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        self._text = label()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(PLACES) - 1)
        self.slider.setPageStep(1)
        self.slider.setMinimumWidth(200)
        self.slider.setAccessibleName(self.tr("Strength of smoothing"))
        ends = QHBoxLayout()
        ends.addWidget(label(self.tr("as it is"), "small"))
        ends.addStretch(1)
        ends.addWidget(label(self.tr("very smooth"), "small"))
        layout.addWidget(self._text)
        layout.addWidget(self.slider)
        layout.addLayout(ends)
        action = QWidgetAction(self)
        action.setDefaultWidget(box)
        self.addAction(action)
        self.aboutToShow.connect(self._read)
        self._read()
        self.slider.valueChanged.connect(self._changed)

    def _read(self) -> None:
        strength = self._settings.get(SMOOTHING)
        nearest = min(range(len(PLACES)), key=lambda place: abs(PLACES[place] - strength))
        self.slider.setValue(nearest)
        self._tell()

    def _changed(self, place: int) -> None:
        self._settings.set(SMOOTHING, PLACES[place])
        self._tell()

    def _tell(self) -> None:
        strength = PLACES[self.slider.value()]
        if strength == 0:
            self._text.setText(self.tr("Not smoothed"))
        else:
            text = self.tr("Smoothed over about {0} batches").format(round(1 / (1 - strength)))
            self._text.setText(text)
