"""The style sheet, made from the tokens.

Widgets are told apart by the dynamic property `role`: panel, title, muted, small, primary, quiet, field-label, mono …
"""

from pathlib import Path

from workbench.domain.places import cache_folder
from workbench.ui.theme.tokens import CELL, PADDING, RADIUS, RADIUS_SMALL, ROW, SMALL, TITLE, Tokens

_MARKS = {
    "check": "M3.5 8.5 L6.8 11.6 L12.5 4.8",
    "dash": "M4 8 L12 8",
    "down": "M4 6 L8 10.5 L12 6",
    "up": "M4 10 L8 5.5 L12 10",
    "right": "M6 4 L10.5 8 L6 12",
}


def style_sheet(tokens: Tokens) -> str:
    """The whole sheet for one scheme."""
    marks = _marks(tokens)
    return "".join(part(tokens, marks) for part in (_base, _buttons, _fields, _views, _bars))


def _marks(tokens: Tokens) -> dict[str, str]:
    """Writes the marks of check boxes and arrows as SVG files (a style sheet takes no other kind), and names them."""
    folder = cache_folder() / "marks"
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, str] = {}
    for name, line in _MARKS.items():
        for use, color in (("muted", tokens.muted), ("on", tokens.on_accent)):
            path = folder / f"{name}-{color.lstrip('#')}.svg"
            _write_once(path, _svg(line, color))
            paths[f"{name}-{use}"] = path.as_posix()
    return paths


def _svg(line: str, color: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16">'
        f'<path d="{line}" fill="none" stroke="{color}" stroke-width="1.8" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def _base(t: Tokens, marks: dict[str, str]) -> str:
    # Of several states in one rule without a class Qt minds only the first: the focus has a rule of its own.
    return f"""
    QWidget {{ color: {t.text}; }}
    QMainWindow, QDialog, #ground {{ background: {t.ground}; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 5px 7px; }}
    [role="panel"] {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
    [role="title"] {{ font-size: {TITLE}px; font-weight: 600; }}
    [role="heading"] {{ font-weight: 600; }}
    [role="card"] {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
    [role="card"]:hover {{ border-color: {t.accent}; }}
    [role="card"]:focus {{ border-color: {t.accent}; }}
    [role="muted"] {{ color: {t.muted}; }}
    [role="small"] {{ color: {t.muted}; font-size: {SMALL}px; }}
    [role="good"] {{ color: {t.good}; }}
    [role="warning"] {{ color: {t.warning}; }}
    [role="bad"] {{ color: {t.bad}; }}
    [role="mono"] {{ background: {t.raised}; border-radius: {RADIUS_SMALL}px; padding: 6px 8px; }}
    [role="line"] {{ background: {t.line}; max-height: 1px; min-height: 1px; border: none; }}
    QSplitter::handle {{ background: transparent; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    """


def _buttons(t: Tokens, marks: dict[str, str]) -> str:
    return f"""
    QPushButton {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: {RADIUS_SMALL}px;
        padding: 0 12px; min-height: {ROW - 2}px; }}
    QPushButton:hover {{ border-color: {t.muted}; }}
    QPushButton:pressed {{ background: {t.line}; }}
    QPushButton:focus {{ border-color: {t.accent}; }}
    QPushButton:disabled {{ color: {t.muted}; background: {t.panel}; }}
    QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent};
        font-weight: 600; }}
    QPushButton[role="primary"]:disabled {{ background: {t.raised}; color: {t.muted}; border-color: {t.line}; }}
    QPushButton[role="soft"] {{ background: {t.accent_soft}; color: {t.accent}; border-color: {t.accent_soft};
        font-weight: 600; }}
    QPushButton[role="soft"]:disabled {{ background: {t.raised}; color: {t.muted}; border-color: {t.raised}; }}
    QPushButton[role="soft"]:hover {{ border-color: {t.accent}; }}
    QPushButton[role="link"] {{ background: transparent; border-color: transparent; color: {t.accent};
        padding: 0 3px; }}
    QPushButton[role="link"]:disabled {{ color: {t.muted}; }}
    QPushButton[role="fold"] {{ background: transparent; border-color: transparent; text-align: left; padding: 0 2px; }}
    QPushButton[role="fold"]:hover {{ background: {t.raised}; }}
    QPushButton[role="fold"]:focus {{ border-color: {t.accent}; }}
    QPushButton[role="segment"] {{ background: transparent; border-color: transparent; color: {t.muted};
        padding: 0 7px; }}
    QPushButton[role="segment"]:checked {{ background: {t.accent_soft}; color: {t.accent}; font-weight: 600; }}
    QPushButton[role="primary"]:focus {{ border-color: {t.text}; }}
    QPushButton[role="soft"]:focus, QPushButton[role="link"]:focus, QPushButton[role="segment"]:focus {{
        border-color: {t.accent}; }}
    QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {RADIUS_SMALL}px;
        padding: 4px; }}
    QToolButton:hover {{ background: {t.raised}; }}
    QToolButton:disabled {{ color: {t.raw}; }}
    QToolButton:focus {{ border-color: {t.accent}; }}
    QToolButton:checked {{ background: {t.accent_soft}; color: {t.accent}; }}
    QToolButton[role="nav"] {{ border-radius: {RADIUS}px; padding: 7px 2px; font-size: {SMALL + 1}px;
        color: {t.muted}; }}
    QToolButton[role="nav"]:checked {{ background: {t.accent_soft}; color: {t.accent}; font-weight: 600; }}
    QToolButton[role="soft"] {{ background: {t.accent_soft}; color: {t.accent}; font-weight: 600; padding: 0 12px;
        min-height: {ROW - 2}px; }}
    QToolButton[role="soft"]:hover {{ border-color: {t.accent}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    """


def _fields(t: Tokens, marks: dict[str, str]) -> str:
    return f"""
    QLineEdit, QAbstractSpinBox, QComboBox {{ background: {t.raised}; border: 1px solid {t.line};
        border-radius: {RADIUS_SMALL}px; padding: 0 8px; min-height: {ROW - 2}px;
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{ border-color: {t.accent}; }}
    QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ color: {t.muted}; background: {t.panel}; }}
    QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"] {{ border-color: {t.bad}; }}
    QAbstractSpinBox QLineEdit {{ background: transparent; border: none; padding: 0 4px 0 8px; min-height: 0; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 18px; border: none; background: transparent; }}
    QAbstractSpinBox::up-arrow {{ image: url("{marks["up-muted"]}"); width: 10px; height: 10px; }}
    QAbstractSpinBox::down-arrow {{ image: url("{marks["down-muted"]}"); width: 10px; height: 10px; }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox::down-arrow {{ image: url("{marks["down-muted"]}"); width: 12px; height: 12px; }}
    QCheckBox, QRadioButton {{ spacing: 8px; min-height: 22px; }}
    QCheckBox:disabled, QRadioButton:disabled {{ color: {t.muted}; }}
    QCheckBox::indicator, QListView::indicator, QTreeView::indicator {{ width: 16px; height: 16px;
        background: {t.panel}; border: 1px solid {t.muted}; border-radius: 4px; }}
    QCheckBox::indicator:checked, QListView::indicator:checked, QTreeView::indicator:checked {{
        background: {t.accent}; border-color: {t.accent}; image: url("{marks["check-on"]}"); }}
    QCheckBox::indicator:indeterminate {{ background: {t.accent}; border-color: {t.accent};
        image: url("{marks["dash-on"]}"); }}
    QRadioButton::indicator {{ width: 14px; height: 14px; background: {t.panel}; border: 1px solid {t.muted};
        border-radius: 8px; }}
    QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 5px solid {t.accent}; border-radius: 8px; }}
    QRadioButton::indicator:focus {{ border-color: {t.accent}; }}
    QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
    QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {{ border-color: {t.text}; }}
    QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {t.line};
        background: {t.raised}; }}
    QTextEdit, QPlainTextEdit, QTextBrowser {{ background: {t.panel}; border: none;
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QPlainTextEdit[role="field"] {{ background: {t.raised}; border: 1px solid {t.line};
        border-radius: {RADIUS_SMALL}px; padding: 4px; }}
    QPlainTextEdit[role="field"]:focus {{ border-color: {t.accent}; }}
    QSlider::groove:horizontal {{ height: 4px; background: {t.line}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
        background: {t.accent}; }}
    """


def _views(t: Tokens, marks: dict[str, str]) -> str:
    return f"""
    QTreeView, QListView, QTableView {{ background: {t.panel}; border: 1px solid {t.line}; outline: none;
        alternate-background-color: {t.raised}; gridline-color: {t.line}; show-decoration-selected: 1; }}
    QWidget QTreeView, QWidget QListView, QWidget QTableView {{ background: transparent; border: none; }}
    QComboBox QAbstractItemView {{ background: {t.panel}; border: 1px solid {t.line}; outline: none;
        selection-background-color: {t.accent_soft}; selection-color: {t.text}; padding: 4px; }}
    QTreeView::item, QListView::item {{ min-height: {ROW - 2}px; border: none; }}
    QTreeView::item:hover, QListView::item:hover, QTableView::item:hover {{ background: {t.raised}; }}
    QTreeView::item:selected, QListView::item:selected, QTableView::item:selected {{ background: {t.accent_soft};
        color: {t.text}; }}
    QTreeView::branch {{ background: transparent; }}
    QTreeView::branch:selected {{ background: {t.accent_soft}; }}
    QTreeView::branch:has-children:!has-siblings:closed, QTreeView::branch:closed:has-children:has-siblings {{
        image: url("{marks["right-muted"]}"); }}
    QTreeView::branch:open:has-children:!has-siblings, QTreeView::branch:open:has-children:has-siblings {{
        image: url("{marks["down-muted"]}"); }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section {{ background: transparent; color: {t.muted}; font-size: {SMALL}px; border: none;
        border-bottom: 1px solid {t.line}; padding: 5px 6px; }}
    QHeaderView::section:vertical {{ border: none; }}
    QTableView::item, QTreeView[role="table"]::item {{ padding: 0 {CELL}px; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QTableCornerButton::section {{ background: transparent; border: none; }}
    QMenuBar {{ background: {t.ground}; padding: 2px 6px; }}
    QMenuBar::item {{ background: transparent; padding: 4px 9px; border-radius: {RADIUS_SMALL}px; }}
    QMenuBar::item:selected {{ background: {t.raised}; }}
    QMenu {{ background: {t.panel}; border: 1px solid {t.line}; padding: 5px; }}
    QMenu::item {{ padding: 5px 26px 5px 12px; border-radius: {RADIUS_SMALL}px; }}
    QMenu::item:selected {{ background: {t.accent_soft}; }}
    QMenu::item:disabled {{ color: {t.muted}; }}
    QMenu::indicator:non-exclusive {{ width: 14px; height: 14px; margin-left: -2px; left: 6px; background: {t.panel};
        border: 1px solid {t.muted}; border-radius: 4px; }}
    QMenu::indicator:non-exclusive:checked {{ background: {t.accent}; border-color: {t.accent};
        image: url("{marks["check-on"]}"); }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 6px; }}
    """


def _bars(t: Tokens, marks: dict[str, str]) -> str:
    return f"""
    QProgressBar {{ background: {t.raised}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
        text-align: center; color: transparent; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabBar::tab {{ background: transparent; color: {t.muted}; padding: 7px {PADDING}px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {t.text}; font-weight: 600; border-bottom-color: {t.accent}; }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QScrollBar {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {t.line}; border-radius: 3px; min-height: 24px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {t.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
        border: none; height: 0; width: 0; }}
    """
