"""Opening and closing the real window."""

from collections.abc import Callable

from workbench.ui.client import EngineClient
from workbench.ui.window import MainWindow

Opener = Callable[..., MainWindow]


def close(window: MainWindow) -> None:
    """Close a window as the program does at its end: the engine ends after the window."""
    window.close()
    client = window.context.client
    assert isinstance(client, EngineClient)
    client.stop()
    for part in (window, window.context, window.context.document, client):
        part.deleteLater()
