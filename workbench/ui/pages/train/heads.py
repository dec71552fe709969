"""Loss, metrics and weight of each of several outputs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.domain.edits import set_head
from workbench.domain.training import HeadSpec, ResolvedHead, TrainingSpec
from workbench.domain.values import Value
from workbench.ui.context import Context
from workbench.ui.pages.train.entries import head_entries
from workbench.ui.pages.train.fields import FieldList
from workbench.ui.widgets.panel import label


class HeadList(QWidget):
    """Fields for each output under its name. `changed(edit)` follows each change by the person; `finished` says that a
    series of changes is over."""

    changed = Signal(object)
    finished = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.fields: dict[str, FieldList] = {}
        self.hide()

    def show_heads(self, training: TrainingSpec, heads: Sequence[ResolvedHead], usual: Sequence[ResolvedHead]) -> None:
        """Show how each output learns, and would by default; nothing where there is only one."""
        self.setVisible(bool(heads))
        names = [head.name for head in heads]
        if names != list(self.fields):
            self._rebuild(names)
        chosen = {head.name: head for head in training.heads}
        for head, default in zip(heads, usual, strict=True):
            self._show(head, default, chosen.get(head.name, HeadSpec(head.name)))

    def _rebuild(self, names: Sequence[str]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {name: self._add(name) for name in names}

    def _add(self, name: str) -> FieldList:
        self._column.addWidget(label(self.tr("Output “{0}”").format(name), "heading"))
        fields = FieldList(head_entries(), self._context.catalogue, self._context.theme)
        fields.changed.connect(lambda field, value: self.changed.emit(set_head(name, **{field: value})))
        fields.reset.connect(lambda field: self._reset(name, field))
        fields.finished.connect(self.finished)
        self._column.addWidget(fields)
        return fields

    def _reset(self, name: str, field: str) -> None:
        self.finished.emit()
        self.changed.emit(set_head(name, **{field: None}))
        self.finished.emit()

    def _show(self, head: ResolvedHead, usual: ResolvedHead, chosen: HeadSpec) -> None:
        fields = self.fields[head.name]
        for field in fields.rows:
            value: Value = getattr(head, field)
            default: Value = getattr(usual, field)
            own = getattr(chosen, field) is not None
            fields.show_field(field, value, default, is_changed=own, reason=head.reasons.get(field, ""))
