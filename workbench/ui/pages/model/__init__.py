"""The Model page: the network as a tree, its palette, forms, problems and code."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from workbench.ui.context import Context
from workbench.ui.pages import PageEntry


def _make(context: Context) -> QWidget:
    from workbench.ui.pages.model.page import ModelPage  # late, so that the first paint need not wait for it

    return ModelPage(context)


PAGE = PageEntry(
    name="model",
    title=lambda: QCoreApplication.translate("ModelPage", "Model"),
    icon="file-tree-outline",
    order=20,
    make=_make,
)
