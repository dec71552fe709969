"""A report on a data set as one HTML page that needs nothing else."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import numpy as np

from workbench.domain.dataset import PARTS, ColumnInfo, DatasetInfo, DatasetSpec
from workbench.domain.files import write_atomically
from workbench.domain.training_part import (
    BalancedClass,
    augmentation_sentence,
    balance_sentence,
    balanced_classes,
    folds_sentence,
)
from workbench.engine.data.analyses import all_analyses, look_at
from workbench.engine.data.analysis import Analysis
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Progress
from workbench.engine.data.report import drawings
from workbench.engine.data.report.style import PAGE

MOST_COLUMNS = 200
MARKS = {"good": "✓", "warning": "!", "bad": "✕"}
TASKS = {
    "binary": "one of two classes (binary classification)",
    "multiclass": "one of {0} classes (multi-class classification)",
    "regression": "a number (regression)",
    "reconstruction": "the input itself (autoencoder)",
    "multilabel": "which of {0} labels a sample has (multi-label classification)",
    "segmentation": "one of {0} classes for each dot (segmentation)",
    "multi_output": "several targets, each by an output of its own",
}


def data_report(dataset: Dataset, progress: Progress, spec: DatasetSpec | None = None) -> str:
    """The page; `spec` is what the project says of the data, what is for training only among it. Raises what `progress`
    raises to cancel."""
    info = dataset.info
    spec = spec or dataset.spec
    entries = [entry for entry in all_analyses() if info.form in entry.forms and not entry.slow]
    sections = [_what_is_learned(info), _folds(spec, info), _training(spec, info), _columns(info)]
    for place, entry in enumerate(entries):
        progress(f"{entry.title} …", place / len(entries))
        try:
            found = look_at(dataset, entry.kind, progress)
        except DataError:  # it does not suit these data, such as a map of a single input
            continue
        sections.append(f"<h2>{escape(entry.title)}</h2><p>{escape(entry.summary)}</p>{''.join(_found(info, found))}")
    return PAGE.format(title=escape(info.title), body="\n".join(section for section in sections if section))


def write_report(
    dataset: Dataset, path: Path, overwrite: bool, progress: Progress, spec: DatasetSpec | None = None
) -> None:
    """Write the page (see `data_report`) to a file, whole or not at all. Raises DataError when that is not possible."""
    if path.exists() and not overwrite:
        raise DataError(f"{path.name} is there already. Choose another name.")
    page = data_report(dataset, progress, spec)
    try:
        write_atomically(path, page.encode())
    except OSError as error:
        raise DataError(
            f"The report could not be written to {path}: {error.strerror or error}. Choose another place.", str(error)
        ) from error


def _what_is_learned(info: DatasetInfo) -> str:
    total = sum(info.sizes.values())
    task = TASKS[info.task].format(len(info.classes))
    shape = " × ".join(map(str, info.input_shape)) or "1"
    rows = [
        ("Samples", " · ".join(f"{part} {info.sizes[part]:,}" for part in PARTS) + f" (in all {total:,})"),
        ("Input", f"{shape}, from {info.input_low:.4g} to {info.input_high:.4g}, scaling {info.scaling}"),
        ("To learn", f"{info.target_text or 'the target'}: {task}"),
        *info.detected.items(),
    ]
    table = "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows)
    notes = "".join(f"<li>{escape(note)}</li>" for note in info.notes)
    return f"<table>{table}</table>{f'<ul>{notes}</ul>' if notes else ''}{_balance(info)}"


def _balance(info: DatasetInfo) -> str:
    if not info.classes:
        return ""
    counts = [sum(info.class_counts[part][number] for part in PARTS) for number in range(len(info.classes))]
    most = max(counts) or 1
    rows = "".join(
        f'<tr><th>{escape(name)}</th><td>{drawings.bar(count / most)}</td><td class="number">{count:,}</td></tr>'
        for name, count in zip(info.classes[:MOST_COLUMNS], counts, strict=False)
    )
    return f"<h2>Classes</h2><table>{rows}</table>"


def _folds(spec: DatasetSpec, info: DatasetInfo) -> str:
    if not info.folds:
        return ""
    heads = "".join(f"<th>{name}</th>" for name in ("Fold", "Training", "Validation"))
    rows = "".join(
        f'<tr><th>{place}</th><td class="number">{fold.train:,}</td><td class="number">{fold.validation:,}</td></tr>'
        for place, fold in enumerate(info.folds[:MOST_COLUMNS], 1)
    )
    said = escape(folds_sentence(spec.split, info.folds))
    return f"<h2>Folds</h2><p>{said}</p><table><tr>{heads}</tr>{rows}</table>{_more(len(info.folds), 'folds')}"


def _training(spec: DatasetSpec, info: DatasetInfo) -> str:
    """What is done to the training samples alone."""
    said = [text for text in (augmentation_sentence(spec.augmentation), balance_sentence(spec.balance)) if text]
    classes = balanced_classes(spec.balance, info)
    if not said:
        return ""
    text = "".join(f"<p>{escape(each)}</p>" for each in said)
    after = "Weight" if spec.balance == "class_weights" else "In an epoch"
    heads = "".join(f"<th>{name}</th>" for name in ("Class", "Training", after))
    rows = "".join(
        f'<tr><th>{escape(each.name)}</th><td class="number">{each.samples:,}</td>'
        f'<td class="number">{_after(each)}</td></tr>'
        for each in classes[:MOST_COLUMNS]
    )
    table = f"<table><tr>{heads}</tr>{rows}</table>{_more(len(classes), 'classes')}" if classes else ""
    return f"<h2>Training only</h2>{text}{table}"


def _after(balanced: BalancedClass) -> str:
    if balanced.drawn is not None:
        return f"{balanced.drawn:,}"
    return "" if balanced.weight is None else f"{balanced.weight:.4g}"


def _more(count: int, what: str) -> str:
    return f"<p>and {count - MOST_COLUMNS:,} {what} more</p>" if count > MOST_COLUMNS else ""


def _columns(info: DatasetInfo) -> str:
    if not info.columns:
        return ""
    heads = "".join(f"<th>{name}</th>" for name in ("Column", "", "Values", "Mean", "Deviation", "Missing", "Used as"))
    rows = "".join(_column(column) for column in info.columns[:MOST_COLUMNS])
    return f"<h2>Columns</h2><table><tr>{heads}</tr>{rows}</table>{_more(len(info.columns), 'columns')}"


def _column(column: ColumnInfo) -> str:
    if column.low is not None and column.high is not None:
        values = f"{column.low:.6g} … {column.high:.6g}"
    else:
        values = ", ".join(column.categories[:4]) + (" …" if len(column.categories) > 4 else "")
    cells = (
        drawings.histogram(column.histogram),
        escape(values),
        "" if column.mean is None else f"{column.mean:.4g}",
        "" if column.std is None else f"{column.std:.4g}",
        f"{column.missing:,}" if column.missing else "",
        column.role,
    )
    return f"<tr><th>{escape(column.name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _found(info: DatasetInfo, found: Analysis) -> Iterator[str]:
    names = [str(name) for name in _texts(found.facts.get("names"))]
    if "matrix" in found.arrays:
        yield drawings.heat_map(found.arrays["matrix"], names)
    if "points" in found.arrays:
        labels = np.asarray(found.arrays["labels"], dtype=np.float64)
        yield drawings.scatter(np.asarray(found.arrays["points"], dtype=np.float64), labels, info.classes)
        yield drawings.legend(info.classes)
    if "means" in found.arrays:
        pictures = zip(found.arrays["means"], names, strict=True)
        yield f'<div class="pictures">{"".join(drawings.picture(each, name) for each, name in pictures)}</div>'
    if found.findings:
        rows = "".join(
            f'<li class="{finding.severity}"><b>{MARKS[finding.severity]}</b> {escape(finding.text)}</li>'
            for finding in found.findings
        )
        yield f'<ul class="findings">{rows}</ul>'


def _texts(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()
