"""Design tokens: every colour, size and distance of the window. Nothing else names a colour."""

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Tokens:
    """One colour scheme. `series` are the colours of curves in order; `on_accent` is text upon the accent."""

    scheme: Scheme
    ground: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    good: str
    warning: str
    warning_soft: str
    bad: str
    bad_soft: str
    series: tuple[str, ...]
    raw: str
    code_keyword: str
    code_string: str
    code_number: str
    code_comment: str


LIGHT = Tokens(
    scheme="light",
    ground="#f4f5f7",
    panel="#ffffff",
    raised="#f0f2f5",
    line="#dde1e6",
    text="#1d2329",
    muted="#66707b",
    accent="#2f6fde",
    accent_soft="#e3edfd",
    on_accent="#ffffff",
    good="#1f9d63",
    warning="#b97a10",
    warning_soft="#fdf3e0",
    bad="#d13c4b",
    bad_soft="#fde8ea",
    series=(
        "#2f6fde",
        "#d9731a",
        "#1f9d63",
        "#8a54d1",
        "#c2477f",
        "#12939a",
        "#9a7b0a",
        "#5f6f80",
        "#6fa01c",
        "#b04433",
        "#3f4aa8",
        "#8b6a4f",
    ),
    raw="#b4bcc6",
    code_keyword="#8a3fc7",
    code_string="#1a7f4e",
    code_number="#b0530f",
    code_comment="#7a848f",
)

DARK = Tokens(
    scheme="dark",
    ground="#1b1d21",
    panel="#22252a",
    raised="#2b2f36",
    line="#353a42",
    text="#e6e8eb",
    muted="#9aa3ad",
    accent="#5b9dff",
    accent_soft="#253a5c",
    on_accent="#10151c",
    good="#4cc38a",
    warning="#f0b44c",
    warning_soft="#3a3122",
    bad="#f0616d",
    bad_soft="#402529",
    series=(
        "#5b9dff",
        "#f0964c",
        "#4cc38a",
        "#b58cf0",
        "#ee7fb0",
        "#4cc6cc",
        "#d6b845",
        "#a3b1c0",
        "#a5d65c",
        "#e08573",
        "#8f9bf2",
        "#c9a487",
    ),
    raw="#59616c",
    code_keyword="#c792ea",
    code_string="#8fd6a4",
    code_number="#f0a574",
    code_comment="#7d8793",
)

RADIUS = 8
RADIUS_SMALL = 6
GAP = 10
PADDING = 14
ROW = 30
INDENT = 14
CELL = 3  # Qt adds 3 of its own to the text of a cell, which makes it the 6 of a heading
TEXT = 13
SMALL = 11
TITLE = 14
HEAVY = 600  # the heaviest that our font has: what is to be heavier, Qt smears
FONT = "Inter"
MONOSPACE = "JetBrains Mono"
