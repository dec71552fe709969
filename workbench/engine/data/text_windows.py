"""Cuts a long text into pieces, each with the character that follows: what a model of characters learns from."""

import numpy as np

from workbench.domain.catalogue import ParamEntry
from workbench.domain.dataset import StepSpec
from workbench.engine.data.limits import check_memory
from workbench.engine.data.params import whole
from workbench.engine.data.raw import AnyArray, Indices, Params, RawData
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.texts import as_array

PARAMS = (
    ParamEntry("length", "int", 24, low=1, high=500, help="How many characters a piece has."),
    ParamEntry(
        "stride",
        "int",
        6,
        low=1,
        high=1_000,
        help="How many characters further the next piece begins. The smaller, the more pieces there are.",
    ),
)
_BYTES_BESIDE = 60
_SCRIPT = """\
CHARACTERS = {characters}
book = "".join(character for character in book if character in CHARACTERS)
starts = range(0, len(book) - {length}, {stride})
x = np.array([book[start : start + {length}] for start in starts], dtype=object)
y = np.array([CHARACTERS.index(book[start + {length}]) for start in starts])  # the character that follows
"""


def cut_pieces(book: str, characters: str, length: int, stride: int, title: str) -> tuple[AnyArray, Indices]:
    """Pieces (n,) of the text without all other characters, in their order, and the number of the character behind
    each. Raises DataError when there are too many for the memory; `title` begins the sentence."""
    places = {character: place for place, character in enumerate(characters)}
    book = "".join(character for character in book if character in places)
    starts = range(0, len(book) - length, stride)
    check_memory(len(starts) * (length + _BYTES_BESIDE), f"{title} in {len(starts):,} pieces")
    y = np.array([places[book[start + length]] for start in starts], dtype=np.int64)
    return as_array([book[start : start + length] for start in starts]), y


def pieces_data(
    title: str,
    book: str,
    characters: str,
    params: Params,
    *,
    script: str,
    detected: dict[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> RawData:
    """The pieces as data; `script` is Python source that defines the text `book`, `params` have what PARAMS ask for.
    Raises DataError."""
    length, stride = whole(params, "length"), whole(params, "stride")
    x, y = cut_pieces(book, characters, length, stride, title)
    return RawData(
        title=title,
        form="text",
        x=x,
        y=y,
        classes=class_names(characters),
        target="next character",
        task="multiclass",
        ordered=True,
        tokenize=usual_tokens(length),
        continuation=True,
        detected=detected or {},
        notes=notes,
        script=script + pieces_script(characters, length, stride),
    )


def class_names(characters: str) -> tuple[str, ...]:
    """What the characters are called as classes."""
    return tuple("space" if character == " " else character for character in characters)


def usual_tokens(length: int) -> StepSpec:
    """How the pieces become numbers where the project says nothing of it: one number a character."""
    return StepSpec("tokenize", {"unit": "characters", "length": length, "lower": False, "strip": False})


def pieces_script(characters: str, length: int, stride: int) -> str:
    """Python source that goes on from a text `book`."""
    return _SCRIPT.format(characters=text_literal(characters), length=length, stride=stride)
