"""Film reviews that a small grammar writes, praise or blame, with negations and mixed opinions."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated, review_words
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

_EVERY = 1_000
_LISTS = ("THINGS", "GOOD", "BAD", "DEGREES", "PLAIN", "NEGATED", "MIXED", "AGREED", "ASIDES")
ENTRY = SourceEntry(
    kind="reviews",
    title="Film reviews",
    group="generated",
    summary="Short reviews from a small grammar, praise or blame. Some say “not good at all”, and in some one opinion "
    "follows another: the last one decides. So it takes the order of the words to tell them apart.",
    params=(
        ParamEntry("samples", "int", 4_000, low=20, high=50_000, help="How many reviews to write."),
        ParamEntry(
            "negated",
            "float",
            0.3,
            low=0.0,
            high=1.0,
            title="Negations",
            help="The share of opinions that say it by the opposite: “not good at all” for bad.",
        ),
        ParamEntry(
            "mixed",
            "float",
            0.4,
            low=0.0,
            high=1.0,
            title="Mixed opinions",
            help="The share of reviews that hold both opinions: “the acting was great, but the story was boring”. "
            "The last one decides.",
        ),
        ParamEntry("seed", "int", 0, low=0, high=2**31 - 1, help="The same seed writes the same reviews."),
    ),
    task="binary",
    samples=4_000,
    shape=(30,),
)

_SCRIPT = """\
import numpy as np

{lists}
rng = np.random.default_rng({seed})


def any_of(words):
    return words[rng.integers(len(words))]


def opinion(praise):
    negated = rng.random() < {negated}
    word = any_of(GOOD if praise != negated else BAD)
    thing, degree = any_of(THINGS), any_of(DEGREES)
    return any_of(NEGATED if negated else PLAIN).format(thing=thing, degree=degree, word=word)


def review(praise):
    mixed = rng.random() < {mixed}
    first, last = opinion(praise != mixed), opinion(praise)
    sentences = [any_of(MIXED if mixed else AGREED).format(first=first, last=last)]
    if rng.random() < 0.5:
        sentences.insert(0, any_of(ASIDES))
    if rng.random() < 0.5:
        sentences.append(any_of(ASIDES))
    return ". ".join(sentence[0].upper() + sentence[1:] for sentence in " ".join(sentences).split(". "))


y = np.arange({samples}) % 2  # 0 is blame, 1 is praise
x = np.array([review(bool(label)) for label in y], dtype=object)
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Reviews of two classes, one after the other."""
    samples, seed = whole(params, "samples"), whole(params, "seed")
    negated, mixed = number(params, "negated"), number(params, "mixed")
    y = np.arange(samples) % 2
    writer = _Writer(seed, negated, mixed)
    x = np.empty(samples, object)
    for place, label in enumerate(y):
        if place % _EVERY == 0:
            progress("Writing reviews", place / samples)
        x[place] = writer.review(bool(label))
    lists = "\n".join(_list(name, getattr(review_words, name)) for name in _LISTS)
    return RawData(
        title=ENTRY.title,
        form="text",
        x=x,
        y=y,
        classes=("negative", "positive"),
        target="opinion",
        task="binary",
        script=_SCRIPT.format(lists=lists, samples=samples, seed=seed, negated=negated, mixed=mixed),
    )


def _list(name: str, words: tuple[str, ...]) -> str:
    lines = "".join(f'    "{word}",\n' for word in words)
    return f"{name} = [\n{lines}]"


class _Writer:
    """The grammar. The script does the same, draw by draw."""

    def __init__(self, seed: int, negated: float, mixed: float) -> None:
        self._rng = np.random.default_rng(seed)
        self._negated = negated
        self._mixed = mixed

    def review(self, praise: bool) -> str:
        """One review."""
        mixed = self._rng.random() < self._mixed
        first, last = self._opinion(praise != mixed), self._opinion(praise)
        sentences = [self._any_of(review_words.MIXED if mixed else review_words.AGREED).format(first=first, last=last)]
        if self._rng.random() < 0.5:
            sentences.insert(0, self._any_of(review_words.ASIDES))
        if self._rng.random() < 0.5:
            sentences.append(self._any_of(review_words.ASIDES))
        return ". ".join(sentence[0].upper() + sentence[1:] for sentence in " ".join(sentences).split(". "))

    def _opinion(self, praise: bool) -> str:
        negated = self._rng.random() < self._negated
        word = self._any_of(review_words.GOOD if praise != negated else review_words.BAD)
        thing, degree = self._any_of(review_words.THINGS), self._any_of(review_words.DEGREES)
        form = self._any_of(review_words.NEGATED if negated else review_words.PLAIN)
        return form.format(thing=thing, degree=degree, word=word)

    def _any_of(self, words: tuple[str, ...]) -> str:
        return words[self._rng.integers(len(words))]


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the reviews are written anew."""
    return generated.no_files()
