"""The Inspect page: what every layer of a trained network makes of a sample."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from workbench.ui.context import Context
from workbench.ui.pages import PageEntry


def _make(context: Context) -> QWidget:
    from workbench.ui.pages.inspect.page import InspectPage  # late, so that the first paint need not wait for it

    return InspectPage(context)


PAGE = PageEntry(
    name="inspect",
    title=lambda: QCoreApplication.translate("InspectPage", "Inspect"),
    icon="eye-outline",
    order=40,
    make=_make,
)
