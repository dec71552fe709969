"""Prepares raw data for training: split, filled, scaled and encoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np

from workbench.domain.dataset import PARTS, DatasetInfo, DatasetSpec, LabelEncoding, Part, StreamInfo
from workbench.engine.data import labels, missing, places, reconstruction, scaling
from workbench.engine.data.choice import Choice, choose, find_target
from workbench.engine.data.choose_scaling import choose_scaling
from workbench.engine.data.dataset import Dataset, Floats32
from workbench.engine.data.errors import DataError
from workbench.engine.data.fingerprint import fingerprint
from workbench.engine.data.info import describe_data
from workbench.engine.data.limits import check_memory, readable
from workbench.engine.data.pipeline import Pipeline, fit_steps, steps_of
from workbench.engine.data.preparation import preparation_script, split_arrays
from workbench.engine.data.raw import AnyArray, Indices, Progress, RawData
from workbench.engine.data.scripts import source_script
from workbench.engine.data.several_inputs import inputs_of
from workbench.engine.data.split_script import split_script
from workbench.engine.data.splitting import Splitting, refuse_other_ways, split_samples, with_split
from workbench.engine.data.stream import Stream, pieces_of_parts, sample_indices
from workbench.engine.data.table_words import FEWER_WORDS, MOST_PIECE, TableWords, fit_words, with_words
from workbench.engine.data.windows import describe_windows


@dataclass(frozen=True)
class _Parts:
    """The samples of each part: positions, inputs before scaling, targets before encoding; `fill` took the place of
    missing values, `made` says how they were split, `words` are what the columns hold that are read for them."""

    indices: dict[Part, Indices]
    x: dict[Part, AnyArray]
    values: dict[Part, AnyArray]
    fill: missing.Filling | None
    made: Splitting
    pieces: dict[Part, Indices] = field(default_factory=dict)
    words: TableWords | None = None


def prepare(spec: DatasetSpec, raw: RawData, content: str, progress: Progress) -> Dataset:
    """Everything after reading; `content` is the hash of the raw data. Raises DataError."""
    progress("Preparing the data", None)
    choice = choose(spec, raw)
    check_memory(choice.x.size * 4, raw.title)
    target = find_target(spec, raw, choice)
    _check_stream(spec, raw, target)
    encoding = labels.encoding_for(target, spec.labels)
    _check_sizes(raw, choice, target, encoding)
    parts = _split(spec, raw, choice, target)
    _check_words(spec, raw, choice, target, parts.words)
    with np.errstate(all="ignore"):  # what overflows is told below
        names = _names(choice, parts)
        pipeline, stepped = fit_steps(steps_of(spec.steps, raw), raw.form, parts.x, names)
        kind = choose_scaling(spec.scaling, raw.form, stepped["train"], raw.full_scale)
        scaler = scaling.fit(kind, stepped["train"])
        x = {part: scaler(array) for part, array in stepped.items()}
        if parts.words is not None:
            x, scaler = _with_words(parts.words, choice, parts, x), scaler.beside(parts.words.width)
        x, y = _learned(spec, target, encoding, x, parts)
    _check_learned(raw.title, target, scaler, x, y)
    values = y if target.task == "reconstruction" else parts.values
    info = msgspec.structs.replace(
        _with_numbers(describe_data(spec, raw, choice, target, kind, x, values), y),
        script="" if raw.stream is not None else source_script(spec, raw, choice, target),
        preparation="" if raw.stream is not None else _preparation(spec, raw, choice, target, kind, parts, pipeline, y),
        bytes=sum({id(array): array.nbytes for array in (*x.values(), *y.values())}.values()),
        fingerprint=fingerprint(spec, content),
    )
    return Dataset(
        spec=spec,
        info=with_split(_with_steps(info, spec, raw, choice, parts, pipeline, x), raw, choice, parts.made),
        x=x,
        y=y,
        values=values,
        indices=parts.indices,
        source=raw,
        raw_shape=_raw_shape(choice, parts.words),
        raw_names=choice.names if parts.words is None else (*choice.names, *parts.words.names),
        pipeline=pipeline,
        scaler=scaler,
        selection=choice.selection,
        fill=parts.fill,
        words=parts.words,
        pieces=parts.pieces,
    )


def _check_sizes(raw: RawData, choice: Choice, target: labels.Target, encoding: LabelEncoding) -> None:
    """Raises DataError where what is to be learned would take too much memory."""
    if encoding == "one_hot":
        check_memory(target.values.size * len(target.classes) * 4, f"{raw.title} with one-hot labels")
    elif target.of_places:
        check_memory((target.values.size + choice.x.size) * 4, f"{raw.title} with what is learned beside it")


def _check_words(
    spec: DatasetSpec, raw: RawData, choice: Choice, target: labels.Target, words: TableWords | None
) -> None:
    """Raises DataError where words cannot be learned, or would take too much memory."""
    if words is None:
        return
    title, stream = raw.title, raw.stream
    if spec.steps and not choice.x.shape[1]:
        raise DataError("The steps work on numbers and categories, and only texts are used here. Remove the steps.")
    tokens = next((each.name for each in words.columns if each.vocabulary_size is not None), None)
    if target.task == "reconstruction" and tokens is not None:
        raise DataError(
            f"The token numbers of “{tokens}” cannot be learned as the input itself. Make a bag of its words."
        )
    width = choice.x.shape[1] + words.width
    check_memory(len(choice.x) * width * 4, f"{title} with {words.width:,} inputs from words", FEWER_WORDS)
    if stream is not None and (largest := int(stream.counts.max()) * width * 4) > MOST_PIECE:
        raise DataError(
            f"{title} is read piece by piece, and with {words.width:,} inputs from words a piece would take "
            f"{readable(largest)}, but {readable(MOST_PIECE)} can be used. Choose a smaller vocabulary."
        )


def _with_words(words: TableWords, choice: Choice, parts: _Parts, x: Mapping[Part, Floats32]) -> dict[Part, Floats32]:
    """The scaled inputs with those that words make behind them."""
    assert choice.selection is not None
    rows = choice.selection.rows
    return {part: np.column_stack([array, words.of_rows(rows[parts.indices[part]])]) for part, array in x.items()}


def _raw_shape(choice: Choice, words: TableWords | None) -> tuple[int, ...]:
    return choice.x.shape[1:] if words is None else (choice.x.shape[1] + words.width,)


def _check_stream(spec: DatasetSpec, raw: RawData, target: labels.Target) -> None:
    """Raises DataError where what is wanted cannot be made of pieces."""
    if raw.stream is None:
        return
    noisy = target.task == "reconstruction" and spec.noise is not None
    if noisy or spec.more_targets or target.task == "multilabel" or target.of_places:
        what = "Inputs with noise" if noisy else "Several targets"
        raise DataError(
            f"{raw.title} is read piece by piece. {what} cannot be had so: read all in memory, or a smaller part of it."
        )


def _learned(
    spec: DatasetSpec, target: labels.Target, encoding: LabelEncoding, x: dict[Part, Floats32], parts: _Parts
) -> tuple[dict[Part, Floats32], dict[Part, AnyArray]]:
    """The inputs as the network gets them and what it learns, from the scaled inputs `x`."""
    if target.task != "reconstruction":
        classes = len(target.classes)
        values = parts.values.items()
        return x, {part: labels.encode(array, classes, encoding, target.divisor) for part, array in values}
    clean: dict[Part, AnyArray] = dict(x.items())
    if spec.noise is None:
        return x, clean
    reconstruction.check_noise(spec.noise)
    check_memory(2 * sum(array.nbytes for array in x.values()), "The data with and without noise")
    return reconstruction.with_noise(spec.noise, x), clean


def _check_learned(
    title: str, target: labels.Target, scaler: scaling.Scaler, x: Mapping[Part, AnyArray], y: Mapping[Part, AnyArray]
) -> None:
    """Protects what was prepared. Raises DataError where numbers are too large, or inputs and targets do not fit."""
    if not scaler.usable:
        raise _too_large(title, "inputs")
    _finish(title, "inputs", x)
    _finish(title, "targets", y)
    if target.of_places and target.task != "reconstruction":
        places.check_still_fits(x["train"], y["train"])


def _with_numbers(info: DatasetInfo, y: Mapping[Part, AnyArray]) -> DatasetInfo:
    """The range of the numbers to learn; where the inputs are learned, their shape too."""
    if not info.learns_numbers:
        return info
    known = [array for array in y.values() if array.size]
    return msgspec.structs.replace(
        info,
        target_shape=info.input_shape if info.task == "reconstruction" else info.target_shape,
        target_low=min(float(array.min()) for array in known),
        target_high=max(float(array.max()) for array in known),
    )


def _with_steps(
    info: DatasetInfo,
    spec: DatasetSpec,
    raw: RawData,
    choice: Choice,
    parts: _Parts,
    pipeline: Pipeline,
    x: Mapping[Part, Floats32],
) -> DatasetInfo:
    """What the steps made of the inputs, and what the samples are that are no pictures, rows or points."""
    masked = parts.fill.masked if parts.fill is not None else ()
    told = msgspec.structs.replace(
        info,
        features=pipeline.names(_names(choice, parts)),
        raw_shape=choice.x.shape[1:] if pipeline.steps or masked else None,
        stages=pipeline.stages,
        series=describe_windows(raw.windows, parts.indices) if raw.windows is not None else None,
        vocabulary_size=_vocabulary_size(pipeline),
        continuation=raw.continuation,
        inputs=inputs_of(spec, choice.selection, masked, pipeline, parts.words),
        stream=_stream_info(raw.stream, parts.pieces) if raw.stream is not None else None,
    )
    return with_words(told, parts.words, [x[part] for part in PARTS])


def _names(choice: Choice, parts: _Parts) -> tuple[str, ...]:
    """What the inputs are called before the steps, the masks of missing values among them."""
    if choice.selection is None or parts.fill is None:
        return choice.names
    return (*choice.names, *choice.selection.mask_names(parts.fill.masked))


def _stream_info(stream: Stream, pieces: dict[Part, Indices]) -> StreamInfo:
    sizes = {part: int(stream.counts[numbers].sum()) for part, numbers in pieces.items()}
    return StreamInfo(sizes, len(stream.counts))


def _vocabulary_size(pipeline: Pipeline) -> int | None:
    tokenizer = pipeline.tokenizer
    return None if tokenizer is None or tokenizer.length is None else tokenizer.size


def _preparation(
    spec: DatasetSpec,
    raw: RawData,
    choice: Choice,
    target: labels.Target,
    kind: scaling.Kind,
    parts: _Parts,
    pipeline: Pipeline,
    y: Mapping[Part, AnyArray],
) -> str:
    itself = None
    if target.task == "reconstruction":
        train = y["train"]
        itself = reconstruction.target_lines(spec.noise, train.ndim, bool(train.min() >= 0 and train.max() <= 1))
    return preparation_script(
        spec,
        kind,
        labels.encoding_for(target, spec.labels),
        sizes={part: len(array) for part, array in parts.x.items()},
        rank=pipeline(parts.x["train"][:1]).ndim,
        steps=pipeline.script,
        classes=len(target.classes) if target.task != "multilabel" else 0,
        own_test=raw.x_test is not None,
        ordered=raw.ordered,
        fills=parts.fill is not None,
        masked=parts.fill.masked if parts.fill is not None else (),
        groups=choice.selection.groups if choice.selection else (),
        split=_other_split(spec, raw, parts, split_arrays(itself is not None, parts.words is not None)),
        itself=itself,
        places=target.of_places,
        divisor=target.divisor,
        words=parts.words.script if parts.words is not None else "",
    )


def _other_split(spec: DatasetSpec, raw: RawData, parts: _Parts, what: Sequence[str]) -> str:
    """Source that splits, where that is not by fractions alone; `what` names the arrays that are split."""
    plain = spec.split.way == "fractions" or (spec.split.way == "time" and raw.ordered)
    if plain and parts.made.pool is None:
        return ""
    return split_script(spec.split, parts.made, raw.ordered, raw.x_test is not None, what)


def _finish(title: str, what: str, arrays: Mapping[Part, AnyArray]) -> None:
    """Protects arrays from being written to. Raises DataError where numbers did not fit into single precision."""
    for array in arrays.values():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise _too_large(title, what)
        array.setflags(write=False)


def _too_large(title: str, what: str) -> DataError:
    return DataError(f"{title}: the {what} hold numbers too large to train on. Correct or rescale them.")


def _split(spec: DatasetSpec, raw: RawData, choice: Choice, target: labels.Target) -> _Parts:
    if raw.stream is not None:
        return _split_pieces(spec, raw.stream, choice, target)
    count = len(choice.x)
    own_values = target.values[:count]
    strata = own_values if target.classes and own_values.ndim == 1 else None
    bad_is_missing = spec.source.params.get("bad_numbers") == "missing"
    made = split_samples(spec.split, raw, choice, strata, bad_is_missing)
    indices = dict(made.indices)
    x = {part: choice.x[indices[part]] for part in PARTS}
    values = {part: own_values[indices[part]] for part in PARTS}
    if raw.x_test is not None:
        x["test"] = raw.x_test
        values["test"] = target.values[count:]
        indices["test"] = np.arange(len(raw.x_test))
    return _filled(spec, choice, _Parts(indices, x, values, None, made, words=_words(choice, indices)))


def _split_pieces(spec: DatasetSpec, stream: Stream, choice: Choice, target: labels.Target) -> _Parts:
    refuse_other_ways(spec.split)
    pieces = pieces_of_parts(stream, spec.split)
    owners = stream.owners if choice.selection is None else stream.owners[choice.selection.rows]
    indices = sample_indices(pieces, owners)
    x = {part: choice.x[indices[part]] for part in PARTS}
    values = {part: target.values[indices[part]] for part in PARTS}
    words = _words(choice, indices)
    return _filled(spec, choice, _Parts(indices, x, values, None, Splitting(indices), pieces, words))


def _words(choice: Choice, indices: Mapping[Part, Indices]) -> TableWords | None:
    return fit_words(choice.selection, indices["train"])


def _filled(spec: DatasetSpec, choice: Choice, parts: _Parts) -> _Parts:
    if choice.selection is None or not choice.selection.has_missing:
        return parts
    train = parts.x["train"]
    values = missing.fill_values(spec.missing, train, choice.selection.groups)
    fill = missing.Filling(values, missing.holed(train, choice.selection.starts) if spec.missing_masks else ())
    return replace(parts, x={part: fill(array) for part, array in parts.x.items()}, fill=fill)
