"""The left of the Data page: every source there is, and the parameters of the one that is used."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.domain.catalogue import SourceEntry
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_data
from workbench.domain.project import Project
from workbench.domain.values import Value
from workbench.protocol.commands import InspectFile
from workbench.protocol.events import AnyEvent, Failed, FileInspected
from workbench.ui.context import Context
from workbench.ui.forms import ParameterForm
from workbench.ui.widgets.panel import Panel, label

GROUPS = ("bundled", "generated", "own")
ENTRY = Qt.ItemDataRole.UserRole
HIDDEN = frozenset({"path"})


class SourcesPanel(Panel):
    """A list of sources; choosing one uses it. A source of the person's own asks for its file first."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Data"), parent)
        self._context = context
        self._shown: SourceSpec | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search data"))
        self.search.setAccessibleName(self.tr("Search data"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.body.addWidget(self.search)
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.list = self._list()
        self.body.addWidget(self.list, 1)
        self.file = label("", "small", wrap=True, selectable=True)
        self.change = QPushButton(self.tr("Choose another file…"))
        self.change.clicked.connect(self._change_file)
        self.form = ParameterForm(context.catalogue, context.theme)
        self.form.value_changed.connect(self._set_parameter)
        self.form.value_reset.connect(self._reset_parameter)
        for widget in (self.file, self.change, self.form):
            self.body.addWidget(widget)
        context.document.changed.connect(self._document_changed)
        self._show(context.document.project)

    def _list(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setHeaderHidden(True)
        tree.setAccessibleName(self.tr("Sources of data"))
        tree.setIndentation(14)
        titles = {"bundled": self.tr("Bundled"), "generated": self.tr("Generated"), "own": self.tr("Your own")}
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
        if entry.group == "own":
            self._ask(entry)
            self._show(self._context.document.project)
        else:
            self._use(DatasetSpec(SourceSpec(kind)))

    def _ask(self, entry: SourceEntry) -> None:
        if entry.opens_folder:
            path = QFileDialog.getExistingDirectory(self, entry.title)
        else:
            kinds = " ".join(f"*{suffix}" for suffix in entry.suffixes)
            path, _ = QFileDialog.getOpenFileName(self, entry.title, "", f"{entry.title} ({kinds})")
        if path:
            self._context.client.ask(lambda ticket: InspectFile(ticket, path), self._inspected)

    def _change_file(self) -> None:
        self._ask(self._context.catalogue.source(self._context.document.project.data.source.kind))

    def _inspected(self, event: AnyEvent) -> None:
        match event:
            case FileInspected(source=source, suggested_target=target):
                self._use(DatasetSpec(source, target=target))
            case Failed(message=message):
                self._context.notice(message, "bad")

    def _use(self, spec: DatasetSpec) -> None:
        self._context.document.apply(self.tr("Use other data"), set_data(spec))

    def _set_parameter(self, name: str, value: Value) -> None:
        spec = self._context.document.project.data
        self._change_parameters({**spec.source.params, name: value}, name)

    def _reset_parameter(self, name: str) -> None:
        spec = self._context.document.project.data
        self._change_parameters({key: value for key, value in spec.source.params.items() if key != name}, name)

    def _change_parameters(self, params: dict[str, Value], name: str) -> None:
        spec = self._context.document.project.data
        changed = msgspec.structs.replace(spec, source=SourceSpec(spec.source.kind, params))
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
            return
        self._mark(source.kind)
        path = source.params.get("path")
        self.file.setText(str(path) if path else entry.summary)
        self.file.setToolTip(str(path) if path else "")
        self.change.setVisible(entry.group == "own")
        self.form.show_entries(tuple(param for param in entry.params if param.name not in HIDDEN), source.params)

    def _mark(self, kind: str) -> None:
        for _top, items in self._groups:
            for item in items:
                if item.data(0, ENTRY) == kind:
                    self.list.setCurrentItem(item)
