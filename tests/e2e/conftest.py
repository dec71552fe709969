"""The real window on the real engine, in a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from garbage import collector_on_the_main_thread, garbage_of_each_test  # noqa: F401 - for all tests here
from hands import Hands
from opening import Opener, close
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from workbench.domain.catalogue import load_catalogue
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder, new_working_folder
from workbench.ui.client import EngineClient
from workbench.ui.context import Context
from workbench.ui.document import Document
from workbench.ui.files import Files
from workbench.ui.settings import SCHEME, Settings
from workbench.ui.theme import Theme
from workbench.ui.window import MainWindow


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new person's home: no settings, no projects."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(folder))
    monkeypatch.setenv("WORKBENCH_THREADS", "1")
    return folder


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot) -> Iterator[Opener]:
    """Opens windows as the program does; `project`, `sample` and `data` are those of the command line."""
    windows: list[MainWindow] = []

    def open_one(project: str | None = None, sample: str | None = None, data: str | None = None) -> MainWindow:
        settings = Settings()
        settings.set(SCHEME, "light")
        theme = Theme(qapp, settings)
        client = EngineClient()
        client.start()
        document = Document(ProjectFolder(new_working_folder()), Project())
        context = Context(document, client, load_catalogue(), settings, theme)
        files = Files(context)
        window = MainWindow(context, files)
        files.begin(window, project, sample, data)
        window.show()
        qtbot.waitExposed(window)
        windows.append(window)
        return window

    yield open_one
    for window in windows:
        if isValid(window):  # a test may have closed it
            close(window)
    qapp.setStyleSheet("")


@pytest.fixture
def hands(qtbot: QtBot) -> Iterator[Hands]:
    hands = Hands(qtbot)
    yield hands
    hands.close()
