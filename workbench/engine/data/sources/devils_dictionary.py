"""Bierce's dictionary, cut into pieces of text, each with the character that follows."""

import gzip
from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.domain.dataset import StepSpec
from workbench.engine.data.bundled import bundled_file
from workbench.engine.data.params import whole
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.texts import as_array

FILE = "devils_dictionary.txt.gz"
CHARACTERS = " abcdefghijklmnopqrstuvwxyz.,;:!?'\"-"
ENTRY = SourceEntry(
    kind="devils_dictionary",
    title="The Devil's Dictionary",
    group="bundled",
    summary="Ambrose Bierce's dictionary of 1911, cut into pieces; the character that follows each is to be told. In "
    "small letters, without line breaks, digits and brackets. The first pieces are for training, the last for testing.",
    params=(
        ParamEntry("length", "int", 24, low=1, high=500, help="How many characters a piece has."),
        ParamEntry(
            "stride",
            "int",
            6,
            low=1,
            high=1_000,
            help="How many characters further the next piece begins. The smaller, the more pieces there are.",
        ),
    ),
    licence="Public domain",
    task="multiclass",
    samples=58_781,
    shape=(24,),
)

_SCRIPT = """\
import gzip

import numpy as np

DATA = {path}
CHARACTERS = {characters}

with gzip.open(DATA, "rt", encoding="ascii", newline="") as file:
    book = " ".join(file.read().lower().split())
book = "".join(character for character in book if character in CHARACTERS)
starts = range(0, len(book) - {length}, {stride})
x = np.array([book[start : start + {length}] for start in starts], dtype=object)
y = np.array([CHARACTERS.index(book[start + {length}]) for start in starts])  # the character that follows
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pieces of text in their order, and the number of the character behind each."""
    length, stride = whole(params, "length"), whole(params, "stride")
    path = bundled_file(FILE)
    progress("Reading the dictionary", None)
    book = text_of(path)
    starts = range(0, len(book) - length, stride)
    return RawData(
        title=ENTRY.title,
        form="text",
        x=as_array([book[start : start + length] for start in starts]),
        y=np.array([CHARACTERS.index(book[start + length]) for start in starts], dtype=np.int64),
        classes=("space", *CHARACTERS[1:]),
        target="next character",
        task="multiclass",
        ordered=True,
        tokenize=StepSpec("tokenize", {"unit": "characters", "length": length, "lower": False, "strip": False}),
        script=_SCRIPT.format(
            path=text_literal(str(path)), characters=text_literal(CHARACTERS), length=length, stride=stride
        ),
    )


def text_of(path: Path) -> str:
    """The book in small letters, with single blanks, of the characters that are told."""
    with gzip.open(path, "rt", encoding="ascii", newline="") as file:
        book = " ".join(file.read().lower().split())
    return "".join(character for character in book if character in CHARACTERS)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file(FILE),)
