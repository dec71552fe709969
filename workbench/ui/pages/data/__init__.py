"""The Data page: where the data come from, what they look like, what is learned from them."""

from PySide6.QtCore import QCoreApplication

from workbench.ui.pages import PageEntry
from workbench.ui.pages.data.page import DataPage

PAGE = PageEntry(
    name="data",
    title=lambda: QCoreApplication.translate("DataPage", "Data"),
    icon="database-outline",
    order=10,
    make=DataPage,
)
