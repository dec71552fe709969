"""What can be done by hand with the weights of a layer, as actions: in the Edit menu, on buttons, by shortcut."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workbench.ui.theme import Theme
from workbench.ui.widgets.page_action import QT_TRANSLATE_NOOP, PageActionSpec, page_action

ACTIONS = (
    PageActionSpec(
        "zero",
        QT_TRANSLATE_NOOP("WeightsActions", "Set to &zero"),
        QT_TRANSLATE_NOOP("WeightsActions", "Set the weights of the chosen unit or array to zero"),
        "Ctrl+0",
        "numeric-0-box-outline",
    ),
    PageActionSpec(
        "remove",
        QT_TRANSLATE_NOOP("WeightsActions", "&Remove unit"),
        QT_TRANSLATE_NOOP("WeightsActions", "Take the unit out of the network; the layers behind it are adapted"),
        "Ctrl+Del",
        "content-cut",
    ),
    PageActionSpec(
        "zero_layer",
        QT_TRANSLATE_NOOP("WeightsActions", "Zero the &layer"),
        QT_TRANSLATE_NOOP("WeightsActions", "Set all weights of the layer to zero"),
        "Ctrl+Shift+0",
        "layers-off-outline",
    ),
    PageActionSpec(
        "reset",
        QT_TRANSLATE_NOOP("WeightsActions", "&Draw anew"),
        QT_TRANSLATE_NOOP("WeightsActions", "Draw the weights of the layer at random again, as before a training"),
        "Ctrl+Alt+N",
        "dice-5-outline",
    ),
    PageActionSpec(
        "undo",
        QT_TRANSLATE_NOOP("WeightsActions", "&Undo change of weights"),
        QT_TRANSLATE_NOOP("WeightsActions", "Leave out the last change of the weights"),
        "Ctrl+Alt+Z",
        "undo",
    ),
    PageActionSpec(
        "redo",
        QT_TRANSLATE_NOOP("WeightsActions", "Red&o change of weights"),
        QT_TRANSLATE_NOOP("WeightsActions", "Do the change again that was undone last"),
        "Ctrl+Alt+Y",
        "redo",
    ),
    PageActionSpec(
        "discard",
        QT_TRANSLATE_NOOP("WeightsActions", "Discard &all changes of weights"),
        QT_TRANSLATE_NOOP("WeightsActions", "Go back to the weights of the run"),
        "Ctrl+Alt+D",
        "restore",
    ),
    PageActionSpec(
        "keep",
        QT_TRANSLATE_NOOP("WeightsActions", "&Keep as a run"),
        QT_TRANSLATE_NOOP("WeightsActions", "Make a run of its own of the changed network; this run stays as it is"),
        "Ctrl+Alt+K",
        "content-save-plus-outline",
    ),
)


def _translate(text: str) -> str:
    return QCoreApplication.translate("WeightsActions", text)


class WeightsActions(QObject):
    """The actions, by name. They work while something within `owner` has the focus."""

    def __init__(self, owner: QWidget, theme: Theme, handlers: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(owner)
        self._theme = theme
        self.by_name = {spec.name: self._make(spec, owner, handlers[spec.name]) for spec in ACTIONS}
        theme.changed.connect(self._refresh_icons)

    def enable(self, **able: bool) -> None:
        """Switch actions on and off."""
        for name, is_able in able.items():
            self.by_name[name].setEnabled(is_able)

    def _make(self, spec: PageActionSpec, owner: QWidget, handler: Callable[[], object]) -> QAction:
        text, tip = _translate(spec.text), _translate(spec.tip)
        icon = self._theme.icon(spec.icon)
        action = page_action(owner, f"weights_{spec.name}", icon, text, tip, spec.shortcut, handler)
        owner.addAction(action)
        return action

    def _refresh_icons(self) -> None:
        for spec in ACTIONS:
            self.by_name[spec.name].setIcon(self._theme.icon(spec.icon))
