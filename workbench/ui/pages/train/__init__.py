"""The Train page: hyperparameters, live curves, live feature maps."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from workbench.ui.context import Context
from workbench.ui.pages import PageEntry


def _make(context: Context) -> QWidget:
    from workbench.ui.pages.train.page import TrainPage  # late, so that the first paint need not wait for it

    return TrainPage(context)


PAGE = PageEntry(
    name="train",
    title=lambda: QCoreApplication.translate("TrainPage", "Train"),
    icon="chart-line",
    order=30,
    make=_make,
)
