"""What an empty network says: how to begin."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.domain.dataset import DatasetInfo
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

ICON = 40
WIDTH = 320


class EmptyNetwork(QWidget):
    """`first_network_wanted` asks for a network that fits the data, `search_wanted` for the palette."""

    first_network_wanted = Signal()
    search_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        heading = label(self.tr("A network is a list of layers"), role="title")
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text = label(role="muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.first = QPushButton(self.tr("Add a first network for these data"))
        self.first.setProperty("role", "primary")
        self.first.clicked.connect(self.first_network_wanted)
        self.search = QPushButton(self.tr("Search a layer to add"))
        self.search.clicked.connect(self.search_wanted)
        hint = label(
            self.tr("Double-click a layer at the left, drag it here, or type Ctrl+F, its name and Enter."),
            role="small",
            wrap=True,
        )
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # A sheet of its own: a layout asks for the height of what it centres at its own width, and texts would be cut.
        sheet = QWidget()
        sheet.setFixedWidth(WIDTH)
        around = QHBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(sheet)
        layout = QVBoxLayout(sheet)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addStretch(2)
        for widget in (self._icon, heading, self._text):
            layout.addWidget(widget)
        for button in (self.first, self.search):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(hint)
        layout.addStretch(3)
        theme.changed.connect(self._refresh)
        self._refresh()
        self.show_data(None)

    def show_data(self, info: DatasetInfo | None) -> None:
        """Say what the network will take and what it shall give."""
        self.first.setEnabled(info is not None)
        if info is None:
            text = self.tr("The data enter at the top; each layer takes what the one above gives.")
            self._text.setText(text + " " + self.tr("A first network can be laid once the data are loaded."))
            return
        shape = " × ".join(str(size) for size in info.input_shape) or self.tr("one number")
        if info.learns_places and info.task != "reconstruction":
            goal = self.tr("the last one gives what is learned for each dot")
        elif info.task == "multilabel":
            goal = self.tr("the last one says of {0} labels how likely each is").format(len(info.classes))
        elif info.heads:
            goal = self.tr("{0} layers at the end give an output for each target").format(len(info.heads))
        elif info.task == "regression":
            goal = self.tr("the last one gives the number to learn")
        elif info.task == "reconstruction":
            goal = self.tr("the last one gives the same shape again, which is compared with the input")
        else:
            goal = self.tr("the last one tells the {0} classes apart").format(len(info.classes))
        self._text.setText(
            self.tr("The data enter at the top ({0}); each layer takes what the one above gives; {1}.").format(
                shape, goal
            )
        )

    def _refresh(self) -> None:
        icon = self._theme.icon("file-tree-outline")
        self._icon.setPixmap(icon.pixmap(QSize(ICON, ICON), self.devicePixelRatioF()))
