"""How defaults, own values and details look inside of a form."""

from workbench.ui.theme.tokens import RADIUS_SMALL, SMALL, Tokens


def form_sheet(t: Tokens) -> str:
    """The part of the style sheet that only forms need."""
    return f"""
    QLineEdit[default="true"], QComboBox[default="true"] {{ color: {t.muted}; }}
    QComboBox[invalid="true"] {{ border-color: {t.bad}; }}
    QLabel[role="field-label"] {{ color: {t.muted}; }}
    QLabel[role="field-label"][changed="true"] {{ color: {t.text}; font-weight: 600; }}
    QLabel[role="problem"] {{ color: {t.bad}; font-size: {SMALL}px; }}
    QToolButton[role="reset"], QToolButton[role="small-icon"] {{ padding: 0; border-radius: 4px; }}
    QToolButton[role="more"] {{ padding: 4px 8px 4px 0; color: {t.muted}; border: none; }}
    QToolButton[role="more"]:hover {{ color: {t.text}; background: transparent; }}
    QToolButton[role="more"]:focus {{ color: {t.accent}; }}
    QToolButton[role="more"]:checked {{ background: transparent; color: {t.text}; }}
    Details {{ border-left: 2px solid {t.line}; border-radius: {RADIUS_SMALL // 6}px; }}
    """
