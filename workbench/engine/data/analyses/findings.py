"""What is odd about data, in sentences."""

import hashlib
from collections.abc import Iterator

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.domain.dataset import PARTS, Part
from workbench.engine.data.analysis import Analysis
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.raw import Progress
from workbench.protocol.payloads import Finding

RARE = 0.2  # of the samples that the largest class has
FAR = 6.0  # standard deviations
NAMED = 8
EVERY = 2_000  # samples between two words on how it goes, where it can be cancelled
COMPARING = "Comparing all samples with one another"
MANY_MISSING = 0.2
ENTRY = AnalysisEntry(
    kind="findings",
    title="Findings",
    summary="What may spoil the training or its result: the same sample in training and test, rare classes, columns "
    "that say nothing, values far from all others.",
    forms=("pictures", "table", "points", "arrays", "text", "series", "volumes"),
    order=1,
)


def look(dataset: Dataset, progress: Progress) -> Analysis:
    """The findings, the gravest first; one good one where there is nothing odd."""
    found = [*_copies(dataset, progress), *_classes(dataset), *_columns(dataset), *_far(dataset)]
    if not found:
        found = [Finding(_nothing_odd(dataset), "good")]
    order = ("bad", "warning", "good")
    return Analysis(findings=tuple(sorted(found, key=lambda finding: order.index(finding.severity))))


def _copies(dataset: Dataset, progress: Progress) -> Iterator[Finding]:
    """The same input again: in another part it makes the test flatter, with another target it cannot be learned."""
    leaked, twice, contradictions = _same_inputs(dataset, progress)
    for part in ("test", "validation"):
        if leaked[part]:
            text = f"{_are(len(leaked[part]), f'{part} sample')} in another part too "
            text += (
                f"({len(leaked[part]) / len(dataset.x[part]):.0%}). What the network gets right there may be learned "
            )
            yield Finding(text + "by heart. Remove the copies.", "bad", _some(part, leaked[part]))
    if contradictions:
        text = f"{_are(len(contradictions), 'sample')} the same as another one with another target. "
        yield Finding(text + "No network can get both right.", "warning", tuple(contradictions[:NAMED]))
    if twice:
        text = f"{_are(len(twice), 'sample')} a copy of another one in the same part."
        yield Finding(text, "warning", tuple(twice[:NAMED]))


def _same_inputs(
    dataset: Dataset, progress: Progress
) -> tuple[dict[Part, list[int]], list[tuple[Part, int]], list[tuple[Part, int]]]:
    """Samples that stand in an earlier part too, those that stand twice in theirs, and those with another target."""
    first: dict[bytes, tuple[Part, int]] = {}
    leaked: dict[Part, list[int]] = {part: [] for part in PARTS}
    twice: list[tuple[Part, int]] = []
    contradictions: list[tuple[Part, int]] = []
    for part in PARTS:
        for index, row in enumerate(dataset.x[part]):
            if index % EVERY == 0:
                progress(COMPARING, None)
            key = hashlib.blake2b(np.ascontiguousarray(row).tobytes(), digest_size=12).digest()
            before = first.setdefault(key, (part, index))
            if before == (part, index):
                continue
            if before[0] == part:
                twice.append((part, index))
            else:
                leaked[part].append(index)
            if not np.array_equal(dataset.values[before[0]][before[1]], dataset.values[part][index]):
                contradictions.append((part, index))
    return leaked, twice, contradictions


def _classes(dataset: Dataset) -> Iterator[Finding]:
    if dataset.info.task in ("segmentation", "multilabel"):
        return  # that few dots are of a class, or few samples have a label, is the rule
    counts = dataset.info.class_counts.get("train", ())
    most = max(counts, default=0)
    rare = [
        f"{name} ({count:,})"
        for name, count in zip(dataset.info.classes, counts, strict=False)
        if 0 < count < RARE * most
    ]
    if rare:
        named = ", ".join(rare[:NAMED]) + (" …" if len(rare) > NAMED else "")
        text = f"Rare in training: {named}, where the largest class has {most:,}. "
        yield Finding(text + "Accuracy alone hides how these fare; look at recall and F1 as well.")


def _columns(dataset: Dataset) -> Iterator[Finding]:
    total = sum(dataset.info.sizes.values())
    texts = {each.column for each in dataset.info.texts}  # a missing text is one without words
    holes = [
        f"“{column.name}” ({column.missing / total:.0%})"
        for column in dataset.info.columns
        if column.role == "feature" and column.missing > MANY_MISSING * total and column.name not in texts
    ]
    if holes:
        yield Finding(f"Many values are missing in {', '.join(holes[:NAMED])}. Fill them, or leave the column out.")
    x = dataset.x["train"]
    if x.ndim == 2 and dataset.info.form != "text":
        same = x.max(axis=0) == x.min(axis=0)
        same[_of_words(dataset)] = False
        still = np.flatnonzero(same).tolist()
        if still:
            text = f"{_are(len(still), 'input')} always the same in training: {_named(dataset, still)}. "
            yield Finding(text + "That tells the network nothing.")


def _nothing_odd(dataset: Dataset) -> str:
    seen = sum(dataset.info.sizes.values())
    among = f" among the {seen:,} samples that were looked at" if dataset.info.stream is not None else ""
    return f"Nothing odd was found{among}: no sample twice, no rare class, no empty column."


def _far(dataset: Dataset) -> Iterator[Finding]:
    if dataset.info.form not in ("table", "points"):
        return
    train = dataset.x["train"].astype(np.float64)
    mean, std = train.mean(axis=0), train.std(axis=0)
    is_far = np.abs(train - mean) / np.where(std > 0, std, np.inf) > FAR
    is_far[:, [*_of_categories(dataset), *_of_words(dataset)]] = False
    rows, columns = np.flatnonzero(is_far.any(axis=1)).tolist(), np.flatnonzero(is_far.any(axis=0)).tolist()
    if rows:
        text = f"{_are(len(rows), 'training sample')} more than {FAR:.0f} standard deviations off, in "
        text += f"{_named(dataset, columns)}. Check them, or clip outliers in the preparation."
        yield Finding(text, "warning", _some("train", rows))


def _of_categories(dataset: Dataset) -> list[int]:
    """The inputs that stand for a category: that of a rare one is far from the mean where it is 1, and no outlier."""
    if dataset.selection is None:
        return []
    names = {name for feature in dataset.selection.features if feature.categories for name in feature.names}
    return [place for place, name in enumerate(dataset.info.features) if name in names]


def _of_words(dataset: Dataset) -> list[int]:
    """The inputs that stand for words: a rare word is no outlier, nor is one missed that training does not have."""
    return [place for each in dataset.info.texts for place in each.places]


def _named(dataset: Dataset, places: list[int]) -> str:
    names = dataset.info.features
    shown = [f"“{names[place]}”" if place < len(names) else f"number {place + 1}" for place in places[:NAMED]]
    return ", ".join(shown) + (" …" if len(places) > NAMED else "")


def _some(part: Part, indices: list[int]) -> tuple[tuple[Part, int], ...]:
    return tuple((part, index) for index in indices[:NAMED])


def _are(count: int, what: str) -> str:
    return f"{count:,} {what} is" if count == 1 else f"{count:,} {what}s are"
