"""Settings of the program: type, default and meaning of each in one place, kept in a file of the person's."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal

from workbench.domain.places import config_folder

T = TypeVar("T")


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `choices` is empty where any value of the type goes."""

    key: str
    default: T
    title: str
    choices: tuple[T, ...] = ()


SCHEME: Setting[str] = Setting("appearance/scheme", "system", "Appearance", ("system", "light", "dark"))
RECENT: Setting[list[str]] = Setting("files/recent", [], "Recent projects")
GEOMETRY: Setting[str] = Setting("window/geometry", "", "Window geometry")
LAST_PROJECT: Setting[str] = Setting("files/last", "", "Project that was open last")
PAGE: Setting[str] = Setting("window/page", "", "Page that was open last")
NETWORK_AS: Setting[str] = Setting("model/network_as", "tree", "Network as", ("tree", "both", "diagram"))
SMOOTHING: Setting[float] = Setting("curves/smoothing", 0.9, "Smoothing of curves")


class Settings(QObject):
    """Reads and writes settings. `changed` carries the key."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder = config_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)

    def get(self, setting: Setting[T]) -> T:
        """The value, or the default when there is none or it is not one of the choices."""
        value: Any = self._store.value(setting.key, setting.default)
        try:
            value = self._convert(value, setting.default)
        except (TypeError, ValueError):
            return setting.default
        if setting.choices and value not in setting.choices:
            return setting.default
        return value  # type: ignore[no-any-return]

    def set(self, setting: Setting[T], value: T) -> None:
        """Keep a value; tells all who listen when it differs."""
        if self.get(setting) != value:
            self._store.setValue(setting.key, value)
            self.changed.emit(setting.key)

    def sync(self) -> None:
        """Write what is pending."""
        self._store.sync()

    @staticmethod
    def _convert(value: Any, default: Any) -> Any:
        if isinstance(default, bool):
            return value in (True, "true", "1", 1)
        if isinstance(default, list):
            if value is None or value == "":
                return []
            return [value] if isinstance(value, str) else list(value)
        return type(default)(value)
