"""Texts for the page to show: their tokens, and the words that are frequent among them."""

from collections import Counter

import numpy as np

from workbench.domain.dataset import Part
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.raw import AnyArray, Indices
from workbench.protocol.payloads import TextShown

MOST_CHARACTERS = 4_000
MOST_WORDS = 30
COUNTED_CHARACTERS = 2_000_000


def shown_texts(dataset: Dataset, texts: AnyArray) -> tuple[TextShown, ...]:
    """Each text, or its beginning where it is very long, with the places of its tokens."""
    return tuple(_shown(dataset, text) for text in texts)


def _shown(dataset: Dataset, text: str) -> TextShown:
    tokenizer = dataset.pipeline.tokenizer
    beginning = _travelling(text[:MOST_CHARACTERS])
    if tokenizer is None:
        return TextShown(beginning)
    spans = tokenizer.spans(text)
    shown = tuple(span for span in spans if span[1] <= MOST_CHARACTERS)
    return TextShown(beginning, shown, len(spans), len(tokenizer.cut.single(text)) - len(spans))


def _travelling(text: str) -> str:
    """Text that can be sent: halves of surrogate pairs, which no encoding has, become question marks."""
    return text.encode("utf-8", "replace").decode()


def frequent_words(dataset: Dataset, part: Part, places: Indices) -> tuple[tuple[tuple[str, int], ...], int]:
    """The most frequent tokens of some samples of a part, or of the first of them where all would take long, and how
    many samples were counted. Nothing where the data are no texts."""
    tokenizer = dataset.pipeline.tokenizer
    if tokenizer is None or not len(places):
        return (), 0
    counts: Counter[str] = Counter()
    characters = counted = 0
    for start in range(0, len(places), 256):
        texts = dataset.raw(part, places[start : start + 256])
        assert isinstance(texts, np.ndarray)
        for text in texts:
            counts.update(tokenizer.cut(text))
            characters += len(text)
        counted += len(texts)
        if characters > COUNTED_CHARACTERS:
            break
    frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_WORDS]
    return tuple((_travelling(token), count) for token, count in frequent), counted
