"""Light and dark: our own palette and style sheet on the Fusion style, following the system unless a setting says else.

`QStyleHints.setColorScheme` does nothing on many desktops, so the palette is ours.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from workbench.domain.resources import resource
from workbench.ui.settings import SCHEME, Settings
from workbench.ui.theme import icons
from workbench.ui.theme.sheet import style_sheet
from workbench.ui.theme.tokens import DARK, FONT, LIGHT, MONOSPACE, TEXT, Tokens

FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")


class Theme(QObject):
    """Applies the scheme to the application. `changed` comes after it; who paints by hand takes `tokens` anew."""

    changed = Signal()

    def __init__(self, application: QApplication, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._settings = settings
        self.tokens: Tokens = LIGHT
        self._icons: dict[tuple[str, str], QIcon] = {}
        for name in FONT_FILES:
            QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))
        application.setStyle("Fusion")
        font = QFont([FONT, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC"])
        font.setPixelSize(TEXT)
        application.setFont(font)
        application.styleHints().colorSchemeChanged.connect(self.refresh)
        settings.changed.connect(self._setting_changed)
        self.refresh()

    def refresh(self) -> None:
        """Work out the scheme and apply it."""
        self.tokens = DARK if self._is_dark() else LIGHT
        self._icons.clear()
        self._application.setPalette(_palette(self.tokens))
        self._application.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

    def icon(self, name: str, color: str | None = None) -> QIcon:
        """An icon of the set by its name ("play", "grid" …), in the muted colour unless another is given."""
        key = name, color or self.tokens.muted
        if key not in self._icons:
            self._icons[key] = icons.icon(*key, disabled=self.tokens.line)
        return self._icons[key]

    def monospace(self, size: int = 12) -> QFont:
        """The font of code and numbers."""
        font = QFont([MONOSPACE, "monospace"])
        font.setPixelSize(size)
        return font

    def _setting_changed(self, key: str) -> None:
        if key == SCHEME.key:
            self.refresh()

    def _is_dark(self) -> bool:
        wanted = self._settings.get(SCHEME)
        if wanted != "system":
            return wanted == "dark"
        return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _palette(tokens: Tokens) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: tokens.ground,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.panel,
        QPalette.ColorRole.AlternateBase: tokens.raised,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Button: tokens.raised,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Highlight: tokens.accent_soft,
        QPalette.ColorRole.HighlightedText: tokens.text,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.Light: tokens.panel,
        QPalette.ColorRole.Midlight: tokens.raised,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.line,
        QPalette.ColorRole.Shadow: tokens.line,
        QPalette.ColorRole.Accent: tokens.accent,
    }
    palette = QPalette()
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return palette
