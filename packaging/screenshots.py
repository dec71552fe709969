"""Takes the pictures of the README: the real window on the real engine, trained on a sample.

    QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/screenshots.py

Needs the project installed. Nothing of the person's own is touched: it works in a home of its own.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent / "screenshots"
SIZE = (1280, 800)
PATIENCE = 180.0
WANTED = ("data-light", "model-light", "train-light", "train-dark", "inspect-light")


def main() -> None:
    """Take them all."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["WORKBENCH_HOME"] = home
        take("digits", "light")
        take("moons", "dark")


def take(sample: str, scheme: str) -> None:
    """Train a sample in the window, and photograph each page."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from workbench.domain.catalogue import load_catalogue
    from workbench.domain.project import Project
    from workbench.domain.store import ProjectFolder, new_working_folder
    from workbench.ui.client import EngineClient
    from workbench.ui.context import Context
    from workbench.ui.document import Document
    from workbench.ui.files import Files
    from workbench.ui.settings import NETWORK_AS, SCHEME, Settings
    from workbench.ui.theme import Theme
    from workbench.ui.window import MainWindow

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    settings = Settings()
    settings.set(SCHEME, scheme)
    theme = Theme(application, settings)
    client = EngineClient()
    client.start()
    document = Document(ProjectFolder(new_working_folder()), Project())
    context = Context(document, client, load_catalogue(), settings, theme)
    window = MainWindow(context, Files(context))
    window.resize(*SIZE)
    window.show()
    window.files.begin(window, None, sample, None)

    def until(condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise SystemExit("The window did not get ready in time.")
            QTest.qWait(30)

    until(lambda: context.model.summary is not None)
    window.show_page("data")
    QTest.qWait(1500)
    save(window, f"data-{scheme}")
    window.show_page("model")
    assert context.model.summary is not None
    settings.set(NETWORK_AS, "both")
    QTest.qWait(1000)
    context.node_wanted.emit(context.model.summary.layers[1].node_id)
    QTest.qWait(500)
    save(window, f"model-{scheme}")
    window.show_page("train")
    QTest.qWait(500)
    window.training.train()
    until(lambda: len(context.run.history.epochs) >= context.run.epochs * 0.6 > 0)
    QTest.qWait(300)
    save(window, f"train-{scheme}")
    until(lambda: context.run.status == "idle")
    window.notices.dismiss()
    window.show_page("inspect")
    QTest.qWait(3000)
    save(window, f"inspect-{scheme}")
    window.close()
    client.stop()


def save(window: object, name: str) -> None:
    """One picture of the whole window, if the README shows it."""
    from PySide6.QtWidgets import QApplication, QWidget

    assert isinstance(window, QWidget)
    if name not in WANTED:
        return
    QApplication.processEvents()
    window.grab().save(str(HERE / f"{name}.png"))
    print(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
