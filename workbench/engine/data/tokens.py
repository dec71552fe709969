"""Cuts texts into tokens (words, characters, or several in a row) and gives each a number, as
keras.layers.TextVectorization does, or keras.layers.Hashing."""

import re
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.limits import check_memory
from workbench.engine.data.raw import AnyArray
from workbench.engine.data.siphash import siphash

T = TypeVar("T")
Unit: TypeAlias = Literal["words", "characters"]
Span: TypeAlias = tuple[int, int, bool]

_NGRAMS = """\
    return [" ".join(single[place : place + size]) for size in sizes for place in range(len(single) - size + 1)]"""
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True)
class Cutter:
    """How a text is cut. Two differences to Keras, which knows only ASCII here: capitals of every alphabet become small
    letters, and every kind of white space parts words. With `ngrams` above 1, tokens that stand side by side make
    tokens as well: after all single ones come all pairs, and so on up to so many at once."""

    unit: Unit
    lower: bool
    strip: bool
    ngrams: int = 1

    def __call__(self, text: str) -> list[str]:
        """The tokens of a text, in their order."""
        single = self.single(text)
        if self.ngrams == 1:
            return single
        sizes = range(1, self.ngrams + 1)
        return [" ".join(single[place : place + size]) for size in sizes for place in range(len(single) - size + 1)]

    def single(self, text: str) -> list[str]:
        """The words or characters of a text."""
        cleaned = self._cleaned(text)
        return list(cleaned) if self.unit == "characters" else cleaned.split()

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Where each word or character begins and ends in the text as it was written, and the token that it is."""
        if self.unit == "characters":  # a capital can become two small characters
            return [
                (place, place + 1, token) for place, character in enumerate(text) for token in self._cleaned(character)
            ]
        found = ((match.start(), match.end(), self._cleaned(match.group())) for match in re.finditer(r"\S+", text))
        return [(start, end, token) for start, end, token in found if token]

    @property
    def script(self) -> str:
        """Python source of the lines that cut `text` and return its tokens."""
        expression = "text"
        if self.lower:
            expression += ".lower()"
        if self.strip:
            expression += ".translate(PUNCTUATION)"
        expression = f"list({expression})" if self.unit == "characters" else f"{expression}.split()"
        if self.ngrams == 1:
            return f"    return {expression}"
        return f"    single = {expression}\n    sizes = range(1, {self.ngrams + 1})\n{_NGRAMS}"

    def _cleaned(self, text: str) -> str:
        if self.lower:
            text = text.lower()
        return text.translate(_PUNCTUATION) if self.strip else text


def count_tokens(cut: Cutter, texts: Iterable[str]) -> dict[str, int]:
    """How often each token occurs."""
    counts: dict[str, int] = {}
    for text in texts:
        for token in cut(text):
            counts[token] = counts.get(token, 0) + 1
    return counts


def most_frequent(counts: dict[str, int], most: int) -> list[str]:
    """The most frequent tokens first; of two that are as frequent, the one later in the alphabet, as Keras has it."""
    return sorted(counts, key=lambda token: (counts[token], token), reverse=True)[:most]


@dataclass(frozen=True)
class Tokenizer:
    """Known tokens and their numbers. As rows of `length` numbers, 0 is padding and 1 unknown; as bags, where
    `length` is None, one column a token, column 0 being unknown ones, multiplied by `weights` where given. With
    `hashed` no token is known or unknown: its number is reckoned from its letters, in rows from 1 on."""

    cut: Cutter
    numbers: dict[str, int]
    size: int
    length: int | None = None
    pad: Literal["pre", "post"] = "post"
    drop: Literal["pre", "post"] = "post"
    seen_only: bool = False
    weights: NDArray[np.float32] | None = None
    hashed: bool = False

    def __call__(self, texts: AnyArray) -> AnyArray:
        """Texts (n,) as rows (n, length) int32, or as bags (n, size) float32. Raises DataError on too many."""
        width = self.size if self.length is None else self.length
        check_memory(len(texts) * width * 4, f"{len(texts):,} texts as {width:,} numbers each")
        return self._bags(texts) if self.length is None else self._rows(texts, self.length)

    def spans(self, text: str) -> list[Span]:
        """Where the words or characters that the network gets begin and end in a text, and whether each is known; what
        is behind the length is left out."""
        places = self.cut.places(text)
        found = [(start, end, self.hashed or token in self.numbers) for start, end, token in places]
        if self.length is None:
            return found
        longer = sum(max(0, len(found) - size + 1) for size in range(2, self.cut.ngrams + 1))
        every: list[Span | None] = [*found, *([None] * longer)]
        return [span for span in kept(every, self.length, self.drop) if span is not None]

    def _rows(self, texts: AnyArray, length: int) -> AnyArray:
        rows = np.zeros((len(texts), length), np.int32)
        number = self._numberer(1)
        for row, text in zip(rows, texts, strict=True):
            found = [number(token) for token in kept(self.cut(text), length, self.drop)]
            if self.pad == "post":
                row[: len(found)] = found
            else:
                row[length - len(found) :] = found
        return rows

    def _bags(self, texts: AnyArray) -> AnyArray:
        bags = np.zeros((len(texts), self.size), np.float32)
        number = self._numberer(0)
        for bag, text in zip(bags, texts, strict=True):
            found = np.array([number(token) for token in self.cut(text)], dtype=np.int64)
            bag[:] = np.bincount(found, minlength=self.size)
        if self.seen_only:
            bags = (bags > 0).astype(np.float32)
        return bags if self.weights is None else bags * self.weights

    def _numberer(self, first: int) -> Callable[[str], int]:
        """Gives each token its number; `first` is that of unknown ones, and the lowest that a hash can give."""
        if not self.hashed:
            return lambda token: self.numbers.get(token, first)
        hashes = cache(siphash)  # the same words come again and again
        return lambda token: first + hashes(token) % (self.size - first)


def kept(tokens: Sequence[T], length: int, drop: Literal["pre", "post"]) -> list[T]:
    """At most `length` tokens: the first, or, where the beginning is dropped, the last."""
    return list(tokens[:length] if drop == "post" else tokens[-length:])


def rarity(cut: Cutter, texts: AnyArray, known: Sequence[str]) -> NDArray[np.float32]:
    """How much each known token tells of a text (inverse document frequency, as Keras reckons it): log(1 + texts /
    (1 + texts with it)). Of an unknown one, which comes first, the mean of the others."""
    holding: dict[str, int] = {}
    for text in texts:
        for token in set(cut(text)):
            holding[token] = holding.get(token, 0) + 1
    weights = np.log(1 + len(texts) / (1 + np.array([holding[token] for token in known], dtype=np.float64)))
    return np.append(weights.mean() if len(weights) else 0.0, weights).astype(np.float32)
