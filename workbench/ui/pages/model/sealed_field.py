"""What a sealed SavedModel is, and the rows of the form that choose its endpoint and output."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.domain.catalogue import ParamEntry
from workbench.domain.edits import NamedEdit, set_endpoint
from workbench.domain.sealed import (
    ENDPOINT,
    OUTPUT,
    SOURCE,
    SealedEndpoint,
    SealedFacts,
    SealedTensor,
    is_sealed,
    path_in,
)
from workbench.domain.summary import ModelSummary
from workbench.domain.tree import AnyNode, Layer
from workbench.ui.pages.model.fields import Fields
from workbench.ui.pages.model.sizes import bytes_text, count_text, shape_text
from workbench.ui.widgets.panel import label, paragraphs


def facts_of(nodes: Sequence[AnyNode], summary: ModelSummary | None) -> SealedFacts | None:
    """What is known of the only node, where it is a sealed layer."""
    if len(nodes) != 1 or not is_sealed(nodes[0]) or summary is None:
        return None
    return summary.sealed.get(path_in(nodes[0]))


def with_choices(fields: Fields, node: AnyNode, facts: SealedFacts) -> Fields:
    """The form of a sealed layer with the endpoints that it can call, and the outputs of the one that it calls."""
    entries: list[ParamEntry] = []
    names = tuple(each.name for each in facts.usable)
    if names:
        text = QCoreApplication.translate("Sealed", "The function of the SavedModel that the layer calls.")
        title = QCoreApplication.translate("Sealed", "Endpoint")
        entries.append(_chooser(ENDPOINT, title, names, text))
    called = _called(node, facts)
    if called is not None and len(called.gives) > 1:
        outputs = tuple(each.name for each in called.gives)
        text = QCoreApplication.translate("Sealed", "Which of the outputs of the function the layer gives.")
        entries.append(_chooser(OUTPUT, QCoreApplication.translate("Sealed", "Output"), outputs, text))
    params = node.params if isinstance(node, Layer) else {}
    values = {each.name: params.get(each.name, "") for each in entries}
    return replace(fields, entries=(*entries, *fields.entries), values={**fields.values, **values})


def _chooser(name: str, title: str, choices: tuple[str, ...], text: str) -> ParamEntry:
    return ParamEntry(name, "choice", default=choices[0], required=True, choices=choices, help=text, title=title)


def choice(node: AnyNode, facts: SealedFacts, name: str, value: str | None) -> NamedEdit | None:
    """The edit of a choice in these rows, of None the first one; None where it names what is not there."""
    wanted = facts.usable[0].name if value is None and facts.usable else value or ""
    called = facts.endpoint(wanted) if name == ENDPOINT else _called(node, facts)
    if called is None or called.refusal:
        return None
    return set_endpoint(node.id, called, value if name == OUTPUT else None)


def _called(node: AnyNode, facts: SealedFacts) -> SealedEndpoint | None:
    return facts.endpoint(str(node.params.get(ENDPOINT) or "serve")) if isinstance(node, Layer) else None


class SealedField(QWidget):
    """Says of a sealed layer what it is, hidden for all others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = label(role="muted", wrap=True, selectable=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addWidget(self.text)

    def show_node(self, node: AnyNode | None, facts: SealedFacts | None) -> None:
        """Show what is known of the node."""
        shown = node is not None and is_sealed(node)
        self.setVisible(shown)
        if node is None or not shown or not isinstance(node, Layer):
            return
        source = str(node.params.get(SOURCE) or "")
        lines = [
            self.tr("Sealed: nobody described its layers, so it does not open, and its weights are not trained."),
            self.tr("From the SavedModel “{0}”.").format(source) if source else "",
        ]
        called = None if facts is None else _called(node, facts)
        if facts is not None and called is not None and not called.refusal:
            lines += [
                self.tr("Takes {0}.").format(", ".join(_tensor(each) for each in called.takes)),
                self.tr("Gives {0}.").format(", ".join(_tensor(each, named=True) for each in called.gives)),
                self.tr("{0} weights, {1} operations, {2}.").format(
                    count_text(called.params), count_text(facts.operations), bytes_text(facts.size)
                ),
            ]
            refused = [each for each in facts.endpoints if each.refusal]
            lines += [self.tr("“{0}” cannot be chosen. {1}").format(each.name, each.refusal) for each in refused[:3]]
        self.text.setText(paragraphs(line for line in lines if line))


def _tensor(tensor: SealedTensor, *, named: bool = False) -> str:
    shape = f"{shape_text(tensor.shape)} ({tensor.dtype})"
    return f"“{tensor.name}”: {shape}" if named and tensor.name else shape
