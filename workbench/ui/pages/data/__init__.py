"""The Data page: where the data come from, what they look like, what is learned from them."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from workbench.ui.context import Context
from workbench.ui.pages import PageEntry


def _make(context: Context) -> QWidget:
    from workbench.ui.pages.data.page import DataPage  # late, so that the first paint need not wait for it

    return DataPage(context)


PAGE = PageEntry(
    name="data",
    title=lambda: QCoreApplication.translate("DataPage", "Data"),
    icon="database-outline",
    order=10,
    make=_make,
)
