"""What a trained model can be exported as."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from workbench.protocol.commands import ExportKind, Quantization
from workbench.ui.widgets.lasting_menu import LastingMenu

ENDINGS: dict[ExportKind, str] = {
    "keras": ".keras",
    "h5": ".h5",
    "weights": ".weights.h5",
    "json": ".json",
    "saved_model": "",
    "onnx": ".onnx",
    "litert": ".tflite",
    "script": ".py",
    "picture": ".svg",
}
WITH_PREPARATION: tuple[ExportKind, ...] = ("keras", "saved_model")


class ExportMenu(LastingMenu):
    """`wanted(kind, quantization)` follows the choice of a form; ticks beside them say more of it."""

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._add(self, "keras", self.tr("Keras model (.keras)…"))
        self._add(self, "h5", self.tr("Keras model, old format (.h5)…"))
        self._add(self, "weights", self.tr("Weights only (.weights.h5)…"))
        self._add(self, "json", self.tr("Architecture only (.json)…"))
        self._add(self, "saved_model", self.tr("TensorFlow SavedModel (folder)…"))
        self._add(self, "onnx", self.tr("ONNX for other runtimes (.onnx)…"))
        self._add_litert()
        self._add(self, "script", self.tr("Keras script (.py)…"))
        self._add(self, "picture", self.tr("Picture of the network (.svg)…"))
        self.addSeparator()
        self.with_preparation = self.addAction(self.tr("With the preparation inside"))
        self.with_preparation.setCheckable(True)
        self.with_preparation.setToolTip(
            self.tr("Keras model and SavedModel then take raw data: columns with holes, texts, bytes of pictures")
        )

    def _add(self, menu: QMenu, kind: ExportKind, title: str, quantization: Quantization = "none") -> None:
        action = menu.addAction(title)
        action.triggered.connect(lambda _checked=False: self.wanted.emit(kind, quantization))

    def _add_litert(self) -> None:
        """For small devices: how the numbers are kept, and whether steps are laid out."""
        menu = LastingMenu(self)
        menu.setTitle(self.tr("LiteRT for small devices (.tflite)"))
        menu.setToolTipsVisible(True)
        forms: list[tuple[Quantization, str]] = [
            ("none", self.tr("32-bit numbers…")),
            ("float16", self.tr("Weights of 16 bits (float16)…")),
            ("dynamic", self.tr("Large weights of 8 bits (dynamic range)…")),
            ("int8", self.tr("Whole numbers of 8 bits (full integer)…")),
        ]
        for quantization, title in forms:
            self._add(menu, "litert", title, quantization)
        menu.addSeparator()
        self.unroll = menu.addAction(self.tr("Lay out the steps of recurrent layers"))
        self.unroll.setCheckable(True)
        self.unroll.setToolTip(self.tr("Makes the file larger; whole numbers of 8 bits need it (unroll)"))
        self.litert = menu
        self.addMenu(menu)
