"""The mean picture of each class."""

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.engine.data.analysis import Analysis
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.raw import AnyArray, Progress

MOST_CLASSES = 60
ENTRY = AnalysisEntry(
    kind="means",
    title="Means",
    summary="The mean of all training pictures of a class. Sharp means say that the pictures of a class are much "
    "alike; a grey blur, that they differ.",
    forms=("pictures",),
    order=4,
)


def look(dataset: Dataset, progress: Progress) -> Analysis:
    """`means` (k, height, width, channels) of the raw dots from 0 to 1 of what a dot can have, one for each class, or
    one for all without classes; the fact `names` says which."""
    pictures = dataset.raw("train", range(len(dataset.x["train"])))
    assert isinstance(pictures, np.ndarray)
    labels = dataset.values["train"]
    classes = dataset.info.classes[:MOST_CLASSES] if not dataset.info.learns_places else ()
    means: list[AnyArray] = []
    names: list[str] = []
    for number, name in enumerate(classes or ("all",)):
        progress("Taking the means", number / max(1, len(classes)))
        if dataset.info.task == "multilabel":
            chosen = pictures[labels[:, number] == 1]
        else:
            chosen = pictures[labels == number] if classes else pictures
        if len(chosen):
            means.append(chosen.mean(axis=0, dtype=np.float64))
            names.append(f"{name} ({len(chosen):,})")
    largest = dataset.source.full_scale or float(pictures.max()) or 1.0
    stacked = np.clip(np.stack(means) / largest, 0, 1).astype(np.float32)
    return Analysis({"means": stacked}, {"names": tuple(names)})
