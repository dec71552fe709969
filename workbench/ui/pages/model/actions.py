"""The actions on the network, made from their declaration, and what each needs to be selected."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workbench.domain.edits.start import has_start
from workbench.domain.sealed import is_sealed
from workbench.domain.tree import AnyNode, Base, Block, Layer, Repeat, Residual, Wrapper
from workbench.ui.pages.model.action_specs import ACTIONS, ActionSpec
from workbench.ui.theme import Theme
from workbench.ui.widgets.page_action import page_action


def _translate(text: str) -> str:
    return QCoreApplication.translate("NetworkActions", text)


class NetworkActions(QObject):
    """The actions, in order, with lines between groups. `for_layers` work while `tree` has the focus, `for_page`
    anywhere on the page."""

    def __init__(self, page: QWidget, tree: QWidget, theme: Theme, handlers: dict[str, Callable[[], object]]) -> None:
        super().__init__(page)
        self._theme = theme
        self.by_name: dict[str, QAction] = {}
        self.for_layers: list[QAction] = []
        self.for_page: list[QAction] = []
        for spec in ACTIONS:
            action = self._make(spec, page, handlers[spec.name])
            made = [action]
            if spec.gap:
                line = QAction(page)
                line.setSeparator(True)
                made.insert(0, line)
            self.by_name[spec.name] = action
            (self.for_page if spec.everywhere else self.for_layers).extend(made)
            (page if spec.everywhere else tree).addAction(action)
        theme.changed.connect(self.refresh_icons)

    def refresh(self, nodes: Collection[AnyNode]) -> None:
        """Switch each action on or off for what is selected."""
        able = {
            "": True,
            "some": bool(nodes),
            "one": len(nodes) == 1,
            "trainable": any(hasattr(node, "trainable") and not is_sealed(node) for node in nodes),
            "started": has_start(nodes),
            "linked": any(isinstance(node, Block) and node.linked for node in nodes),
            "layers": bool(nodes) and all(isinstance(node, Layer) and not is_sealed(node) for node in nodes),
            "repeat": any(isinstance(node, Repeat) for node in nodes),
            "block": any(isinstance(node, Base | Block | Repeat | Residual | Wrapper) for node in nodes),
        }
        for spec in ACTIONS:
            self.by_name[spec.name].setEnabled(able[spec.needs])

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the scheme."""
        for spec in ACTIONS:
            self.by_name[spec.name].setIcon(self._theme.icon(spec.icon))

    def _make(self, spec: ActionSpec, page: QWidget, handler: Callable[[], object]) -> QAction:
        text, tip = _translate(spec.text), _translate(spec.tip)
        icon = self._theme.icon(spec.icon)
        name = f"network_{spec.name}"
        return page_action(page, name, icon, text, tip, spec.shortcut, handler, everywhere=spec.everywhere)
