"""Bierce's dictionary, cut into pieces of text, each with the character that follows."""

import gzip
from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.bundled import bundled_file
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.text_windows import PARAMS, pieces_data

FILE = "devils_dictionary.txt.gz"
CHARACTERS = " abcdefghijklmnopqrstuvwxyz.,;:!?'\"-"
ENTRY = SourceEntry(
    kind="devils_dictionary",
    title="The Devil's Dictionary",
    group="bundled",
    summary="Ambrose Bierce's dictionary of 1911, cut into pieces; the character that follows each is to be told. In "
    "small letters, without line breaks, digits and brackets. The first pieces are for training, the last for testing.",
    params=PARAMS,
    licence="Public domain",
    task="multiclass",
    samples=58_781,
    shape=(24,),
)

_SCRIPT = """\
import gzip

import numpy as np

DATA = {path}

with gzip.open(DATA, "rt", encoding="ascii", newline="") as file:
    book = " ".join(file.read().lower().split())
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pieces of text in their order, and the number of the character behind each."""
    path = bundled_file(FILE)
    progress("Reading the dictionary", None)
    with gzip.open(path, "rt", encoding="ascii", newline="") as file:
        book = " ".join(file.read().lower().split())
    return pieces_data(ENTRY.title, book, CHARACTERS, params, script=_SCRIPT.format(path=text_literal(str(path))))


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file(FILE),)
