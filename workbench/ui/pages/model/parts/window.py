"""Own parts: the files at the left, the code of one at the right, and its trial below."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.edits import NamedEdit, add_part, remove_part, rename_part, set_source
from workbench.domain.parts.fault import Fault
from workbench.domain.parts.read import Part, read_part
from workbench.domain.parts.spec import PartSpec
from workbench.domain.parts.templates import TEMPLATES, Template, free_name
from workbench.domain.parts.used import uses_of
from workbench.domain.trust import shown_code
from workbench.ui.context import Context
from workbench.ui.pages.model.parts.consent import PartsConsent
from workbench.ui.pages.model.parts.results import TrialBar
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.code_editor import CodeEditor
from workbench.ui.widgets.menu_button import give_menu, open_menu
from workbench.ui.widgets.panel import Panel, label

COMMIT_MS = 600
SIZE = QSize(980, 660)
LEAST = QSize(640, 420)
WIDTHS = [210, 770]
TOLD = 520  # pixels of a line that is easy to read


class PartsWindow(QDialog):
    """Stays open beside the window. What is typed becomes an edit of the project as soon as the person rests."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._state = context.parts
        self._series = 0
        self._shown = ""
        self._problem = ""
        self.setWindowTitle(self.tr("Own parts"))
        self.setModal(False)
        self.setMinimumSize(LEAST)
        self.resize(SIZE)
        self.files = QListWidget()
        self.consent = PartsConsent()
        self.editor = CodeEditor(context.theme)
        self.fault = QPushButton()
        self.trial = TrialBar()
        self._commit_soon = QTimer(self, singleShot=True, interval=COMMIT_MS)
        self._assemble()
        self._make_actions()
        self._connect()
        self._refresh_icons()
        self.refresh()

    @property
    def chosen(self) -> PartSpec | None:
        """The file whose code is shown."""
        return next((part for part in self._parts if part.name == self._shown), None)

    @property
    def _parts(self) -> tuple[PartSpec, ...]:
        return self._context.document.project.parts

    def choose(self, name: str, line: int = 0) -> None:
        """Show a file, at a line where one is given."""
        if name != self._shown:
            self.commit()
            self._shown = name if any(part.name == name for part in self._parts) else ""
            self._series += 1
            self.refresh()
        if line:
            self.editor.go_to(line)

    def new_part(self, template: Template) -> None:
        """Add a file that begins with a template, and show it."""
        self.commit()
        name = free_name(template.name, tuple(part.name for part in self._parts))
        if self._apply(add_part(name, template.source)):
            self.choose(name)
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self) -> None:
        """Take the file out of the project; undo brings it back."""
        part = self.chosen
        if part is None:
            return
        self._commit_soon.stop()
        project = self._context.document.project
        uses = sum(uses_of(project, each.entry.category, each.entry.name) for each in read_part(part).parts)
        self._apply(remove_part(part.name))
        text = self.tr("{0} was removed.").format(part.file)
        if uses:
            text = self.tr("{0} was removed; its parts were used in {1} places.").format(part.file, uses)
        self._context.notice(text, "info", self.tr("Undo"), self._context.document.undo_stack.undo)

    def commit(self) -> None:
        """Put what was typed into the project."""
        self._commit_soon.stop()
        part, text = self.chosen, self.editor.toPlainText()
        if part is not None and not self.editor.isReadOnly() and text != part.source:
            self._apply(set_source(part.name, text))

    def try_chosen(self) -> None:
        """Test the chosen part, or give up the test that goes on."""
        self.commit()
        self.trial.press()

    def refresh(self) -> None:
        """Show the project's parts as they are now."""
        names = [part.name for part in self._parts]
        if self._shown not in names:
            self._shown = names[0] if names else ""
        self._show_list()
        self._stack.setCurrentIndex(0 if names else 1)
        self.consent.setVisible(bool(names) and not self._state.allowed)
        self.withdraw.setVisible(bool(names) and self._state.allowed)
        for button in (self.rename_button, self.remove_button):
            button.setEnabled(bool(names))
        self._show_code()
        self._show_findings()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.commit()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it; what was typed is kept."""
        self.commit()
        super().reject()

    # Showing

    def _show_list(self) -> None:
        self.files.blockSignals(True)
        self.files.clear()
        theme = self._context.theme
        for part in self._parts:
            item = QListWidgetItem(part.file)
            item.setData(Qt.ItemDataRole.UserRole, part.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            faults = self._state.faults(part.name)
            icon = theme.icon("alert-circle-outline", theme.tokens.bad) if faults else theme.icon("language-python")
            item.setIcon(icon)
            offered = ", ".join(each.entry.name for each in read_part(part).parts)
            item.setToolTip(faults[0].sentence if faults else offered)
            self.files.addItem(item)
            if part.name == self._shown:
                self.files.setCurrentItem(item)
        self.files.blockSignals(False)

    def _show_code(self) -> None:
        part = self.chosen
        is_off = not self._state.allowed
        self._is_showing = True
        self.editor.setReadOnly(is_off or part is None)
        if part is not None and not self._commit_soon.isActive():
            # Code that nobody has allowed is shown with all that would be invisible in it.
            self.editor.show_text(shown_code(part.source.encode(errors="replace")) if is_off else part.source)
        self.editor.setAccessibleName(self.tr("Code of {0}").format(part.file) if part is not None else "")
        self._is_showing = False

    def _show_findings(self) -> None:
        part = self.chosen
        faults = self._state.faults(part.name) if part is not None else ()
        by_line: dict[int, str] = {}
        for each in faults:
            by_line.setdefault(each.line, each.message)
        self.editor.show_faults({line: text for line, text in by_line.items() if line})
        self._show_fault(faults)
        offered = read_part(part).parts if part is not None else ()
        self.trial.show_parts(offered, self._state.allowed)
        self.trial.show_trial(self._state.trial, tuple(each.entry.name for each in offered))

    def _show_fault(self, faults: tuple[Fault, ...]) -> None:
        text = self._problem or (faults[0].sentence if faults else "")
        more = len(faults) - 1
        if more > 0 and not self._problem:
            text = self.tr("{0} ({1} more)").format(text, more)
        self.fault_text.setText(text)
        self.fault_row.setVisible(bool(text))
        self._fault_line = 0 if self._problem or not faults else faults[0].line
        self.fault.setVisible(bool(self._fault_line))

    # Doing

    def _apply(self, edit: NamedEdit) -> bool:
        try:
            self._problem = ""
            self._state.apply(edit, self._series)
        except ValueError as error:
            self._problem = str(error)
            self._show_findings()
            return False
        return True

    def _typed(self) -> None:
        if not self._is_showing and not self.editor.isReadOnly():
            self._commit_soon.start()

    def _left(self) -> None:
        self.commit()
        self._series += 1

    def _renamed(self, item: QListWidgetItem) -> None:
        name = item.data(Qt.ItemDataRole.UserRole)
        wanted = item.text().strip().removesuffix(".py")
        self.commit()
        if wanted != name and self._apply(rename_part(name, wanted)):
            self._shown = wanted
        self.refresh()

    def _chosen_in_list(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.choose(item.data(Qt.ItemDataRole.UserRole))

    def _edit_name(self) -> None:
        if self.files.currentItem() is not None:
            self.files.editItem(self.files.currentItem())

    def _try(self, part: Part) -> None:
        self.commit()
        self._state.try_part(part.entry)

    # Making

    def _assemble(self) -> None:
        self._is_showing = False
        self._fault_line = 0
        self.files.setAccessibleName(self.tr("Files of own parts"))
        self.files.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        left = Panel(self.tr("Files"))
        left.body.addWidget(self.files, 1)
        left.body.addLayout(self._buttons())
        right = Panel()
        right.body.addWidget(self.consent)
        right.body.addWidget(self.editor, 1)
        right.body.addWidget(self._fault_line_row())
        right.body.addWidget(self.trial)
        self._stack = QStackedWidget()
        self._stack.addWidget(right)
        self._stack.addWidget(self._nothing())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(GAP)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._stack)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes(WIDTHS)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP, GAP, GAP)
        outer.addWidget(splitter)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Return in the list or the code must press none, least of all “Allow”

    def _buttons(self) -> QVBoxLayout:
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        for template in TEMPLATES:
            action = self.menu.addAction(template.title)
            action.triggered.connect(lambda _checked=False, template=template: self.new_part(template))
        self.new_button = QToolButton()
        self.new_button.setText(self.tr("New part"))
        self.new_button.setToolTip(self.tr("Begin a part with a template  (Ctrl+N)"))
        self.new_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        give_menu(self.new_button, self.menu)
        self.rename_button = _tool(self.tr("Rename the file  (F2)"), self._edit_name)
        self.remove_button = _tool(self.tr("Remove the file  (Ctrl+Del)"), self.remove)
        self.withdraw = QPushButton(self.tr("Withdraw permission"))
        self.withdraw.setToolTip(self.tr("The code does not run again until you allow it anew"))
        self.withdraw.clicked.connect(self._state.withdraw)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.new_button)
        row.addStretch(1)
        row.addWidget(self.rename_button)
        row.addWidget(self.remove_button)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.withdraw)
        return column

    def _fault_line_row(self) -> QWidget:
        self.fault_row = QWidget()
        self.fault_text = label("", "bad", wrap=True, selectable=True)
        self.fault.setText(self.tr("Go to the line"))
        self.fault.setProperty("role", "soft")
        self.fault.clicked.connect(lambda: self.editor.go_to(self._fault_line))
        row = QHBoxLayout(self.fault_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.fault_text, 1)
        row.addWidget(self.fault)
        return self.fault_row

    def _nothing(self) -> QWidget:
        panel = Panel()
        text = self.tr(
            "Layers, activations, losses, metrics, initializers, regularizers, constraints and callbacks of your own, "
            "written in Python. They stand in the palette and in every choice beside those of Keras, and train, save "
            "and export like them."
        )
        panel.body.addStretch(2)
        told = label(text, "muted", wrap=True)
        told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        told.setMaximumWidth(TOLD)
        middle = QHBoxLayout()
        middle.addWidget(told)
        panel.body.addLayout(middle)
        self.begin = QToolButton()
        self.begin.setText(self.tr("Begin with a template"))
        self.begin.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        give_menu(self.begin, self.menu)
        self.begin.setProperty("role", "soft")
        panel.body.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignHCenter)
        panel.body.addStretch(3)
        return panel

    def _make_actions(self) -> None:
        stack = self._context.document.undo_stack
        self._action(self.tr("&New part…"), "Ctrl+N", lambda: open_menu(self.new_button))
        self.files.addAction(self._action(self.tr("&Rename"), "F2", self._edit_name))
        self.files.addAction(self._action(self.tr("Re&move"), "Ctrl+Del", self.remove))
        self._action(self.tr("&Test"), "Ctrl+T", self.try_chosen)
        self._action(self.tr("&Undo"), QKeySequence.StandardKey.Undo, stack.undo)
        self._action(self.tr("&Redo"), QKeySequence.StandardKey.Redo, stack.redo)

    def _action(self, text: str, shortcut: str | QKeySequence.StandardKey, handler: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _checked=False: handler())
        self.addAction(action)
        return action

    def _connect(self) -> None:
        self.files.currentItemChanged.connect(lambda item, _before: self._chosen_in_list(item))
        self.files.itemChanged.connect(self._renamed)
        self.consent.allowed.connect(self._state.allow)
        self.editor.textChanged.connect(self._typed)
        self.editor.left.connect(self._left)
        self.trial.wanted.connect(self._try)
        self.trial.stopped.connect(self._state.cancel)
        self._commit_soon.timeout.connect(self.commit)
        self._state.changed.connect(self.refresh)
        self._state.tried.connect(self._show_findings)
        self._context.model.changed.connect(self._show_findings)
        self._context.theme.changed.connect(self._refresh_icons)

    def _refresh_icons(self) -> None:
        theme = self._context.theme
        self.begin.setIcon(theme.icon("plus", theme.tokens.accent))
        self.new_button.setIcon(theme.icon("plus"))
        self.rename_button.setIcon(theme.icon("rename-outline"))
        self.remove_button.setIcon(theme.icon("trash-can-outline"))
        self._show_list()


def _tool(tip: str, handler: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip.split("  ")[0])
    button.clicked.connect(lambda: handler())
    return button
