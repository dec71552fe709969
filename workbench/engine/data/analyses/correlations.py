"""How columns go together, two by two."""

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.domain.values import Value
from workbench.engine.data.analysis import Analysis
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Floats, Progress
from workbench.protocol.payloads import Finding

MOST = 40
SAME = 0.98
ENTRY = AnalysisEntry(
    kind="correlations",
    title="Correlations",
    summary="How the inputs go together, and with what is learned: Pearson's r over the training part, from −1 to 1.",
    forms=("table", "points", "arrays"),
    order=2,
)


def look(dataset: Dataset, progress: Progress) -> Analysis:
    """Pearson's r of the inputs as the network gets them, and of the target, last, where it is one number or one of two
    classes: `matrix` (k, k), NaN for a column that never changes. Of many columns those that go with the target most;
    tokens are no quantities and left out."""
    x = dataset.x["train"]
    if x.ndim != 2:
        raise DataError("These data have no columns whose correlations could be told. Look at the map.")
    progress("Correlating the columns", None)
    names = list(dataset.info.features) or [f"column {place + 1}" for place in range(x.shape[1])]
    target = _target(dataset)
    values = x.astype(np.float64)
    places = np.setdiff1d(np.arange(x.shape[1]), dataset.info.token_places)
    if not len(places):
        raise DataError("These inputs are numbers of tokens, which are no quantities. Make bags of their words.")
    left_out = max(0, len(places) - MOST)
    if left_out:
        known = values[:, places]
        weight = known.std(axis=0) if target is None else np.abs(_with_target(known, target))
        places = places[np.sort(np.argsort(-np.nan_to_num(weight), kind="stable")[:MOST])]
    columns = values[:, places]
    shown = [names[place] for place in places]
    if target is not None:
        columns = np.column_stack([columns, target])
        shown.append(dataset.info.target or "target")
    matrix = np.atleast_2d(np.corrcoef(columns, rowvar=False)).astype(np.float32)
    facts: dict[str, Value] = {"names": tuple(shown), "left_out": left_out, "has_target": target is not None}
    return Analysis({"matrix": matrix}, facts, _findings(matrix, shown, target is not None))


def _target(dataset: Dataset) -> Floats | None:
    if dataset.info.task == "reconstruction" or dataset.info.learns_places:
        return None
    values = dataset.values["train"].reshape(len(dataset.values["train"]), -1)
    if values.shape[1] != 1 or len(dataset.info.classes) > 2:
        return None
    return values[:, 0].astype(np.float64)


def _with_target(values: Floats, target: Floats) -> Floats:
    centred = target - target.mean()
    deviations = values - values.mean(axis=0)
    result: Floats = (deviations * centred[:, None]).mean(axis=0) / (values.std(axis=0) * target.std())
    return result


def _findings(matrix: AnyArray, names: list[str], has_target: bool) -> tuple[Finding, ...]:
    count = len(names) - has_target
    found = [
        Finding(f"“{names[a]}” and “{names[b]}” say nearly the same (r = {matrix[a, b]:.2f}). One of them is enough.")
        for a in range(count)
        for b in range(a + 1, count)
        if abs(matrix[a, b]) >= SAME
    ]
    if has_target and count:
        strength = np.nan_to_num(np.abs(matrix[-1, :count]))
        best = int(strength.argmax())
        text = f"“{names[best]}” goes with “{names[-1]}” most (r = {matrix[-1, best]:.2f})."
        found.insert(0, Finding(text, "good"))
    return tuple(found[:12])
