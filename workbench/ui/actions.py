"""The window's actions, declared as data. Texts are English here and translated when the actions are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QT_TRANSLATE_NOOP as UNTYPED_NOOP
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.ui.theme import Theme

# The translation tools find texts by this very name; PySide's stub says that it gives an object.
QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", UNTYPED_NOOP)


@dataclass(frozen=True)
class ActionSpec:
    """One action. `menu` is the menu that holds it; `gap` draws a line above it there."""

    name: str
    menu: str
    text: str
    tip: str
    shortcut: str = ""
    icon: str = ""
    gap: bool = False


MENUS: dict[str, str] = {
    "file": QT_TRANSLATE_NOOP("Actions", "&File"),
    "edit": QT_TRANSLATE_NOOP("Actions", "&Edit"),
    "view": QT_TRANSLATE_NOOP("Actions", "&View"),
    "train": QT_TRANSLATE_NOOP("Actions", "&Train"),
    "help": QT_TRANSLATE_NOOP("Actions", "&Help"),
}

ACTIONS = (
    ActionSpec(
        "welcome",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&New project…"),
        QT_TRANSLATE_NOOP("Actions", "Begin with a sample or with data of your own"),
        "Ctrl+N",
        "file-plus-outline",
    ),
    ActionSpec(
        "open",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Open project…"),
        QT_TRANSLATE_NOOP("Actions", "Open the folder of a project"),
        "Ctrl+O",
        "folder-open-outline",
    ),
    ActionSpec(
        "open_model",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Open &model…"),
        QT_TRANSLATE_NOOP("Actions", "Open a model (.keras, .h5, JSON, SavedModel) or a Keras script as a new project"),
        "Ctrl+Shift+O",
        "cube-outline",
    ),
    ActionSpec(
        "open_data",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Open data &file…"),
        QT_TRANSLATE_NOOP("Actions", "Use a file of your own: a table, arrays, records or a text"),
        "Ctrl+Shift+D",
        "table",
        gap=True,
    ),
    ActionSpec(
        "open_pictures",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Open folder of &pictures…"),
        QT_TRANSLATE_NOOP("Actions", "Use a folder that has one sub-folder of pictures or texts a class"),
        "Ctrl+Shift+P",
        "image-multiple-outline",
    ),
    ActionSpec(
        "save",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Save"),
        QT_TRANSLATE_NOOP("Actions", "Save the project"),
        "Ctrl+S",
        "content-save-outline",
        gap=True,
    ),
    ActionSpec(
        "save_as",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Save &as…"),
        QT_TRANSLATE_NOOP("Actions", "Save the project with its runs in another folder"),
        "Ctrl+Shift+S",
        "content-save-edit-outline",
    ),
    ActionSpec(
        "quit",
        "file",
        QT_TRANSLATE_NOOP("Actions", "&Quit"),
        QT_TRANSLATE_NOOP("Actions", "Close the window; a training is paused and can be resumed"),
        "Ctrl+Q",
        "exit-to-app",
        gap=True,
    ),
    ActionSpec(
        "full_screen",
        "view",
        QT_TRANSLATE_NOOP("Actions", "&Full screen"),
        QT_TRANSLATE_NOOP("Actions", "Fill the screen with the window, or leave it"),
        "F11",
        "fullscreen",
        gap=True,
    ),
    ActionSpec(
        "train",
        "train",
        QT_TRANSLATE_NOOP("Actions", "&Train"),
        QT_TRANSLATE_NOOP("Actions", "Start a new training"),
        "F5",
        "play",
    ),
    ActionSpec(
        "pause",
        "train",
        QT_TRANSLATE_NOOP("Actions", "&Pause or continue"),
        QT_TRANSLATE_NOOP("Actions", "Pause the training, or let it go on"),
        "F6",
        "pause",
    ),
    ActionSpec(
        "step_batch",
        "train",
        QT_TRANSLATE_NOOP("Actions", "Step one &batch"),
        QT_TRANSLATE_NOOP("Actions", "Train one batch, then pause"),
        "F7",
        "skip-next",
    ),
    ActionSpec(
        "step_epoch",
        "train",
        QT_TRANSLATE_NOOP("Actions", "Step one &epoch"),
        QT_TRANSLATE_NOOP("Actions", "Train to the end of the epoch, then pause"),
        "Shift+F7",
        "skip-forward",
    ),
    ActionSpec(
        "stop",
        "train",
        QT_TRANSLATE_NOOP("Actions", "&Stop"),
        QT_TRANSLATE_NOOP("Actions", "End the training and keep the model so far"),
        "Shift+F5",
        "stop",
    ),
    ActionSpec(
        "resume",
        "train",
        QT_TRANSLATE_NOOP("Actions", "&Resume the last run"),
        QT_TRANSLATE_NOOP("Actions", "Go on exactly where the last run was stopped or interrupted"),
        "Ctrl+F5",
        "play-speed",
        gap=True,
    ),
    ActionSpec(
        "restart_engine",
        "train",
        QT_TRANSLATE_NOOP("Actions", "Restart the en&gine"),
        QT_TRANSLATE_NOOP("Actions", "End the engine process and start a new one"),
        "Ctrl+Shift+F5",
        "restart",
    ),
    ActionSpec(
        "log",
        "help",
        QT_TRANSLATE_NOOP("Actions", "Show the &log"),
        QT_TRANSLATE_NOOP("Actions", "Open the folder with the program's log"),
        "Ctrl+Shift+L",
        "text-box-outline",
    ),
    ActionSpec(
        "about",
        "help",
        QT_TRANSLATE_NOOP("Actions", "&About Workbench"),
        QT_TRANSLATE_NOOP("Actions", "Versions and licences"),
        "Shift+F1",
        "information-outline",
    ),
)


def translate(text: str) -> str:
    """An action's or menu's text in the person's language."""
    return QCoreApplication.translate("Actions", text)


def make_actions(owner: QWidget, theme: Theme, handlers: dict[str, Callable[[], object]]) -> dict[str, QAction]:
    """All actions by name, bound to their handlers. Raises KeyError when one has no handler."""
    actions: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = QAction(theme.icon(spec.icon), translate(spec.text), owner)
        action.setObjectName(spec.name)
        action.setShortcut(QKeySequence(spec.shortcut))
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{translate(spec.tip)}  ({shown})" if shown else translate(spec.tip))
        action.setStatusTip(translate(spec.tip))
        handler = handlers[spec.name]
        action.triggered.connect(lambda _checked=False, call=handler: call())
        actions[spec.name] = action
    return actions


def refresh_icons(actions: dict[str, QAction], theme: Theme) -> None:
    """Draw the icons anew after the scheme changed."""
    for spec in ACTIONS:
        actions[spec.name].setIcon(theme.icon(spec.icon))
