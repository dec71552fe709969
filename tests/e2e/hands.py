"""Real mouse and keyboard: events made by the X server itself (XTEST), so that they take the way a person's take."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

STEPS = 8
KEY_NAMES = {
    "ctrl": "Control_L",
    "shift": "Shift_L",
    "alt": "Alt_L",
    "enter": "Return",
    "escape": "Escape",
    "delete": "Delete",
    "tab": "Tab",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "space": "space",
    "backspace": "BackSpace",
    "home": "Home",
    "end": "End",
}
CHARACTERS = {" ": "space", "-": "minus", ".": "period", "_": "underscore", "/": "slash", ",": "comma"}


class Hands:
    """Moves the pointer, presses buttons and keys. Every deed waits until the window has taken it in."""

    def __init__(self, qtbot: QtBot) -> None:
        self._bot = qtbot
        self._display = Display()

    def close(self) -> None:
        """Let go of the X server."""
        self._display.close()

    def move(self, point: QPoint) -> None:
        """Move the pointer to a place of the screen."""
        ratio = QApplication.primaryScreen().devicePixelRatio()
        self._fake(X.MotionNotify, x=round(point.x() * ratio), y=round(point.y() * ratio))

    def click(self, widget: QWidget, place: QPoint | None = None, *, button: int = 1, times: int = 1) -> None:
        """Click into the middle of a widget, or at a place of it."""
        assert widget.isVisible(), f"{widget} is not on the screen"
        assert widget.isEnabled(), f"{widget} cannot be used"
        self.move(widget.mapToGlobal(place if place is not None else widget.rect().center()))
        for _ in range(times):
            self._fake(X.ButtonPress, button)
            self._fake(X.ButtonRelease, button)

    def click_item(self, view: QAbstractItemView, rect: QRect, *, times: int = 1, button: int = 1) -> None:
        """Click into the rectangle of an item (as `visualRect` gives it)."""
        place = QPoint(min(rect.left() + 60, rect.center().x()), rect.center().y())
        self.click(view.viewport(), place, times=times, button=button)

    def drag(self, source: QWidget, start: QPoint, target: QWidget, end: QPoint) -> None:
        """Press, move in steps, and let go elsewhere.

        From a thread: Qt runs a loop of its own while something is dragged, so that nobody else comes to let go.
        """
        first, last = source.mapToGlobal(start), target.mapToGlobal(end)
        places = [first + (last - first) * step / STEPS for step in range(STEPS + 1)]
        thread = threading.Thread(target=self._drag_along, args=(places,))
        thread.start()
        self._bot.waitUntil(lambda: not thread.is_alive(), timeout=20_000)
        thread.join()

    def wheel(self, widget: QWidget, notches: int) -> None:
        """Turn the wheel over a widget, up where positive."""
        self.move(widget.mapToGlobal(widget.rect().center()))
        for _ in range(abs(notches)):
            self._fake(X.ButtonPress, 4 if notches > 0 else 5)
            self._fake(X.ButtonRelease, 4 if notches > 0 else 5)

    def press(self, keys: str) -> None:
        """Press keys together, such as "ctrl+z" or "F5"."""
        names = [KEY_NAMES.get(name.lower(), name) for name in keys.split("+")]
        codes = [self._code(name) for name in names]
        for code in codes:
            self._fake(X.KeyPress, code)
        for code in reversed(codes):
            self._fake(X.KeyRelease, code)

    def type(self, text: str) -> None:
        """Type plain characters."""
        for character in text:
            name = CHARACTERS.get(character, character)
            if character.isupper() or character == "_":
                self.press(f"shift+{name}")
            else:
                self.press(name)

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait, with the window alive, until something is so."""
        self._bot.waitUntil(condition, timeout=round(seconds * 1000))

    def focus(self, window: QWidget) -> None:
        """Give a window the keyboard (there is no window manager to do so)."""
        window.activateWindow()
        window.windowHandle().requestActivate()
        self._bot.waitUntil(lambda: QApplication.focusWindow() is not None, timeout=5000)

    def _code(self, name: str) -> int:
        symbol = XK.string_to_keysym(name)
        assert symbol, f"no key is called {name}"
        code: int = self._display.keysym_to_keycode(symbol)
        return code

    def _drag_along(self, places: list[QPoint]) -> None:
        display = Display()
        pause = threading.Event()  # a hand takes its time, and Qt begins a drag only on a move that follows the press
        for number, place in enumerate(places):
            xtest.fake_input(display, X.MotionNotify, x=place.x(), y=place.y())
            if number == 0:
                xtest.fake_input(display, X.ButtonPress, 1)
            display.sync()
            pause.wait(0.04)
        xtest.fake_input(display, X.ButtonRelease, 1)
        display.sync()
        display.close()

    def _fake(self, kind: int, detail: int = 0, **place: int) -> None:
        xtest.fake_input(self._display, kind, detail, **place)
        self._display.sync()
        QApplication.processEvents()
        self._bot.wait(5)
