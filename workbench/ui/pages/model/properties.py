"""The right column: the form of what is selected, and its explanation."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import NamedEdit, clear_start, detach
from workbench.domain.freezing import frozen_layers
from workbench.domain.naming import title
from workbench.domain.samples import notes_of
from workbench.domain.sealed import ENDPOINT, OUTPUT, SealedFacts, is_sealed
from workbench.domain.summary import LayerSummary
from workbench.domain.tree import (
    AnyNode,
    Base,
    Block,
    Branches,
    Input,
    Layer,
    ModelTree,
    Repeat,
    Residual,
    Shared,
    Wrapper,
    walk,
)
from workbench.domain.values import Value
from workbench.ui.context import Context
from workbench.ui.forms import ParameterForm
from workbench.ui.forms.texts import LineEditor
from workbench.ui.pages.model.explanation import Explanation
from workbench.ui.pages.model.fields import GROW, NAME, Fields, change, class_entry, fields_of, reset
from workbench.ui.pages.model.inputs import InputsEditor
from workbench.ui.pages.model.link_field import LinkField
from workbench.ui.pages.model.rounds import sums_of_all
from workbench.ui.pages.model.sample_notes import SampleNotes
from workbench.ui.pages.model.sealed_field import SealedField, choice, facts_of, with_choices
from workbench.ui.pages.model.sizes import shape_text
from workbench.ui.pages.model.start_field import StartField
from workbench.ui.widgets.elided import ElidedLabel
from workbench.ui.widgets.panel import Panel, label

SCROLL_GAP = 6
Do = Callable[[NamedEdit, int], bool]


class Properties(Panel):
    """`do(edit, session)` is called for each change; changes of one session are one step to undo.

    `left` follows Escape.
    """

    left = Signal()

    def __init__(self, context: Context, do: Do, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._do = do
        self._session = 1
        self._fields = Fields(())
        self._sealed: tuple[AnyNode, SealedFacts] | None = None
        self.subtitle = ElidedLabel(where=Qt.TextElideMode.ElideMiddle)
        self.subtitle.setProperty("role", "small")
        self.subtitle.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.subtitle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.add_to_head(self.subtitle)
        self._head.setStretchFactor(self.title, 0)
        self._head.setStretchFactor(self.subtitle, 1)  # what the title leaves
        self.form = ParameterForm(context.catalogue, context.theme)
        self.form.value_changed.connect(self._changed)
        self.form.value_reset.connect(self._reset)
        self.form.finished.connect(self._finish)
        self.message = label(role="muted", wrap=True)
        self.notes = SampleNotes()
        self.to_data = QPushButton(self.tr("Show the data"))
        self.to_data.clicked.connect(lambda: context.page_wanted.emit("data"))
        self.inputs = InputsEditor(context.catalogue, context.theme)
        self.inputs.edited.connect(lambda edit: self._do(edit, 0))
        self.start = StartField()
        self.start.clear_wanted.connect(lambda ids: self._do(clear_start(ids), 0))
        self.sealed = SealedField()
        self.link = LinkField()
        self.link.detach_wanted.connect(lambda node_id: self._do(detach((node_id,)), 0))
        self.explanation = Explanation(context.theme)
        self.body.addWidget(self._scrolled(), 1)
        self.body.setContentsMargins(0, 0, -SCROLL_GAP, 0)
        self.show_nodes((), {})

    def show_nodes(self, nodes: Sequence[AnyNode], built: dict[str, list[LayerSummary]]) -> None:
        """Show the form of the selected nodes; `built` has what Keras says of each."""
        tree = self._context.document.project.model
        wrapped = {node.child.id for node in walk(tree.nodes) if isinstance(node, Wrapper)}
        fields = fields_of(nodes, self._context.catalogue, wrapped)
        facts = facts_of(nodes, self._context.model.summary)
        self._sealed = (nodes[0], facts) if facts is not None else None
        if facts is not None:
            fields = with_choices(fields, nodes[0], facts)
        if fields.node_ids != self._fields.node_ids:
            self._session += 1
            self._area.verticalScrollBar().setValue(0)
        self._fields = fields
        self.form.show_entries(fields.entries, fields.values, mixed=fields.mixed)
        self.form.setVisible(bool(fields.entries))
        self._show_placeholders(nodes, built)
        self.start.show_nodes(nodes, built)
        self.sealed.show_node(nodes[0] if len(nodes) == 1 else None, facts)
        self.link.show_node(nodes[0] if len(nodes) == 1 else None, tree)
        self.message.setVisible(not fields.entries and len(nodes) != 1)
        self.to_data.setVisible(False)
        only = nodes[0] if len(nodes) == 1 else None
        entry = class_entry(only, self._context.catalogue) if only else None
        self.notes.setVisible(False)
        self._show_head(nodes, built)
        self.inputs.setVisible(only is not None and self.inputs.show_node(only, tree, wrapped, built))
        self.explanation.setVisible(only is not None)
        self.explanation.show_class(entry, _what_it_is(only, tree))
        layers = built.get(only.id, []) if only else []
        frozen = only is not None and not is_sealed(only) and only.id in frozen_layers(tree)
        self.explanation.show_frozen(only if frozen else None)
        self.explanation.show_numbers(sums_of_all(only, layers, tree))

    def show_data(self, info: DatasetInfo | None, name: str) -> None:
        """Show what enters the network, when the row of the data is selected."""
        self.show_nodes((), {})
        self.notes.setVisible(False)
        self.set_title(self.tr("Input"))
        self.subtitle.setText(name)
        if info is None:
            self.message.setText(self.tr("The data are not loaded yet."))
        else:
            self.message.setText(
                self.tr("The network takes the data as they are prepared: {0} numbers for each sample.").format(
                    shape_text(info.input_shape)
                )
            )
        self.to_data.setVisible(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the network."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focus_first(self) -> None:
        """Go to the first editor of the form."""
        if self._fields.entries:
            self.focus_on(self._fields.entries[0].name)

    def focus_on(self, field: str) -> None:
        """Go to the editor of a parameter, if the form has it."""
        if any(entry.name == field for entry in self._fields.entries):
            self.form.row(field).editor.setFocus(Qt.FocusReason.ShortcutFocusReason)  # which selects what stands there

    def _show_head(self, nodes: Sequence[AnyNode], built: dict[str, list[LayerSummary]]) -> None:
        if not nodes:
            self.set_title(self.tr("Properties"))
            self.subtitle.setText("")
            self.message.setText(self.tr("Select a layer to see and change its parameters."))
            self.notes.show_notes(notes_of(self._context.document.project))
            return
        if len(nodes) > 1:
            self.set_title(self.tr("{0} layers").format(len(nodes)))
            kinds = dict.fromkeys(_kind(node) for node in nodes)
            self.subtitle.setText(", ".join(list(kinds)[:3]) + (" …" if len(kinds) > 3 else ""))
            self.message.setText(self.tr("These have no parameters in common that could be changed together."))
            return
        self.set_title(_kind(nodes[0]))
        names = [layer.name for layer in built.get(nodes[0].id, [])]
        text = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}" if names else nodes[0].name
        self.subtitle.setText(text)

    def _show_placeholders(self, nodes: Sequence[AnyNode], built: dict[str, list[LayerSummary]]) -> None:
        """In empty fields stand what the layer is called without a name of its own, and how growth is written."""
        editor = self.form.row(NAME).editor if len(nodes) == 1 else None
        if isinstance(editor, LineEditor):
            layers = built.get(nodes[0].id, [])
            editor.field.setPlaceholderText(layers[0].name if layers else "")
        growth = self.form.row(GROW).editor if len(nodes) == 1 and isinstance(nodes[0], Repeat) else None
        if isinstance(growth, LineEditor):
            growth.field.setPlaceholderText(self.tr("such as {0}").format("filters *2"))

    def _scrolled(self) -> QWidget:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, SCROLL_GAP, 0)
        layout.setSpacing(8)
        layout.addWidget(self.message)
        layout.addWidget(self.to_data, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.form)
        layout.addWidget(self.link)
        layout.addWidget(self.start)
        layout.addWidget(self.sealed)
        layout.addWidget(self.inputs)
        layout.addWidget(self.explanation)
        layout.addWidget(self.notes)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        self._area = area
        return area

    def _changed(self, name: str, value: Value) -> None:
        self._do(self._chosen(name, value) or change(self._fields, name, value), self._session)

    def _chosen(self, name: str, value: Value) -> NamedEdit | None:
        """The edit of a choice in the form of a sealed layer; None as value: the first one."""
        if self._sealed is None or name not in (ENDPOINT, OUTPUT):
            return None
        return choice(*self._sealed, name, None if value is None else str(value))

    def _reset(self, name: str) -> None:
        self._finish()
        self._do(self._chosen(name, None) or reset(self._fields, name), 0)

    def _finish(self) -> None:
        self._session += 1


def _kind(node: AnyNode) -> str:
    return node.class_name if isinstance(node, Layer | Wrapper) else type(node).__name__


def _what_it_is(node: AnyNode | None, tree: ModelTree) -> str:
    """A sentence on the parts of a tree that are no Keras classes."""
    match node:
        case Block():
            return QCoreApplication.translate(
                "Properties", "A sequence with a name of its own. What is done to it is done to all that is in it."
            )
        case Repeat():
            return QCoreApplication.translate(
                "Properties",
                "Its layers are laid several times one after another, each time with weights of their own.",
            )
        case Residual():
            return QCoreApplication.translate(
                "Properties", "What enters is joined with what its layers make of it, so that deep networks learn well."
            )
        case Branches():
            return QCoreApplication.translate(
                "Properties", "Its branches all take the same input, and what they make of it is joined at the end."
            )
        case Shared():
            other = next((title(each) for each in walk(tree.nodes) if each.id == node.layer), "")
            if other:
                text = QCoreApplication.translate("Properties", "“{0}” from further up once more, with its weights.")
                return text.format(other)
            return QCoreApplication.translate("Properties", "A layer from further up once more, with the same weights.")
        case Base():
            return QCoreApplication.translate(
                "Properties", "A model made elsewhere as one part of this network. Its layers are like any others."
            )
        case Input():
            return QCoreApplication.translate(
                "Properties", "Where the data enter. Without a shape of its own it takes that of the data."
            )
    return ""
