"""How the parts of the Model page share its room, until the person shares it out."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSplitter, QWidget

from workbench.ui.theme.tokens import GAP

WIDTHS = (250, 330)  # of the palette and the form
NARROWEST_PALETTE = 190  # below it names of layers would be cut
NARROWEST_FORM = 280  # below it titles beside two buttons would be
ROOMY = 1000  # pixels in which palette, tree, diagram and form fit side by side
FIRST = 490  # pixels are for the network before problems and code have more
LEAST_BELOW, MOST_BELOW = 130, 210


class Room(QObject):
    """Of palette, `middle` (the network with problems and code below it) and form, the columns of `page`.

    In a small window palette and form are as narrow as they may be, and the palette leaves its room to tree and diagram
    side by side.
    """

    def __init__(self, page: QSplitter, palette: QWidget, middle: QSplitter, form: QWidget) -> None:
        super().__init__(page)
        self._page, self._palette, self._middle = page, palette, middle
        self._is_wide_by_hand = self._is_high_by_hand = False
        for splitter in (page, middle):
            splitter.setHandleWidth(GAP)
            splitter.setChildrenCollapsible(False)
        palette.setMinimumWidth(NARROWEST_PALETTE)
        form.setMinimumWidth(NARROWEST_FORM)
        for widget in (palette, middle, form):
            page.addWidget(widget)
        page.setStretchFactor(1, 1)
        middle.setStretchFactor(0, 1)
        page.splitterMoved.connect(self._widened)
        middle.splitterMoved.connect(self._heightened)

    def share(self, *, is_both: bool) -> bool:
        """Share the room; `is_both`: tree and diagram are to stand side by side. False where the palette has none."""
        width, height = self._page.width(), self._page.height()
        has_room = width >= ROOMY or not is_both
        self._palette.setVisible(has_room)
        if not self._is_wide_by_hand:
            palette, form = WIDTHS if width >= ROOMY else (NARROWEST_PALETTE, NARROWEST_FORM)
            self._page.setSizes([palette, width - palette - form - 2 * GAP, form])
        if not self._is_high_by_hand:
            below = min(MOST_BELOW, max(LEAST_BELOW, height - FIRST))
            self._middle.setSizes([height - GAP - below, below])
        return has_room

    def _widened(self) -> None:
        self._is_wide_by_hand = True

    def _heightened(self) -> None:
        self._is_high_by_hand = True
