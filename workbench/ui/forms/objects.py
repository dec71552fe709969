"""Editors of Keras objects: choose a class, and set its parameters in a form inside the form."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import Catalogue, Category, ClassEntry
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.forms.base import ComboBox, Editor
from workbench.ui.forms.form import ParameterForm
from workbench.ui.forms.values import same
from workbench.ui.theme import Theme
from workbench.ui.widgets.tool_tip import tool_tip

LONG_NAMES: tuple[Category, ...] = ("losses", "metrics", "schedules", "layers")
INDENT = 12


def _shown(entry: ClassEntry) -> str:
    """A class' name without the word that its category says already."""
    ending = entry.category.removesuffix("s").capitalize()
    return entry.name.removesuffix(ending) or entry.name


def first_spec(entry: ClassEntry) -> ObjectSpec:
    """An object of a class as it begins: with the starting values of what Keras wants to be told."""
    return ObjectSpec(entry.name, {param.name: param.default for param in entry.params if param.required})


class ObjectEditor(Editor):
    """Chooses an object of a category, with its parameters in a form below that opens when there is something to see.

    `edited` carries an ObjectSpec, or None for none; names as text are taken as objects without parameters. `accepts`
    leaves out classes. Used alone it shows its details itself; a form takes them with `below`.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        theme: Theme,
        category: Category,
        optional: bool = False,
        accepts: Callable[[ClassEntry], bool] | None = None,
        none_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._theme = theme
        self._category: Category = category
        self._accepts = accepts
        self._none_text = (none_text or QCoreApplication.translate("forms", "none")) if optional else None
        self._known: tuple[ClassEntry, ...] = ()
        self._value: ObjectSpec | None = None
        self.unremarkable: frozenset[str] = frozenset()  # parameters that the owner shows elsewhere too
        self._entries: dict[str, ClassEntry] = {}
        self.wide = category in LONG_NAMES
        self.box = ComboBox()
        self._fill_box()
        self.details = Details(catalogue, theme)
        self.details.changed.connect(self._parameter_changed)
        self.details.finished.connect(self.finished)
        self._toggle = _details_button(theme)
        self._toggle.toggled.connect(self._show_details)
        self._lay_out()
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._chosen)
        theme.changed.connect(self._refresh_icon)
        self._show_object(open_details=False)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        self._row.addWidget(self.box, 1)
        self._row.addWidget(self._toggle)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addLayout(self._row)
        self._layout.addWidget(self.details)

    def _fill_box(self) -> None:
        """Offer what there is now: the project's own parts come and go."""
        known = self._catalogue.of(self._category)
        if known is self._known:
            return
        self._known = known
        self._entries = {entry.name: entry for entry in known if self._accepts is None or self._accepts(entry)}
        self.box.clear()
        if self._none_text is not None:
            self.box.addItem(self._none_text, None)
        for entry in self._entries.values():
            self.box.addItem(_shown(entry), entry.name)
            self.box.setItemData(self.box.count() - 1, tool_tip(entry.summary, entry.name), Qt.ItemDataRole.ToolTipRole)

    def value(self) -> ObjectSpec | None:
        return self._value

    def set_value(self, value: Value) -> None:
        before = self.entry
        self._fill_box()
        spec = ObjectSpec(value) if isinstance(value, str) else value
        spec = spec if isinstance(spec, ObjectSpec) else None
        is_other = spec is None or self._value is None or spec.class_name != self._value.class_name
        if is_other or before is not self.entry:
            self._value = spec
            self._show_object(open_details=self._has_changes())
        elif spec is not None and not same(spec, self._value):
            self._value = spec
            self.details.show_values(spec.params)
        self._show_in_box()

    def show_mixed(self) -> None:
        self.box.setPlaceholderText(QCoreApplication.translate("forms", "various"))
        self.box.setCurrentIndex(-1)
        self._toggle.setChecked(False)
        self._toggle.setVisible(False)

    def faces(self) -> list[QWidget]:
        return [self.box]

    def below(self) -> QWidget | None:
        self._layout.removeWidget(self.details)
        return self.details

    def beside_label(self) -> QWidget | None:
        self._row.removeWidget(self._toggle)
        self._toggle.setProperty("role", "small-icon")
        return self._toggle

    @property
    def entry(self) -> ClassEntry | None:
        """The catalogue's entry of what is chosen."""
        return self._entries.get(self._value.class_name) if self._value else None

    def _has_changes(self) -> bool:
        """Whether a parameter that everybody sees differs from its default."""
        entry, params = self.entry, self._value.params if self._value else {}
        shown = [param for param in entry.params if not param.advanced and param.name in params] if entry else []
        shown = [param for param in shown if param.name not in self.unremarkable]
        return any(not same(params[param.name], param.default) for param in shown)

    def _show_in_box(self) -> None:
        name = self._value.class_name if self._value else None
        index = next((i for i in range(self.box.count()) if self.box.itemData(i) == name), -1)
        if index < 0 and name is not None:
            self.box.addItem(name, name)
            index = self.box.count() - 1
        self.box.setCurrentIndex(index)
        entry = self.entry
        self.box.setToolTip(tool_tip(entry.summary, entry.name) if entry else "")

    def _show_object(self, open_details: bool) -> None:
        entry = self.entry
        has_params = entry is not None and bool(entry.params)
        self._toggle.setVisible(has_params)
        self._toggle.setChecked(has_params and open_details)
        self._show_details(has_params and open_details)

    def _show_details(self, visible: bool) -> None:
        entry = self.entry
        if visible and entry is not None and self._value is not None:
            self.details.show_entry(entry, self._value.params)
        self.details.setVisible(visible and entry is not None)

    def _chosen(self, index: int) -> None:
        name = self.box.itemData(index)
        if self._value is not None and name == self._value.class_name:
            return
        entry = self._entries.get(name)
        self._value = first_spec(entry) if entry else None
        self._show_object(open_details=entry is not None and any(not param.advanced for param in entry.params))
        self._show_in_box()
        self.edited.emit(self._value)
        self.finished.emit()

    def _parameter_changed(self, name: str, value: Value, reset: bool) -> None:
        if self._value is None or self.entry is None:
            return
        params = {key: kept for key, kept in self._value.params.items() if key != name}
        param = next(param for param in self.entry.params if param.name == name)
        if param.required or not (reset or same(value, param.default)):
            params[name] = param.default if reset else value
        self._value = ObjectSpec(self._value.class_name, params)
        self.details.show_values(params)
        self.edited.emit(self._value)

    def _refresh_icon(self) -> None:
        self._toggle.setIcon(self._theme.icon("tune-variant"))


def _details_button(theme: Theme) -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    button.setIcon(theme.icon("tune-variant"))
    button.setToolTip(QCoreApplication.translate("forms", "Show its parameters"))
    button.setAccessibleName(QCoreApplication.translate("forms", "Show its parameters"))
    return button


class Details(QWidget):
    """The form of an object's own parameters, made only when it is first shown."""

    changed = Signal(str, object, bool)
    finished = Signal()

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._theme = theme
        self.form: ParameterForm | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(INDENT, 0, 0, 4)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setVisible(False)

    def show_entry(self, entry: ClassEntry, values: Mapping[str, Value]) -> None:
        """Show the parameters of a class."""
        if self.form is None:
            self.form = ParameterForm(self._catalogue, self._theme, nested=True)
            self.form.value_changed.connect(lambda name, value: self.changed.emit(name, value, False))
            self.form.value_reset.connect(lambda name: self.changed.emit(name, None, True))
            self.form.finished.connect(self.finished)
            self._layout.addWidget(self.form)
        self.form.show_entries(entry.params, values)

    def show_values(self, values: Mapping[str, Value]) -> None:
        """Show other values of the same parameters."""
        if self.form is not None:
            self.form.show_values(values)


class ObjectsEditor(Editor):
    """Several objects of a category: chosen one after another, each with its parameters, each removable."""

    wide = True

    def __init__(
        self,
        catalogue: Catalogue,
        theme: Theme,
        category: Category,
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._theme, self._category, self._optional = catalogue, theme, category, optional
        self._value: tuple[ObjectSpec, ...] = ()
        self.editors: list[ObjectEditor] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.adder = ComboBox()
        self.adder.setPlaceholderText(QCoreApplication.translate("forms", "Add…"))
        self._known: tuple[ClassEntry, ...] = ()
        self._fill_adder()
        self.adder.activated.connect(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._rows)
        layout.addWidget(self.adder)
        self.setFocusProxy(self.adder)

    def _fill_adder(self) -> None:
        """Offer what there is now: the project's own parts come and go. Of callbacks only these can be added."""
        known = self._catalogue.of(self._category)
        if known is self._known:
            return
        self._known = known
        self.adder.clear()
        for entry in known:
            if self._category != "callbacks" or entry.own:
                self.adder.addItem(entry.name, entry)
                self.adder.setItemData(self.adder.count() - 1, tool_tip(entry.summary), Qt.ItemDataRole.ToolTipRole)
        self.adder.setCurrentIndex(-1)

    def value(self) -> Value:
        return None if self._optional and not self._value else self._value

    def set_value(self, value: Value) -> None:
        self._fill_adder()
        items = value if isinstance(value, tuple) else ()
        specs = tuple(
            item if isinstance(item, ObjectSpec) else ObjectSpec(str(item)) for item in items if item is not None
        )
        if [spec.class_name for spec in specs] != [spec.class_name for spec in self._value]:
            self._value = specs
            self._rebuild()
        self._value = specs
        for editor, spec in zip(self.editors, specs, strict=True):
            editor.set_value(spec)

    def show_mixed(self) -> None:
        self.set_value(())
        self.adder.setPlaceholderText(QCoreApplication.translate("forms", "various"))

    def faces(self) -> list[QWidget]:
        return [self.adder, *(editor.box for editor in self.editors)]

    def _rebuild(self) -> None:
        self.editors = []
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for place in range(len(self._value)):
            self._rows.addWidget(self._row(place))

    def _row(self, place: int) -> QWidget:
        editor = ObjectEditor(self._catalogue, self._theme, self._category)
        editor.edited.connect(lambda spec: self._replace(place, spec))
        editor.finished.connect(self.finished)
        self.editors.append(editor)
        editor.box.setAccessibleName(QCoreApplication.translate("forms", "Choice {0}").format(place + 1))
        remove = QToolButton()
        remove.setIcon(self._theme.icon("close"))
        remove.setToolTip(QCoreApplication.translate("forms", "Remove {0}").format(self._value[place].class_name))
        remove.setAccessibleName(remove.toolTip())
        remove.clicked.connect(lambda: self._replace(place, None))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(editor, 1)
        layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _replace(self, place: int, spec: ObjectSpec | None) -> None:
        middle = () if spec is None else (spec,)
        self._take((*self._value[:place], *middle, *self._value[place + 1 :]), rebuild=spec is None)

    def _add(self, index: int) -> None:
        entry = self.adder.itemData(index)
        self.adder.setCurrentIndex(-1)
        self._take((*self._value, first_spec(entry)), rebuild=True)

    def _take(self, specs: tuple[ObjectSpec, ...], rebuild: bool) -> None:
        self._value = specs
        if rebuild:
            self._rebuild()
            for editor, spec in zip(self.editors, specs, strict=True):
                editor.set_value(spec)
        self.edited.emit(self.value())
