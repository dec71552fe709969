"""A person's own long text, cut into pieces, each with the character that follows."""

from collections import Counter
from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.params import path_of, text
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.text_windows import PARAMS, pieces_data
from workbench.engine.data.texts import SUFFIXES, read_one_text

MOST_CHARACTERS = 200
SELDOM = 10
ENTRY = SourceEntry(
    kind="text_file",
    title="One long text",
    group="own",
    summary="A text of yours, cut into pieces; the character that follows each is to be told.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        *PARAMS,
        ParamEntry("lower", "bool", True, title="Small letters", help="Take “A” and “a” for the same character."),
    ),
    suffixes=SUFFIXES,
)

_SCRIPT = """\
import numpy as np

DATA = {path}

with open(DATA, "rb") as file:
    content = file.read()
encoding = "utf-16" if content.startswith((b"\\xff\\xfe", b"\\xfe\\xff")) else "utf-8-sig"
book = " ".join(content.decode(encoding){lower}.split())
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pieces of text in their order, and the number of the character behind each. White space becomes single blanks;
    characters that are seldom are left out."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    progress(f"Reading {path.name}", None)
    lower = bool(params["lower"])
    content = read_one_text(path)
    book = " ".join((content.lower() if lower else content).split())
    found = Counter(book)
    characters = "".join(
        sorted(c for c, count in found.most_common(MOST_CHARACTERS) if count >= SELDOM and c.isprintable())
    )
    if len(characters) < 2:
        raise DataError(
            f"{path.name} is too short: hardly a character occurs {SELDOM} times in it. Choose a longer text."
        )
    seldom = len(found) - len(characters)
    return pieces_data(
        path.stem,
        book,
        characters,
        params,
        script=_SCRIPT.format(path=text_literal(str(path)), lower=".lower()" if lower else ""),
        detected={"Characters": f"{len(book):,}", "Different ones": str(len(characters))},
        notes=(f"{seldom} seldom characters were left out.",) if seldom else (),
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
