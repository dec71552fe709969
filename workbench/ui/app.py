"""Starts the window: application, theme, engine process, document."""

import gc
import logging
import signal
import sys
from logging.handlers import RotatingFileHandler
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from workbench.domain.catalogue import load_catalogue
from workbench.domain.places import log_folder
from workbench.domain.project import Project
from workbench.domain.resources import resource
from workbench.domain.store import ProjectFolder, new_working_folder
from workbench.ui.client import EngineClient
from workbench.ui.collector import Collector
from workbench.ui.context import Context
from workbench.ui.document import Document
from workbench.ui.files import Files
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme
from workbench.ui.window import MainWindow

log = logging.getLogger(__name__)


def main(project: str | None = None, sample: str | None = None, data: str | None = None) -> int:
    """Open the window on a project, a sample or data, or on what was open last. Gives the exit code."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Workbench")
    application.setOrganizationName("Workbench")
    application.setDesktopFileName("workbench")
    start_log()
    Collector(application)
    translators = install_translators(application)
    settings = Settings()
    theme = Theme(application, settings)
    client = EngineClient()
    client.start()
    document = Document(ProjectFolder(new_working_folder()), Project())
    context = Context(document, client, load_catalogue(), settings, theme)
    files = Files(context)
    window = MainWindow(context, files)
    files.begin(window, project, sample, data)
    window.show()
    QTimer.singleShot(50, window, window.make_next_page)
    keep_signals_alive(application, window)
    # Qt alone would wait with it while anything holds its lock against quitting, as it is for a while after the start.
    application.lastWindowClosed.connect(application.quit)
    code = application.exec()
    client.stop()
    for translator in translators:
        application.removeTranslator(translator)
    take_apart(window)
    return code


def take_apart(window: MainWindow) -> None:
    """Destroy the window while there is an application. Left to the end of the interpreter, its widgets would be
    destroyed without one, in no order, which can crash."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


def start_log() -> None:
    """Log to a file of bounded size in the person's log folder, uncaught errors included."""
    folder = log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "window.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    sys.excepthook = _log_uncaught


def install_translators(application: QApplication) -> list[QTranslator]:
    """Qt's own texts and ours in the language of the system, where there is a translation."""
    locale = QLocale.system()
    places = (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("workbench", str(resource("translations"))),
    )
    translators = []
    for name, folder in places:
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
            translators.append(translator)
    return translators


def keep_signals_alive(application: QApplication, window: MainWindow) -> None:
    """Let Ctrl-C in the terminal close the window as its own button does; Qt's loop would not see it.

    It closes when the loop comes round: a signal may come amid the painting of the window that it closes.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, window, window.close))
    timer = QTimer(application, interval=200)
    timer.timeout.connect(lambda: None)
    timer.start()


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("Uncaught error in the window", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
