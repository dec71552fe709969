"""The left of the Data page: every source there is, and the parameters of the one that is used."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.domain.catalogue import SourceEntry
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_data, use_data
from workbench.domain.project import Project
from workbench.domain.values import Value
from workbench.protocol.commands import InspectFile
from workbench.protocol.events import AnyEvent, Failed, FileInspected
from workbench.ui.context import Context
from workbench.ui.forms import ParameterForm
from workbench.ui.pages.data.own_code import OwnCode, make_data_file, open_in_editor, within
from workbench.ui.pages.data.own_file import (
    OwnFile,
    array_entries,
    arrays_text,
    ask_path,
    column_entries,
    offer_choices,
)
from workbench.ui.pages.data.typed import TYPED, TypedFields
from workbench.ui.state.data import place_of
from workbench.ui.theme.tokens import GAP, ROW
from workbench.ui.widgets.fitting_scroll import FittingScroll
from workbench.ui.widgets.panel import Panel, label

GROUPS = ("bundled", "generated", "keras", "own")
ENTRY = Qt.ItemDataRole.UserRole
HIDDEN = frozenset({"path", *TYPED})
# What a person says that such a folder is, counts.
FOLDERS_OF_PICTURES = frozenset({"images", "picture_pairs", "clips", "volume_pairs"})
NAMED_PARTS = frozenset(
    {"npz", "series", "sql", "sql_server", "excel", "tfrecord"}
)  # what they hold has names, to choose from
OTHER_NUMBERS = "dates"  # what is learned stays, but the columns that it is learned from have other names
OTHER_COLUMNS = frozenset({"table", "query", "sheet", "url"})  # another one has other columns to choose from


class SourceTree(QTreeWidget):
    """Keeps the chosen source in sight when what stands below takes more of the height."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        item = self.currentItem()
        before = QRect(QPoint(), event.oldSize())
        seen = item if item is not None and before.intersects(self.visualItemRect(item)) else None
        super().resizeEvent(event)
        if seen is not None:
            self.scrollToItem(seen)


class SourcesPanel(Panel):
    """A list of sources; choosing one uses it. A source of the person's own asks for its file first."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Data"), parent)
        self._context = context
        self._inspected_file: FileInspected | None = None
        self._asked_path = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search data"))
        self.search.setAccessibleName(self.tr("Search data"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.body.addWidget(self.search)
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.list = self._list()
        self.body.addWidget(self.list, 1)
        self.summary = label("", "small", wrap=True, selectable=True)
        self.file = OwnFile()
        self.file.change_wanted.connect(self._change_file)
        self.file.targets_wanted.connect(self._ask_targets)
        self.code = OwnCode()
        self.code.new_wanted.connect(self._make_code)
        self.code.edit_wanted.connect(self._edit_code)
        self.code.load_wanted.connect(context.data.load)
        self.code.withdraw_wanted.connect(self._withdraw)
        context.data.changed.connect(lambda: self.code.show_permission(bool(context.data.permissions)))
        self.code_menu = QMenu(self)
        self.code_menu.addAction(self.tr("New data file"), self._make_code)
        self.code_menu.addAction(self.tr("Choose a file…"), lambda: self._ask(context.catalogue.source("python")))
        self.form = ParameterForm(context.catalogue, context.theme)
        self.form.value_changed.connect(self._set_parameter)
        self.form.value_reset.connect(self._reset_parameter)
        self.typed = TypedFields()
        self.typed.entered.connect(self._set_typed)
        self.typed.refused.connect(lambda text: self._context.notice(text, "bad"))
        self.body.addWidget(self._chosen_source())
        context.data.info_changed.connect(lambda: self._show(context.document.project))
        context.document.changed.connect(self._document_changed)
        self._show(context.document.project)

    def _chosen_source(self) -> FittingScroll:
        """What is told and set of the source that is used, below the list; it scrolls where there is little room."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for widget in (self.summary, self.file, self.code, self.typed, self.form):
            column.addWidget(widget)
        self.chosen = FittingScroll(inside)
        return self.chosen

    def _list(self) -> SourceTree:
        tree = SourceTree()
        tree.setHeaderHidden(True)
        tree.setAccessibleName(self.tr("Sources of data"))
        tree.setIndentation(14)
        tree.setMinimumHeight(4 * ROW)
        titles = {
            "bundled": self.tr("Bundled"),
            "generated": self.tr("Generated"),
            "keras": self.tr("Keras data sets"),
            "own": self.tr("Your own"),
        }
        for group in GROUPS:
            top = QTreeWidgetItem(tree, [titles[group]])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            top.setExpanded(True)
            items = []
            for entry in self._context.catalogue.sources:
                if entry.group == group:
                    item = QTreeWidgetItem(top, [entry.title])
                    item.setData(0, ENTRY, entry.kind)
                    item.setToolTip(0, entry.summary)
                    items.append(item)
            self._groups.append((top, items))
            top.setExpanded(True)
        tree.itemClicked.connect(self._chosen)
        tree.itemActivated.connect(self._chosen)
        return tree

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for top, items in self._groups:
            for item in items:
                found = f"{item.text(0)} {item.toolTip(0)}".casefold()
                item.setHidden(not all(word in found for word in words))
            top.setHidden(all(item.isHidden() for item in items))

    def _chosen(self, item: QTreeWidgetItem) -> None:
        kind = item.data(0, ENTRY)
        if kind is None or kind == self._context.document.project.data.source.kind:
            return
        entry = self._context.catalogue.source(kind)
        if any(param.name == "path" and param.required for param in entry.params):
            if entry.code:
                self.code_menu.popup(QCursor.pos())
            else:
                self._ask(entry)
            self._mark(self._source.kind)  # until a file is chosen, the data stay as they are
        else:
            self._use(DatasetSpec(SourceSpec(kind)))

    def _ask(self, entry: SourceEntry) -> None:
        path = self._path
        other = entry.kind != self._context.document.project.data.source.kind  # the same file, read in another way
        start = Path.home() if path is None else path if other and path.is_file() else path.parent
        ask_path(self, entry, str(start), lambda path: self._open(path, entry))

    def _open(self, path: str, entry: SourceEntry | None = None) -> None:
        self._context.client.ask(lambda ticket: InspectFile(ticket, path), lambda event: self._inspected(event, entry))

    def _make_code(self) -> None:
        """A data file of the person's own in the project's folder, with an example in it."""
        document = self._context.document
        try:
            source = make_data_file(document.path, self._context.catalogue.source("python"))
        except OSError as error:
            self._context.notice(self.tr("The file could not be made: {0}").format(error.strerror or error), "bad")
            return
        self._use(DatasetSpec(source))

    def _edit_code(self) -> None:
        if self._path is not None and not open_in_editor(self._path):
            self._context.notice(self.tr("There is no editor for {0}.").format(self._path), "bad")

    def _withdraw(self) -> None:
        """The code is shown again and waits; what was allowed can be had back as it was."""
        data = self._context.data
        taken = data.withdraw()
        if taken:
            text = self.tr("The code of these data no longer runs. Allow it again where it is shown.")
            self._context.notice(text, "info", self.tr("Undo"), lambda: data.restore(taken))

    def _change_file(self) -> None:
        entry = self._context.catalogue.source(self._source.kind)
        if entry.group == "keras":
            ask_path(self, entry, str(Path.home()), lambda path: self._set_parameter("path", path))
        else:
            self._ask(entry)

    def _ask_targets(self) -> None:
        entry = self._context.catalogue.source(self._context.document.project.data.source.kind)
        start = str(self._path.parent) if self._path else ""
        ask_path(self, entry, start, lambda path: self._set_parameter("y", path))

    @property
    def _path(self) -> Path | None:
        """The file or folder of the project, None when the data are not the person's own."""
        path = self._context.document.project.data.source.params.get("path")
        return self._context.document.path / str(path) if path else None

    def _inspected(self, event: AnyEvent, entry: SourceEntry | None) -> None:
        match event:
            case FileInspected(source=source, path=path) if entry and _is_meant(entry, source.kind, path):
                self._use(DatasetSpec(SourceSpec(entry.kind, {"path": path})))
            case FileInspected(source=source, suggested_target=target):
                self._use(DatasetSpec(within(source, self._context.document.path), target=target))
            case Failed(message=message):
                self._context.notice(message, "bad")

    def _use(self, spec: DatasetSpec) -> None:
        document = self._context.document
        document.apply(self.tr("Use other data"), use_data(spec, named=not document.is_temporary))

    def _set_parameter(self, name: str, value: Value) -> None:
        spec = self._context.document.project.data
        self._change_parameters({**spec.source.params, name: value}, name)

    def _set_typed(self, name: str, value: Value) -> None:
        if value is None:
            self._reset_parameter(name)
        else:
            self._set_parameter(name, value)

    def _reset_parameter(self, name: str) -> None:
        spec = self._context.document.project.data
        self._change_parameters({key: value for key, value in spec.source.params.items() if key != name}, name)

    def _change_parameters(self, params: dict[str, Value], name: str) -> None:
        spec = self._context.document.project.data
        changed = msgspec.structs.replace(spec, source=SourceSpec(spec.source.kind, params))
        if name in OTHER_COLUMNS:
            changed = msgspec.structs.replace(changed, target=None, features=None)
        elif name == OTHER_NUMBERS:
            changed = msgspec.structs.replace(changed, features=None, inputs=())
        self._context.document.apply(self.tr("Change {0}").format(name), set_data(changed), f"data/{name}")

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self._show(after)

    def _show(self, project: Project) -> None:
        source = project.data.source
        try:
            entry = self._context.catalogue.source(source.kind)
        except KeyError:
            self.form.show_entries((), {})
            self.typed.show_entries((), {})
            return
        self._mark(source.kind)
        has_file = any(param.name == "path" for param in entry.params)
        self.summary.setText(entry.summary)
        self.summary.setVisible(entry.group != "own" or not has_file)
        self.file.setVisible(has_file)
        self.code.setVisible(entry.code)
        entries = tuple(param for param in entry.params if param.name not in HIDDEN)
        self._look_into(source.kind)
        if has_file:
            self.file.show_file(entry, str(self._path or ""), self._facts())
        named = column_entries if source.kind == "series" else array_entries
        entries = offer_choices(named(entries, self._inspected_file), self._inspected_file)
        self.typed.show_entries(entry.params, source.params)
        self.form.show_entries(entries, source.params)

    def _look_into(self, kind: str) -> None:
        """Arrays, columns, tables and sheets are chosen by their names, so ask which there are."""
        waits = self._context.data.demand is not None
        path = place_of(self._source, self._context.document.path) if kind in NAMED_PARTS and not waits else ""
        if path == self._asked_path:
            return
        self._asked_path, self._inspected_file = path, None
        if path:
            self._context.client.ask(lambda ticket: InspectFile(ticket, path, self._source.params), self._looked_into)

    def _looked_into(self, event: AnyEvent) -> None:
        match event:
            case FileInspected(path=path) if path == self._asked_path:
                self._inspected_file = event
                self._show(self._context.document.project)
            case Failed():
                self._asked_path = ""  # loading the data says what is wrong; look again with the next change

    def _facts(self) -> str:
        if self._inspected_file is not None and self._inspected_file.arrays:
            return arrays_text(self._inspected_file)
        data = self._context.data
        if data.info is None or data.loaded_spec is None or data.loaded_spec.source != self._source:
            return ""
        return "\n".join(f"{name}: {value}" for name, value in data.info.detected.items())

    @property
    def _source(self) -> SourceSpec:
        return self._context.document.project.data.source

    def _mark(self, kind: str) -> None:
        for _top, items in self._groups:
            for item in items:
                if item.data(0, ENTRY) == kind:
                    self.list.setCurrentItem(item)
        QTimer.singleShot(0, self, self._reveal)  # the list has its height only when what is below it has its own

    def _reveal(self) -> None:
        self.list.doItemsLayout()  # rows laid out before the style was known are too low: the last would be lost
        item = self.list.currentItem()
        if item is not None:
            self.list.scrollToItem(item)


def _is_meant(entry: SourceEntry, found: str, path: str) -> bool:
    """Whether the source that a person chose opens a file or folder in which another one was found."""
    if {entry.kind, found} <= FOLDERS_OF_PICTURES:
        return entry.kind != found
    return entry.kind != found and entry.opens(path)
