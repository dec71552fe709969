"""What can be done with runs, as actions: in the Edit menu and by shortcut, as by the buttons beside the list."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from workbench.ui.theme import Theme
from workbench.ui.widgets.menu_button import open_menu
from workbench.ui.widgets.page_action import QT_TRANSLATE_NOOP, PageActionSpec, page_action

ACTIONS = (
    PageActionSpec(
        "inspect",
        QT_TRANSLATE_NOOP("RunMenu", "&Look inside"),
        QT_TRANSLATE_NOOP("RunMenu", "See its feature maps and predictions on the Inspect page"),
        "Ctrl+I",
        "eye-outline",
    ),
    PageActionSpec(
        "evaluate",
        QT_TRANSLATE_NOOP("RunMenu", "&Evaluate on test"),
        QT_TRANSLATE_NOOP("RunMenu", "Compute loss and metrics on the test data, which it never saw"),
        "Ctrl+E",
        "clipboard-check-outline",
    ),
    PageActionSpec(
        "use",
        QT_TRANSLATE_NOOP("RunMenu", "Use its &settings"),
        QT_TRANSLATE_NOOP("RunMenu", "Set the hyperparameters of this run on the Train page"),
        "Ctrl+Alt+S",
        "tune-variant",
    ),
    PageActionSpec(
        "project",
        QT_TRANSLATE_NOOP("RunMenu", "&Open as project…"),
        QT_TRANSLATE_NOOP("RunMenu", "Make a new project of the data, network and settings of this run"),
        "Ctrl+Alt+O",
        "folder-plus-outline",
    ),
    PageActionSpec(
        "export",
        QT_TRANSLATE_NOOP("RunMenu", "E&xport model…"),
        QT_TRANSLATE_NOOP("RunMenu", "Write its model for other programs and devices"),
        "Ctrl+Shift+E",
        "export-variant",
    ),
    PageActionSpec(
        "folder",
        QT_TRANSLATE_NOOP("RunMenu", "Show &folder"),
        QT_TRANSLATE_NOOP("RunMenu", "Open the folder of this run"),
        "Ctrl+Alt+F",
        "folder-open-outline",
    ),
    PageActionSpec(
        "compare",
        QT_TRANSLATE_NOOP("RunMenu", "&Compare networks"),
        QT_TRANSLATE_NOOP(
            "RunMenu", "See what differs between two runs, or between a run and the project as it is now"
        ),
        "Ctrl+K",
        "compare",
    ),
    PageActionSpec(
        "rename",
        QT_TRANSLATE_NOOP("RunMenu", "Rena&me"),
        QT_TRANSLATE_NOOP("RunMenu", "Give it another name"),
        "F2",
        "rename-outline",
    ),
    PageActionSpec(
        "delete",
        QT_TRANSLATE_NOOP("RunMenu", "&Delete"),
        QT_TRANSLATE_NOOP("RunMenu", "Move it to the trash of the project"),
        "Del",
        "trash-can-outline",
    ),
)


def translate(text: str) -> str:
    """The text of an action in the person's language."""
    return QCoreApplication.translate("RunMenu", text)


class RunMenu(QObject):
    """The actions, by name. Each presses its button, and can be used whenever that can."""

    def __init__(self, page: QWidget, theme: Theme, buttons: Mapping[str, QToolButton]) -> None:
        super().__init__(page)
        self._theme = theme
        self._buttons = {spec.name: buttons[spec.name] for spec in ACTIONS}
        self.by_name = {spec.name: self._make(spec, page) for spec in ACTIONS}
        theme.changed.connect(self._refresh_icons)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.EnabledChange:
            for name, button in self._buttons.items():
                self.by_name[name].setEnabled(button.isEnabled())
        return super().eventFilter(watched, event)

    def _make(self, spec: PageActionSpec, page: QWidget) -> QAction:
        button, icon = self._buttons[spec.name], self._theme.icon(spec.icon)
        press = button.click if button.menu() is None else lambda: open_menu(button)
        text, tip = translate(spec.text), translate(spec.tip)
        everywhere = spec.name != "delete"  # which only the list is asked for
        action = page_action(page, f"run_{spec.name}", icon, text, tip, spec.shortcut, press, everywhere=everywhere)
        action.setEnabled(button.isEnabled())
        button.setToolTip(action.toolTip())
        button.installEventFilter(self)
        page.addAction(action)
        return action

    def _refresh_icons(self) -> None:
        for spec in ACTIONS:
            self.by_name[spec.name].setIcon(self._theme.icon(spec.icon))
