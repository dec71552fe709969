"""Loads the data of a project: reads the source, infers what is to be learned, splits, fills, scales, encodes."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from workbench.domain.dataset import PARTS, ColumnInfo, DatasetInfo, DatasetSpec, Part
from workbench.engine.data import labels, missing, scaling
from workbench.engine.data.cache import Cache
from workbench.engine.data.choose_scaling import choose_scaling, keeps_whole_numbers
from workbench.engine.data.columns import Role, columns_of, describe_columns
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.fingerprint import content_hash, fingerprint
from workbench.engine.data.limits import check_memory
from workbench.engine.data.params import complete
from workbench.engine.data.preparation import preparation_script
from workbench.engine.data.raw import AnyArray, Column, Floats, Params, Progress, RawData, no_progress
from workbench.engine.data.scaling import Scaler
from workbench.engine.data.sources import source
from workbench.engine.data.split import split_indices
from workbench.engine.data.table import Selection, select
from workbench.engine.data.table_script import table_script


@dataclass(frozen=True)
class _Read:
    """Raw data with the name of their content."""

    raw: RawData
    content: str


_reads: Cache[bytes, _Read] = Cache(4, lambda read: read.raw.bytes)
_datasets: Cache[bytes, Dataset] = Cache(3, lambda dataset: dataset.info.bytes)


def load_dataset(spec: DatasetSpec, folder: Path | None = None, progress: Progress = no_progress) -> Dataset:
    """The data of a project, whose relative paths start from `folder`. What was loaded lately and has not changed comes
    from memory. Raises DataError, and whatever `progress` raises to cancel."""
    plug_in = source(spec.source.kind)
    params = complete(plug_in.ENTRY, spec.source.params)
    read_key = _read_key(spec.source.kind, params, plug_in.files(params, folder))
    key = read_key + msgspec.json.encode(spec, order="sorted")
    dataset = _datasets.get(key)
    if dataset is not None:
        return dataset
    read = _reads.get(read_key)
    if read is None:
        raw = plug_in.read(params, folder, progress)
        read = _Read(raw, content_hash(raw))
        _reads.put(read_key, read)
    dataset = prepare(spec, read.raw, read.content, progress)
    _datasets.put(key, dataset)
    return dataset


def forget_loaded() -> None:
    """Let go of everything that is kept in memory."""
    _reads.clear()
    _datasets.clear()


def _read_key(kind: str, params: Params, files: tuple[Path, ...]) -> bytes:
    stamps: list[tuple[str, int, int]] = []
    for path in files:
        try:
            stat = path.stat()
        except OSError:
            continue
        stamps.append((str(path), stat.st_mtime_ns, stat.st_size))
    return msgspec.json.encode((kind, params, stamps), order="sorted")


@dataclass(frozen=True)
class _Chosen:
    """What a project takes of raw data. `x`, `y` are all samples but those of an own test set."""

    x: AnyArray
    y: AnyArray
    classes: tuple[str, ...]
    names: tuple[str, ...]
    target: str
    notes: tuple[str, ...]
    selection: Selection | None = None


def prepare(spec: DatasetSpec, raw: RawData, content: str, progress: Progress) -> Dataset:
    """Everything after reading: split, filled, scaled and encoded. Raises DataError."""
    progress("Preparing the data", None)
    chosen = _chosen(spec, raw)
    own_test = raw.x_test is not None and raw.y_test is not None
    if len(chosen.x) < 3:
        raise DataError(f"{raw.title} has only {len(chosen.x)} usable samples; at least 3 are needed. Add samples.")
    check_memory(chosen.x.size * 4, raw.title)
    target = _target(spec, raw, chosen)
    count = len(chosen.x)
    own_labels = target.values[:count] if target.classes else None
    indices = split_indices(count, own_labels, spec.split, own_test)
    x_parts = {part: chosen.x[indices[part]] for part in PARTS}
    values = {part: target.values[:count][indices[part]] for part in PARTS}
    if raw.x_test is not None and own_test:
        x_parts["test"] = raw.x_test
        values["test"] = target.values[count:]
        indices["test"] = np.arange(len(raw.x_test))
    fill = _fill(spec, chosen, x_parts)
    kind = choose_scaling(spec.scaling, raw.form, x_parts["train"], raw.full_scale)
    scaler = scaling.fit(kind, x_parts["train"])
    x = {part: scaler(array) for part, array in x_parts.items()}
    encoding = labels.encoding_for(target, spec.labels)
    y = {part: labels.encode(array, len(target.classes), encoding) for part, array in values.items()}
    for array in (*x.values(), *y.values()):
        array.setflags(write=False)
    info = _info(spec, raw, chosen, target, values, x, scaler)
    info = msgspec.structs.replace(
        info,
        script=_script(spec, raw, chosen, target),
        preparation=preparation_script(
            spec,
            kind,
            encoding,
            sizes=info.sizes,
            rank=chosen.x.ndim,
            classes=len(target.classes),
            own_test=own_test,
            fills=fill is not None,
            groups=chosen.selection.groups if chosen.selection else (),
        ),
        bytes=sum(array.nbytes for array in (*x.values(), *y.values())),
        fingerprint=fingerprint(spec, content),
    )
    return Dataset(
        spec=spec,
        info=info,
        x=x,
        y=y,
        values=values,
        indices=indices,
        source=raw,
        scaler=scaler,
        selection=chosen.selection,
        fill=fill,
    )


def _chosen(spec: DatasetSpec, raw: RawData) -> _Chosen:
    if raw.table is None:
        if raw.x is None or raw.y is None:
            raise DataError(f"{raw.title} has nothing to learn from. Choose other data.")
        return _Chosen(raw.x, raw.y, raw.classes, raw.names, raw.target, ())
    wanted = spec if spec.target or not raw.target else msgspec.structs.replace(spec, target=raw.target)
    selection = select(raw.table, wanted)
    names = tuple(name for feature in selection.features for name in feature.names)
    return _Chosen(
        selection.x, selection.y, selection.classes, names, selection.target.name, selection.notes, selection
    )


def _target(spec: DatasetSpec, raw: RawData, chosen: _Chosen) -> labels.Target:
    y = chosen.y if raw.y_test is None else np.concatenate([chosen.y, raw.y_test])
    wish = spec.task
    if wish == "auto" and raw.task is not None and chosen.target == raw.target:
        wish = raw.task
    return labels.infer(y, chosen.classes, wish, chosen.target)


def _fill(spec: DatasetSpec, chosen: _Chosen, x_parts: dict[Part, AnyArray]) -> Floats | None:
    """What missing values are filled with, None where there are none. Fills them in `x_parts`."""
    if chosen.selection is None or not chosen.selection.has_missing:
        return None
    fill = missing.fill_values(spec.missing, x_parts["train"], chosen.selection.groups)
    for part, array in x_parts.items():
        x_parts[part] = missing.filled(array, fill)
    return fill


def _info(
    spec: DatasetSpec,
    raw: RawData,
    chosen: _Chosen,
    target: labels.Target,
    values: dict[Part, AnyArray],
    x: dict[Part, "np.ndarray[tuple[int, ...], np.dtype[np.float32]]"],
    scaler: Scaler,
) -> DatasetInfo:
    encoding = labels.encoding_for(target, spec.labels)
    counts: dict[Part, tuple[int, ...]] = {}
    if target.classes:
        counts = {
            part: tuple(np.bincount(array, minlength=len(target.classes)).tolist()) for part, array in values.items()
        }
    filled_parts = [array for array in x.values() if array.size]
    return DatasetInfo(
        title=raw.title,
        form=raw.form,
        task=target.task,
        input_shape=chosen.x.shape[1:],
        target_shape=labels.target_shape(target, encoding),
        labels=encoding,
        sizes={part: len(array) for part, array in x.items()},
        classes=target.classes,
        class_counts=counts,
        features=chosen.names,
        target=chosen.target,
        columns=_columns(raw, chosen),
        integer_input=all(keeps_whole_numbers(array) for array in filled_parts),
        input_low=min(float(array.min()) for array in filled_parts),
        input_high=max(float(array.max()) for array in filled_parts),
        scaling=scaler.kind,
        detected=raw.detected,
        notes=(*raw.notes, *chosen.notes, *_notes(spec, raw, target, scaler, counts)),
    )


def _notes(
    spec: DatasetSpec, raw: RawData, target: labels.Target, scaler: Scaler, counts: dict[Part, tuple[int, ...]]
) -> tuple[str, ...]:
    notes: list[str] = []
    if raw.x_test is not None:
        notes.append("The data have a test set of their own, which is kept; only the validation part is split off.")
    if target.task == "regression" and spec.labels in ("integer", "one_hot"):
        notes.append("The target is a number, so its encoding as classes was left out.")
    untrained = [name for name, count in zip(target.classes, counts.get("train", ()), strict=False) if not count]
    if untrained:
        notes.append(f"Not a single training sample is of the class {', '.join(untrained[:8])}.")
    if raw.form == "arrays" and spec.scaling == "auto" and scaler.kind == "none":
        notes.append(
            "The inputs are whole numbers and stay as they are, as an Embedding needs them; choose “standardize” if they "
            "are measurements."
        )
    return tuple(notes)


def _columns(raw: RawData, chosen: _Chosen) -> tuple[ColumnInfo, ...]:
    roles: list[Role]
    if chosen.selection is not None:
        columns: list[Column] = list(chosen.selection.table.columns)
        roles = ["ignored"] * len(columns)
        for feature in chosen.selection.features:
            roles[feature.position] = "feature"
        roles[chosen.selection.target_position] = "target"
        return describe_columns(columns, roles)
    if raw.form != "points" or chosen.x.ndim != 2:
        return ()
    columns = columns_of(chosen.x, chosen.names)
    roles = ["feature"] * len(columns)
    if chosen.y.ndim == 1 and chosen.y.dtype.kind in "biuf" and not chosen.classes:
        columns.append(Column(chosen.target, numbers=chosen.y.astype(np.float64)))
        roles.append("target")
    return describe_columns(columns, roles)


def _script(spec: DatasetSpec, raw: RawData, chosen: _Chosen, target: labels.Target) -> str:
    """The source's own script, with the lines that number the classes where those are not numbers yet."""
    if chosen.selection is not None:
        bad_is_missing = spec.source.params.get("bad_numbers") == "missing"
        return table_script(chosen.selection, target.task == "regression", bad_is_missing)
    lines = [raw.script.rstrip()]
    own_test = raw.y_test is not None
    if chosen.y.ndim == 2 and chosen.y.shape[1] == 1:
        lines.append("y, y_test = y[:, 0], y_test[:, 0]" if own_test else "y = y[:, 0]")
    if target.renumbered and own_test:
        lines.append("classes, numbers = np.unique(np.concatenate([y, y_test]), return_inverse=True)")
        lines.append("y, y_test = numbers[: len(x)], numbers[len(x) :]")
    elif target.renumbered:
        lines.append("classes, y = np.unique(y, return_inverse=True)")
    return "\n".join(lines) + "\n"
