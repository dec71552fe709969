"""The main window. It only assembles: menu, top bar, rail, pages, notices; what they do lives elsewhere."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, QUrl, SignalInstance
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from workbench.domain.places import log_folder
from workbench.ui.about import show_about
from workbench.ui.actions import ACTIONS, MENUS, make_actions, refresh_icons, translate
from workbench.ui.context import Context, Notice
from workbench.ui.files import Files
from workbench.ui.pages import PageEntry, WithMenu, load_pages
from workbench.ui.settings import GEOMETRY, PAGE, SCHEME
from workbench.ui.theme.tokens import GAP
from workbench.ui.training import TrainingControl
from workbench.ui.welcome import Welcome
from workbench.ui.widgets.notice_bar import NoticeBar
from workbench.ui.widgets.rail import Rail
from workbench.ui.widgets.top_bar import TopBar

WELCOME = "welcome"
TITLE_BAR = 40  # about what the system draws above a window


class MainWindow(QMainWindow):
    """The workbench's window over one context."""

    def __init__(self, context: Context, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.files = files
        self.training = TrainingControl(context, self)
        self._pages: dict[str, QWidget] = {}
        self._told_in = context.document.path  # the project in which the last notice was told
        self.entries = {entry.name: entry for entry in load_pages()}
        self.setAcceptDrops(True)
        self.setMinimumSize(1000, 640)
        self.actions_by_name = self._make_actions()
        self._assemble()
        self._fill_menus()
        self._connect()
        self._name_undo_actions()
        self._restore()
        self._show_title()

    def show_page(self, name: str) -> None:
        """Show a page (made when it is first shown), or the welcome."""
        if name != WELCOME and name not in self.entries:
            return
        widget = self.page(name)
        self._turn_to(widget)
        self.rail.setVisible(name != WELCOME)
        self.top_bar.setVisible(name != WELCOME)
        self.rail.show_page(name)
        self._fill_edit_menu(widget)
        self._fill_page_menu(widget, self.entries.get(name))
        if name != WELCOME:
            self.context.settings.set(PAGE, name)

    @property
    def is_welcoming(self) -> bool:
        """Whether the welcome is shown, so that what is opened begins a project of its own."""
        return self.stack.currentWidget() is self.welcome

    def page(self, name: str) -> QWidget:
        """A page by its name."""
        if name not in self._pages:
            widget = self.welcome if name == WELCOME else self.entries[name].make(self.context)
            self._pages[name] = widget
            if name != WELCOME:
                self.stack.addWidget(widget)
        return self._pages[name]

    def make_next_page(self) -> None:
        """Make one page that was not shown yet, then the next in a moment, so that each opens at once when wanted."""
        for name in self.entries:
            if name not in self._pages:
                self.page(name)
                QTimer.singleShot(50, self, self.make_next_page)
                return

    def _turn_to(self, page: QWidget) -> None:
        """Show a page; the focus goes from page to page, to where it was last, and not to the first button Qt finds."""
        before, focused = self.stack.currentWidget(), QApplication.focusWidget()
        moves = before is not None and before is not page and focused is not None and before.isAncestorOf(focused)
        if moves:
            self.stack.setFocus()
        self.stack.setCurrentWidget(page)
        if moves:
            (page.focusWidget() or page).setFocus()

    def _make_actions(self) -> dict[str, QAction]:
        context, files, training = self.context, self.files, self.training
        handlers: dict[str, Callable[[], object]] = {
            "welcome": lambda: self.show_page(WELCOME),
            "open": lambda: files.ask_open(self),
            "open_model": lambda: files.ask_open_model(self),
            "open_data": lambda: files.ask_open_data(self, fresh=self.is_welcoming),
            "open_pictures": lambda: files.ask_open_pictures(self, fresh=self.is_welcoming),
            "save": lambda: files.save(self),
            "save_as": lambda: files.ask_save_as(self),
            "quit": self.close,
            "full_screen": lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            "train": training.train,
            "pause": training.pause_or_continue,
            "step_batch": lambda: training.step("batch"),
            "step_epoch": lambda: training.step("epoch"),
            "stop": training.stop,
            "resume": training.resume_last,
            "restart_engine": training.restart_engine,
            "log": lambda: _open_folder(log_folder()),
            "about": lambda: show_about(self, context),
        }
        actions = make_actions(self, context.theme, handlers)
        self._add_undo_actions(actions)
        return actions

    def _add_undo_actions(self, actions: dict[str, QAction]) -> None:
        """Undo and redo, named after what they take back or do again."""
        stack = self.context.document.undo_stack
        undo, redo = QAction(self), QAction(self)
        undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for name, action, call in (("undo", undo, stack.undo), ("redo", redo, stack.redo)):
            action.setObjectName(name)
            action.triggered.connect(lambda _checked=False, call=call: call())
            actions[name] = action
        stack.indexChanged.connect(self._name_undo_actions)
        stack.undoTextChanged.connect(self._name_undo_actions)
        stack.redoTextChanged.connect(self._name_undo_actions)
        self._refresh_undo_icons(actions)

    def _name_undo_actions(self) -> None:
        stack = self.context.document.undo_stack
        undo, redo = self.actions_by_name["undo"], self.actions_by_name["redo"]
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())
        undo.setText(self.tr("&Undo {0}").format(stack.undoText()).strip())
        redo.setText(self.tr("&Redo {0}").format(stack.redoText()).strip())
        for action in (undo, redo):
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.text().replace('&', '')}  ({shown})")

    def _assemble(self) -> None:
        self.stack = QStackedWidget()
        self.welcome = Welcome(self.context, self.files)
        self.stack.addWidget(self.welcome)
        self.rail = Rail(list(self.entries.values()), self.context.theme)
        self.top_bar = TopBar(self.context, self.actions_by_name)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        central = QWidget()
        central.setObjectName("ground")
        column = QVBoxLayout(central)
        column.setContentsMargins(GAP, 4, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.top_bar)
        column.addLayout(row, 1)
        self.notices = NoticeBar(self.context.theme)
        column.addWidget(self.notices)
        self.setCentralWidget(central)

    def _fill_menus(self) -> None:
        self.menus = {name: self.menuBar().addMenu(translate(title)) for name, title in MENUS.items()}
        self.recent = QMenu(self.tr("Open &recent"), self)
        self.recent.aboutToShow.connect(self._fill_recent)
        for name, entry in zip(self.entries, self.entries.values(), strict=True):
            self.menus["view"].addAction(self._page_action(name, entry))
        for spec in ACTIONS:
            menu = self.menus[spec.menu]
            if spec.gap:
                menu.addSeparator()
            menu.addAction(self.actions_by_name[spec.name])
            if spec.name == "open":
                menu.addMenu(self.recent)
        self.menus["view"].addMenu(self._appearance_menu())
        self.menus["page"] = QMenu(self)
        self.menuBar().insertMenu(self.menus["train"].menuAction(), self.menus["page"])
        self._fill_edit_menu(self.welcome)
        self._fill_page_menu(self.welcome, None)

    def _page_action(self, name: str, entry: PageEntry) -> QAction:
        number = list(self.entries).index(name) + 1
        action = QAction(entry.title(), self)
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.triggered.connect(lambda _checked=False: self.show_page(name))
        return action

    def _appearance_menu(self) -> QMenu:
        menu = QMenu(self.tr("&Appearance"), self)
        group = QActionGroup(menu)
        titles = {"system": self.tr("Like the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        for value, title in titles.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(self.context.settings.get(SCHEME) == value)
            action.triggered.connect(lambda _checked=False, value=value: self.context.settings.set(SCHEME, value))
            group.addAction(action)
        return menu

    def _fill_edit_menu(self, page: QWidget) -> None:
        menu = self.menus["edit"]
        menu.clear()
        menu.addActions([self.actions_by_name["undo"], self.actions_by_name["redo"]])
        if page.actions():
            menu.addSeparator()
            menu.addActions(page.actions())

    def _fill_page_menu(self, page: QWidget, entry: PageEntry | None) -> None:
        """A menu with the page's name, if it has one of its own."""
        menu = self.menus["page"]
        actions = page.menu_actions() if isinstance(page, WithMenu) else []
        menu.clear()
        menu.addActions(actions)
        menu.setTitle("&" + entry.title() if entry is not None else "")
        menu.menuAction().setVisible(bool(actions))

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in self.files.recent():
            action = self.recent.addAction(f"{path.name}    {path.parent}")
            action.triggered.connect(lambda _checked=False, path=path: self.files.open(path))
        if self.recent.isEmpty():
            self.recent.addAction(self.tr("No project was saved yet")).setEnabled(False)

    def _connect(self) -> None:
        context = self.context
        self.rail.page_chosen.connect(self.show_page)
        context.page_wanted.connect(self.show_page)
        context.node_wanted.connect(lambda node: self._show_what_is_wanted("model", context.node_wanted, node))
        context.run_wanted.connect(lambda run: self._show_what_is_wanted("inspect", context.run_wanted, run))
        context.project_wanted.connect(self.files.open)
        context.noticed.connect(self._show_notice)
        context.withdrawn.connect(self.notices.withdraw)
        context.document.opened.connect(self._opened)
        context.document.failed.connect(lambda message: context.notice(message, "bad"))
        context.document.changed.connect(self._show_title)
        context.document.saved.connect(self._show_title)
        context.document.undo_stack.cleanChanged.connect(self._show_title)
        context.theme.changed.connect(self._theme_changed)
        context.run.status_changed.connect(self._show_title)

    def _show_what_is_wanted(self, page: str, signal: SignalInstance, wanted: str) -> None:
        """Show a page that listens to a signal; it is told again when it was only made by this."""
        was_there = page in self._pages
        self.show_page(page)
        if not was_there:
            signal.emit(wanted)

    def _show_notice(self, notice: Notice) -> None:
        self._told_in = self.context.document.path
        self.notices.show_notice(notice)

    def _opened(self) -> None:
        if self._told_in != self.context.document.path:
            self.notices.leave_project()
        if self.stack.currentWidget() is self.welcome:
            self.show_page("model")

    def _show_title(self) -> None:
        document = self.context.document
        self.setWindowTitle(f"{document.project.name}[*] — Workbench")
        self.setWindowModified(not document.undo_stack.isClean())

    def _theme_changed(self) -> None:
        refresh_icons(self.actions_by_name, self.context.theme)
        self._refresh_undo_icons(self.actions_by_name)

    def _refresh_undo_icons(self, actions: dict[str, QAction]) -> None:
        actions["undo"].setIcon(self.context.theme.icon("undo"))
        actions["redo"].setIcon(self.context.theme.icon("redo"))

    def _restore(self) -> None:
        room = self.screen().availableSize() - QSize(0, TITLE_BAR)
        self.resize(QSize(1280, 800).boundedTo(room))
        geometry = self.context.settings.get(GEOMETRY)
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii")))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is asked: the project is kept as it is, and a training is paused with a checkpoint."""
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self.context.settings.set(GEOMETRY, geometry)
        self.hide()
        self.files.close()
        self.context.settings.sync()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes one local file or folder, unless it would be lost where it is."""
        urls = event.mimeData().urls()
        if len(urls) != 1 or not urls[0].isLocalFile() or _accept_unharmed(event):
            return
        refusal = self.tr(
            "A file that is moved here would be gone where it is. Hold Ctrl, or open it by the File menu."
        )
        if self.notices.message != refusal:
            self.context.notice(refusal)

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens what was dropped: a project, a model, data."""
        _accept_unharmed(event)
        self.files.open_any(Path(event.mimeData().urls()[0].toLocalFile()), fresh=self.is_welcoming)


def _accept_unharmed(event: QDropEvent) -> bool:
    """Files are only read here: they are taken as a copy or a link. Whoever gives one away to be moved and nothing else
    may delete it, as X11 tells that it was taken so before it is dropped; this is refused, and False."""
    for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction):
        if event.possibleActions() & action:
            event.setDropAction(action)
            event.accept()
            return True
    return False


def _open_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
