"""The Runs page: every training of the project, to compare, look into, resume and export."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from workbench.ui.context import Context
from workbench.ui.pages import PageEntry


def _make(context: Context) -> QWidget:
    from workbench.ui.pages.runs.page import RunsPage  # late, so that the first paint need not wait for it

    return RunsPage(context)


PAGE = PageEntry(
    name="runs",
    title=lambda: QCoreApplication.translate("RunsPage", "Runs"),
    icon="history",
    order=60,
    make=_make,
)
