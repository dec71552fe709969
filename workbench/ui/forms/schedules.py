"""The editor of a learning rate: a number, or a schedule."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.forms.base import ComboBox, Editor
from workbench.ui.forms.numbers import NumberEditor
from workbench.ui.forms.objects import ObjectEditor, first_spec
from workbench.ui.theme import Theme


class ScheduleEditor(Editor):
    """A number, or a schedule that gives one for each step."""

    def __init__(self, entry: ParamEntry, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._constant: Value = entry.default if isinstance(entry.default, int | float) else 0.001
        self._first = catalogue.of("schedules")[0]
        self.number = NumberEditor(entry)
        self.kind = ComboBox()
        self.kind.addItems(
            [QCoreApplication.translate("forms", "constant"), QCoreApplication.translate("forms", "schedule")]
        )
        self.kind.setToolTip(
            QCoreApplication.translate(
                "forms", "A constant number, or a schedule that changes it as the training goes on"
            )
        )
        self.kind.activated.connect(self._kind_chosen)
        self.schedule = ObjectEditor(catalogue, theme, "schedules")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addWidget(self.number)
        self._layout.addWidget(self.kind)
        self._layout.addWidget(self.schedule)
        self.schedule.setVisible(False)
        self.setFocusProxy(self.number)
        for editor in (self.number, self.schedule):
            editor.problem_changed.connect(self.set_problem)
            editor.finished.connect(self.finished)
        self.number.edited.connect(self.edited)
        self.schedule.edited.connect(self.edited)

    def value(self) -> Value:
        return self.number.value() if self.schedule.isHidden() else self.schedule.value()

    def set_value(self, value: Value) -> None:
        is_schedule = isinstance(value, ObjectSpec)
        if is_schedule:
            self.schedule.set_value(value)
        else:
            self.number.set_value(value)
            self._constant = value
        self._show(is_schedule)

    def show_mixed(self) -> None:
        self._show(False)
        self.number.show_mixed()

    def faces(self) -> list[QWidget]:
        return [*self.number.faces(), *self.schedule.faces()]

    def below(self) -> QWidget | None:
        self._layout.removeWidget(self.schedule)
        return self.schedule

    def _show(self, is_schedule: bool) -> None:
        self.number.setVisible(not is_schedule)
        self.kind.setCurrentIndex(int(is_schedule))
        self.schedule.setVisible(is_schedule)

    def _kind_chosen(self, index: int) -> None:
        if bool(index) == (not self.schedule.isHidden()):
            return
        if index:
            self.schedule.set_value(first_spec(self._first))
        self.set_value(self.schedule.value() if index else self._constant)
        self.edited.emit(self.value())
        self.finished.emit()
