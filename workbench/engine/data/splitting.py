"""Splits the samples of a project in the way that it wants, with folds where it wants these."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import DatasetInfo, FoldInfo, Part, Split
from workbench.domain.folds import has_folds
from workbench.engine.data.choice import Choice
from workbench.engine.data.errors import DataError
from workbench.engine.data.folds import Pool, before_folds, check_folds, describe_folds, fold_parts
from workbench.engine.data.raw import Indices, RawData, SplitKey
from workbench.engine.data.source_text import percent
from workbench.engine.data.split import part_sizes, shuffled, split_indices, spread_classes
from workbench.engine.data.split_groups import assign_groups, can_stratify
from workbench.engine.data.split_keys import (
    find_key,
    group_numbers,
    key_names,
    part_lines,
    part_numbers,
    time_lines,
    times_of,
)


@dataclass(frozen=True)
class Splitting:
    """The samples of each part, as positions, with what an exported script needs to find them again: `lines` are source
    that defines `key` by which groups are told apart, `when` by which samples are ordered, or `part` that is named for
    each of them; `named` are the parts that are. `pool` is what the `folds` are cut from."""

    indices: dict[Part, Indices]
    lines: tuple[str, ...] = ()
    named: tuple[Part, ...] = ()
    stratified: bool = False
    pool: Pool | None = None
    folds: tuple[FoldInfo, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Wish:
    """What is to be split: `labels` are class numbers where the classes are to be kept in proportion."""

    split: Split
    count: int
    labels: NDArray[Any] | None
    own_test: bool
    ordered: bool


def split_samples(
    split: Split, raw: RawData, choice: Choice, labels: NDArray[Any] | None, bad_is_missing: bool
) -> Splitting:
    """The parts of all samples but those of an own test set. `labels` (n,) are class numbers, None without classes.
    Raises DataError where the samples cannot be split so."""
    used = before_folds(split)
    wish = _Wish(used, len(choice.x), labels if split.stratify else None, raw.x_test is not None, raw.ordered)
    group: Indices | None = None
    timed = raw.ordered
    match split.way:
        case "group":
            key = find_key(split.column, raw, choice, bad_is_missing)
            group, timed = group_numbers(key)[0], False
            made = _by_group(wish, key, group)
        case "column":
            key = find_key(split.column, raw, choice, bad_is_missing)
            made = _by_parts(wish, part_numbers(key), f"“{key.column.name}” names", part_lines(key))
            timed = False
        case "files":
            dropped = choice.selection is not None and choice.selection.dropped
            kept = ("part = part[complete]",) if dropped else ()
            made, timed = _by_parts(wish, _of_files(raw, choice), "The files give", kept), False
        case "time" if not raw.ordered:
            key = find_key(split.column, raw, choice, bad_is_missing)
            made, timed = _by_time(wish, key), True
        case _:
            indices = split_indices(wish.count, wish.labels, used, wish.own_test, raw.ordered)
            made = Splitting(indices, stratified=wish.labels is not None and not raw.ordered)
    return _in_folds(split, made, labels, group, timed, raw.ordered) if has_folds(split) else made


def refuse_other_ways(split: Split) -> None:
    """Raises DataError on a split that data read piece by piece cannot have."""
    if split.way != "fractions" or has_folds(split):
        raise DataError(
            "Data that are read piece by piece are split by fractions alone, whole pieces at a time. Choose that split "
            "without folds, or hold the data in memory."
        )


def with_split(info: DatasetInfo, raw: RawData, choice: Choice, made: Splitting) -> DatasetInfo:
    """What is known of data, with what is known of their split."""
    return msgspec.structs.replace(
        info, folds=made.folds, split_keys=key_names(raw, choice), notes=(*info.notes, *made.notes)
    )


def _in_folds(
    split: Split,
    made: Splitting,
    labels: NDArray[Any] | None,
    group: Indices | None,
    timed: bool,
    ordered: bool,
) -> Splitting:
    rest = np.concatenate([made.indices["train"], made.indices["validation"]])
    pool = Pool(rest, labels if made.stratified else None, group, timed, shuffles=not timed and not ordered)
    check_folds(split, pool)
    train, validation = fold_parts(split, pool)
    classes = 0 if labels is None else int(labels.max()) + 1
    indices: dict[Part, Indices] = {"train": train, "validation": validation, "test": made.indices["test"]}
    return replace(made, indices=indices, pool=pool, folds=describe_folds(split, pool, labels, classes))


def _by_group(wish: _Wish, key: SplitKey, group: Indices) -> Splitting:
    split, name = wish.split, key.column.name
    part_sizes(wish.count, split, wish.own_test)  # refuses fractions that leave nothing
    shares = shares_of(split, wish.own_test)
    count = int(group.max()) + 1
    if count < len(shares):
        raise DataError(
            f"“{name}” has {count} different values, which is too few for {len(shares)} parts, as each value is in one "
            "part only. Choose another column, or set a part to 0 %."
        )
    labels = wish.labels if wish.labels is not None and can_stratify(group, wish.labels) else None
    part = assign_groups(group, labels, list(shares.values()), split.seed)
    order = np.arange(wish.count) if wish.ordered else shuffled(wish.count, split.seed)
    of_sample = part[group[order]]
    numbers = {name: number for number, name in enumerate(shares)}
    indices: dict[Part, Indices] = {
        name: order[of_sample == numbers.get(name, -1)] for name in ("train", "validation", "test")
    }
    without = group_numbers(key)[1]
    notes: tuple[str, ...] = (f"Each of the {count:,} values of “{name}” is in one part only.",)
    if without:
        notes += (f"The {without:,} samples without a value of “{name}” are kept together as one group.",)
    return Splitting(indices, key.lines, stratified=labels is not None, notes=notes)


def shares_of(split: Split, own_test: bool) -> dict[Part, float]:
    """The fractions of the parts that are to be made, above 0 each."""
    test = 0.0 if own_test else split.test
    shares: dict[Part, float] = {"train": 1 - split.validation - test, "validation": split.validation, "test": test}
    return {part: share for part, share in shares.items() if share > 0}


def _by_time(wish: _Wish, key: SplitKey) -> Splitting:
    sizes = part_sizes(wish.count, wish.split, wish.own_test)
    order = np.argsort(times_of(key), kind="stable").astype(np.int64)
    train, validation, test = np.split(order, [sizes.train, sizes.train + sizes.validation])
    note = f"The first samples by “{key.column.name}” are for training, the last for testing."
    return Splitting({"train": train, "validation": validation, "test": test}, time_lines(key), notes=(note,))


def _of_files(raw: RawData, choice: Choice) -> Indices:
    assert raw.parts is not None
    return raw.parts if choice.selection is None else raw.parts[choice.selection.rows]


def _by_parts(wish: _Wish, part: Indices, who: str, lines: tuple[str, ...]) -> Splitting:
    split = wish.split
    train, validation, test = (np.flatnonzero(part == number) for number in range(3))
    if wish.own_test and len(test):
        raise DataError(f"{who} test samples, but the data have a test set of their own. Split otherwise.")
    if not len(train):
        raise DataError(f"{who} no sample for training. Choose another column or other files to split by.")
    named: tuple[Part, ...] = ("train",)
    named += ("validation",) if len(validation) else ()
    named += ("test",) if len(test) else ()
    notes: list[str] = []
    missing = msgspec.structs.replace(
        split,
        validation=0.0 if len(validation) else split.validation,
        test=0.0 if len(test) or wish.own_test else split.test,
    )
    if missing.validation or missing.test:
        sizes = part_sizes(len(train), missing, wish.own_test)
        order = train[shuffled(len(train), split.seed)]
        if wish.labels is not None:
            order = spread_classes(order, wish.labels)
        train, new_validation, new_test = np.split(order, [sizes.train, sizes.train + sizes.validation])
        validation, test = (new_validation if missing.validation else validation), (new_test if missing.test else test)
        for name, fraction in (("validation", missing.validation), ("test", missing.test)):
            if fraction:
                notes.append(f"{who} no {name} part, so {percent(fraction)} of the training samples were taken for it.")
    return Splitting(
        {"train": train, "validation": validation, "test": test},
        lines,
        named,
        stratified=wish.labels is not None,
        notes=tuple(notes),
    )
