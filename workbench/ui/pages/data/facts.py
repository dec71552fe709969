"""What goes into the network and what it learns, in a few lines."""

from PySide6.QtWidgets import QWidget

from workbench.domain.dataset import DatasetInfo
from workbench.ui.plots.names import number
from workbench.ui.widgets.field_form import FieldForm
from workbench.ui.widgets.panel import label


class Facts(QWidget):
    """Shapes, range and memory of loaded data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = FieldForm()
        form.setContentsMargins(0, 0, 0, 0)
        self.input = label("", selectable=True, wrap=True)
        self.output = label("", selectable=True, wrap=True)
        self.memory = label("", selectable=True)
        self.range = label("", selectable=True)
        for title, widget in (
            (self.tr("Input"), self.input),
            (self.tr("To learn"), self.output),
            (self.tr("Scaled to"), self.range),
            (self.tr("Memory"), self.memory),
        ):
            form.addRow(label(title, "muted"), widget)
        self.setLayout(form)

    def show_info(self, info: DatasetInfo) -> None:
        """Show what is known of these data."""
        shape = " × ".join(str(size) for size in info.input_shape) or "1"
        tokens = self.tr("{0} tokens, {1} different ones").format(shape, f"{info.vocabulary_size or 0:,}")
        self.input.setText(shape if info.vocabulary_size is None else tokens)
        target = " × ".join(str(size) for size in info.target_shape)
        numbers = self.tr("{0} numbers").format(target) if target else self.tr("one value")
        itself = info.task == "reconstruction"
        self.output.setText(self.tr("the input itself") if itself else info.target_text or numbers)
        self.range.setText(f"{number(info.input_low)} … {number(info.input_high)}")
        self.memory.setText(size_text(info.bytes))


def size_text(count: int) -> str:
    """Bytes as a person reads them."""
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1024
    raise AssertionError("the loop ends at GB")
