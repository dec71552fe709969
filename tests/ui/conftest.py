"""What tests of the window share: a context on a fake engine, with folders of its own and the theme applied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from garbage import collector_on_the_main_thread, garbage_of_each_test  # noqa: F401 - for all tests here
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from shown_data import DIGITS

from workbench.domain.catalogue import Catalogue, load_catalogue
from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import LoadData
from workbench.protocol.events import DataLoaded
from workbench.ui.context import Context
from workbench.ui.document import Document
from workbench.ui.settings import SCHEME, Settings
from workbench.ui.theme import Theme


@pytest.fixture
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def settings(qapp: QApplication) -> Settings:
    """Settings in a folder of the test's own; light, so that pictures are the same everywhere."""
    settings = Settings()
    settings.set(SCHEME, "light")
    return settings


@pytest.fixture
def theme(qapp: QApplication, settings: Settings) -> Iterator[Theme]:
    theme = Theme(qapp, settings)
    yield theme
    # Without an event loop between tests their widgets would stay, and each style sheet would be laid on all of them.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")


@pytest.fixture
def info() -> DatasetInfo:
    """What the engine says of the data: digits, unless a test parametrises it."""
    return DIGITS


@pytest.fixture
def engine(qapp: QApplication, info: DatasetInfo) -> FakeEngine:
    """A ready engine that answers `LoadData` with `info`."""
    engine = FakeEngine()
    engine.reply_with(LoadData, DataLoaded(0, info))
    return engine


@pytest.fixture
def project() -> Project:
    """The project the document opens with: the digits and an empty network."""
    return Project(name="handwritten digits", data=DatasetSpec(SourceSpec("digits")))


@pytest.fixture
def document(qapp: QApplication, tmp_path: Path, project: Project) -> Iterator[Document]:
    folder = tmp_path / "project"
    folder.mkdir()
    document = Document(ProjectFolder(folder), project)
    yield document
    document._autosave.stop()


@pytest.fixture
def context(
    document: Document, engine: FakeEngine, catalogue: Catalogue, settings: Settings, theme: Theme, info: DatasetInfo
) -> Context:
    """A context whose data are loaded already."""
    context = Context(document, engine, catalogue, settings, theme)
    context.data.info, context.data.loaded_spec = info, document.project.data
    return context
