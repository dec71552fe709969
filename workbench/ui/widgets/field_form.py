"""A form of a few fields with their titles beside them; forms below one another stand in line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from workbench.ui.widgets.panel import label

TITLE_WIDTH = 78


class FieldForm(QFormLayout):
    """`add_field` puts a widget behind its title, which names it to a screen reader too."""

    def __init__(self) -> None:
        super().__init__()
        self.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(8)

    def add_field(self, title: str, widget: QWidget) -> QLabel:
        """Append a row; gives its title."""
        text = label(title, "muted")
        text.setBuddy(widget)
        text.setMinimumWidth(TITLE_WIDTH)
        widget.setAccessibleName(title)
        self.addRow(text, widget)
        return text
