"""The Model page: the network as a tree, its palette, forms, problems and code."""

from PySide6.QtCore import QCoreApplication

from workbench.ui.pages import PageEntry
from workbench.ui.pages.model.page import ModelPage

PAGE = PageEntry(
    name="model",
    title=lambda: QCoreApplication.translate("ModelPage", "Model"),
    icon="file-tree-outline",
    order=20,
    make=ModelPage,
)
