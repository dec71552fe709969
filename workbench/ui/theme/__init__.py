"""The look of the window: tokens, palette, style sheet, fonts, icons."""

from workbench.ui.theme.theme import Theme

__all__ = ["Theme"]
