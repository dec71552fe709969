"""One further phase of the training: for how long, which layers learn in it, at which rate."""

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.domain.freezing import frozen_layers, layers_in
from workbench.domain.naming import title
from workbench.domain.phases import RATE, freed_layers, phase_optimizer, usual_rate
from workbench.domain.project import Project
from workbench.domain.training import PhaseSpec
from workbench.domain.tree import AnyNode, Wrapper, children_of, walk
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.context import Context
from workbench.ui.pages.train.entries import WITHIN, phase_entries
from workbench.ui.pages.train.fields import FieldList
from workbench.ui.plots.names import number
from workbench.ui.widgets.lasting_menu import LastingMenu
from workbench.ui.widgets.panel import label

ICON = 16
SHOWN = 4
SHOWN_WITH = {"top": "top", WITHIN: "top"}  # fields that count only for one way to choose what learns


def _tr(text: str) -> str:
    return QCoreApplication.translate("PhaseCard", text)


class PhaseCard(QWidget):
    """Shows a phase. `changed(fields)` carries what the person changes, `finished` says that a series of changes is
    over, `removed` that they want it gone."""

    changed = Signal(dict)
    finished = Signal()
    removed = Signal()

    def __init__(self, context: Context, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._place = place
        self._places: tuple[tuple[str, str], ...] = ()
        self._spec = PhaseSpec()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 4)
        self._column.setSpacing(4)
        self._column.addLayout(self._head())
        self.fields: FieldList | None = None
        self.choose = QPushButton(self.tr("Choose layers…"))
        self.menu = LastingMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.choose.clicked.connect(lambda: self.menu.popup(self.choose.mapToGlobal(self.choose.rect().bottomLeft())))
        self.learns = label("", "small", wrap=True)
        self._column.addWidget(self.choose)
        self._column.addWidget(self.learns)
        context.theme.changed.connect(self._refresh_icon)
        self._refresh_icon()

    def show_phase(self, project: Project, spec: PhaseSpec) -> None:
        """Show a phase of a project."""
        self._spec = spec
        self.title.setText(f"{self._place + 2}  ·  {spec.name}")
        self.remove.setAccessibleName(self.tr("Remove the phase {0}").format(spec.name))
        places = _places(project, spec)
        if self.fields is None or places != self._places:
            self._places = places
            self._rebuild()
        assert self.fields is not None
        for name, row in self.fields.rows.items():
            if name == RATE:
                self._show_rate(project, spec)
            else:
                value: Value = getattr(spec, name)
                self.fields.show_field(name, value, row.entry.default, is_changed=value != row.entry.default)
            self.fields.set_field_visible(name, SHOWN_WITH.get(name, spec.trains) == spec.trains)
        self.fields.set_field_visible("keep_normalization", _has_frozen_normalization(project))
        self.choose.setVisible(spec.trains == "chosen")
        self._show_learning(project, spec)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self.title = label("", "muted")
        row.addWidget(self.title, 1)
        self.remove = QToolButton()
        self.remove.setToolTip(self.tr("Remove this phase"))
        self.remove.setIconSize(QSize(ICON, ICON))
        self.remove.clicked.connect(self.removed)
        row.addWidget(self.remove)
        return row

    def _rebuild(self) -> None:
        if self.fields is not None:
            self._column.removeWidget(self.fields)
            self.fields.hide()
            self.fields.deleteLater()
        fields = FieldList(phase_entries(self._places), self._context.catalogue, self._context.theme)
        fields.changed.connect(lambda name, value: self.changed.emit({name: value}))
        fields.reset.connect(self._reset)
        fields.finished.connect(self.finished)
        self._column.insertWidget(1, fields)
        self.fields = fields

    def _reset(self, name: str) -> None:
        usual = PhaseSpec()
        fields = {"learning_rate": None, "factor": usual.factor} if name == RATE else {name: getattr(usual, name)}
        self.finished.emit()
        self.changed.emit(fields)
        self.finished.emit()

    def _show_rate(self, project: Project, spec: PhaseSpec) -> None:
        assert self.fields is not None
        first = project.training.optimizer
        rate = phase_optimizer(first, spec).params[RATE]
        is_schedule = isinstance(rate, ObjectSpec)
        shown = rate.params.get("initial_learning_rate") if isinstance(rate, ObjectSpec) else rate
        own = spec.learning_rate is not None
        reason = ""
        if is_schedule:
            reason = self.tr("{0} begins anew, {1} times as high").format(
                getattr(rate, "class_name", ""), number(spec.factor)
            )
        elif not own:
            before = usual_rate(first) if first and RATE not in first.params else (first or _ADAM).params.get(RATE)
            reason = self.tr("{0} times that of the first phase, {1}").format(number(spec.factor), _plain(before))
        self.fields.show_field(RATE, shown, None, is_changed=own or spec.factor != PhaseSpec().factor, reason=reason)

    def _show_learning(self, project: Project, spec: PhaseSpec) -> None:
        free = freed_layers(project.model, spec) - self._without_weights()
        names = [title(node) for node in layers_in(project.model.nodes) if node.id in free]
        if names:
            text = self.tr("Now learn too: {0}").format(", ".join(names[-SHOWN:]))
            if len(names) > SHOWN:
                text = self.tr("Now learn too: {0} and {1} more").format(", ".join(names[-SHOWN:]), len(names) - SHOWN)
        elif frozen_layers(project.model):
            text = self.tr("No frozen layer begins to learn. Only the rate differs.")
        else:
            text = self.tr("Nothing is frozen on the Model page, so only the rate differs.")
        self.learns.setText(text)

    def _without_weights(self) -> frozenset[str]:
        """The ids of layers that have nothing to learn with, as far as it is known."""
        summary = self._context.model.summary
        return frozenset(layer.node_id for layer in (summary.layers if summary else ()) if not layer.params)

    def _fill_menu(self) -> None:
        """Frozen layers and what they stand in, to be ticked."""
        self.menu.clear()
        tree = self._context.document.project.model
        frozen = frozen_layers(tree)

        def fill(nodes: tuple[AnyNode, ...], depth: int) -> None:
            for node in nodes:
                if frozen.isdisjoint(layer.id for layer in layers_in((node,))):
                    continue
                action = self.menu.addAction("    " * depth + title(node))
                action.setCheckable(True)
                action.setChecked(node.id in self._spec.nodes)
                action.triggered.connect(lambda on, node_id=node.id: self._tick(node_id, on))
                if not isinstance(node, Wrapper):
                    fill(children_of(node), depth + 1)

        fill(tree.nodes, 0)
        if self.menu.isEmpty():
            self.menu.addAction(self.tr("Nothing is frozen on the Model page")).setEnabled(False)

    def _tick(self, node_id: str, on: bool) -> None:
        kept = tuple(each for each in self._spec.nodes if each != node_id)
        self.finished.emit()
        self.changed.emit({"nodes": (*kept, node_id) if on else kept})
        self.finished.emit()

    def _refresh_icon(self) -> None:
        self.remove.setIcon(self._context.theme.icon("close"))


_ADAM = ObjectSpec("Adam", {RATE: 0.001})


def _plain(value: Value) -> str:
    return number(float(value)) if isinstance(value, int | float) else ""


def _places(project: Project, spec: PhaseSpec) -> tuple[tuple[str, str], ...]:
    """The whole network, and each part of it that holds layers; one that is not there any more stays named."""
    found = [("", _tr("the whole network"))]
    for node in walk(project.model.nodes):
        if not isinstance(node, Wrapper) and any(True for _ in layers_in(children_of(node))):
            found.append((node.id, title(node)))
    if spec.within not in dict(found):
        found.append((spec.within, _tr("a part that is gone")))
    return tuple(found)


def _has_frozen_normalization(project: Project) -> bool:
    frozen = frozen_layers(project.model)
    nodes = layers_in(project.model.nodes)
    return any(node.id in frozen and getattr(node, "class_name", "") == "BatchNormalization" for node in nodes)
