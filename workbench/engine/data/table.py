"""Picks features and target from a table, and turns them into numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
import numpy as np

from workbench.domain.dataset import DatasetSpec
from workbench.engine.data.errors import DataError
from workbench.engine.data.hashing import bins_for, check_hashing, hashed, repeats
from workbench.engine.data.limits import check_memory
from workbench.engine.data.raw import DATE_PARTS, AnyArray, Column, Floats, Indices, Table
from workbench.engine.data.several_labels import cut_labels
from workbench.engine.data.several_targets import wants_heads
from workbench.engine.data.stream import codes_as
from workbench.engine.data.table_columns import check_target, is_index, position_of, target_values
from workbench.engine.data.table_notes import rows_left_out, too_many_texts, with_holes
from workbench.engine.data.table_texts import TextFeature, find_texts, split_column

MAX_CATEGORIES = 50
_TARGET_NAMES = ("target", "label", "class", "y", "labels", "outcome", "output")


@dataclass(frozen=True)
class Feature:
    """A column that the network sees: as itself, or, where it is a text, one column for each of `categories`, or for
    each of `bins` where these are not 0."""

    position: int
    column: Column
    bins: int = 0

    @property
    def categories(self) -> tuple[str, ...]:
        return self.column.categories

    @property
    def names(self) -> tuple[str, ...]:
        """What the network's inputs from this column are called."""
        if self.column.numbers is not None:
            return (self.column.name,)
        if self.bins:
            return tuple(f"{self.column.name} bin {number}" for number in range(self.bins))
        return tuple(f"{self.column.name} = {category}" for category in self.categories)

    def inputs(self, given: Column) -> Floats:
        """The inputs from the texts of a column with these categories: 0 and 1, NaN where missing or not known."""
        if self.bins:
            return hashed(given, self.bins)
        codes = codes_as(given, self.categories)
        inputs: Floats = np.equal(codes[:, None], np.arange(len(self.categories))).astype(np.float64)
        inputs[codes < 0] = np.nan
        return inputs


@dataclass(frozen=True)
class Selection:
    """What a project takes of a table: `rows` are the positions of the rows kept, `x` (rows, inputs) has NaN where
    values are to be filled. `y` is the raw target: numbers, or class numbers into `classes` where the target is
    text; it and `target` are None where the features themselves are learned. Where several labels are learned, it is
    (rows, labels) of the target and `more_targets`, each with its position, or of texts between which `separator`
    stands, and `classes` are the labels. Several numbers are (rows, k) of the target and `more_targets` too; where each
    is learned by an output of its own, `head_classes` has the classes of those that are texts, and () for others.
    `texts` are columns that are read for their words, which are not in `x`."""

    table: Table
    features: tuple[Feature, ...]
    target: Column | None
    target_position: int | None
    rows: Indices
    x: Floats
    y: AnyArray | None
    classes: tuple[str, ...]
    dropped: bool
    notes: tuple[str, ...] = ()
    more_targets: tuple[tuple[int, Column], ...] = ()
    separator: str = ""
    head_classes: tuple[tuple[str, ...], ...] = ()
    texts: tuple[TextFeature, ...] = ()

    @property
    def groups(self) -> tuple[tuple[int, int], ...]:
        """The ranges of inputs that stand for one text column each."""
        ranges: list[tuple[int, int]] = []
        start = 0
        for feature in self.features:
            end = start + len(feature.names)
            if feature.categories:
                ranges.append((start, end))
            start = end
        return tuple(ranges)

    @property
    def has_dates(self) -> bool:
        """Whether some inputs are numbers of dates."""
        parts = _date_parts(self.table)
        return any(feature.position in parts for feature in self.features)

    @property
    def knows_texts(self) -> bool:
        """Whether some inputs stand for texts that were seen."""
        return any(feature.categories and not feature.bins for feature in self.features)

    @property
    def starts(self) -> tuple[int, ...]:
        """The first input of each feature."""
        widths = [len(feature.names) for feature in self.features]
        return tuple(sum(widths[:place]) for place in range(len(widths)))

    def mask_names(self, masked: Sequence[int]) -> tuple[str, ...]:
        """What the columns are called that say where features, given by their first inputs, are missing."""
        names = {start: feature.column.name for start, feature in zip(self.starts, self.features, strict=True)}
        return tuple(f"{names[start]} is missing" for start in masked)

    @property
    def target_names(self) -> tuple[str, ...]:
        """The columns that are learned; none where the features themselves are."""
        first = () if self.target is None else (self.target.name,)
        return (*first, *(column.name for _, column in self.more_targets))

    @cached_property
    def has_missing(self) -> bool:
        """Whether there are values to fill."""
        return bool(np.isnan(self.x).any())


def suggest_target(names: tuple[str, ...]) -> str:
    """The column that is most likely to be learned: one with a telling name, else the last."""
    for wanted in _TARGET_NAMES:
        for name in names:
            if name.strip().lower() == wanted:
                return name
    return names[-1]


def without_dates(table: Table) -> tuple[str, ...]:
    """The columns that are more likely to be learned: those that are no parts of dates, where there are such."""
    dates = _date_parts(table)
    names = tuple(column.name for place, column in enumerate(table.columns) if place not in dates)
    return names or tuple(column.name for column in table.columns)


def _date_parts(table: Table) -> frozenset[int]:
    """The positions of the numbers of dates."""
    return frozenset(each.position + part for each in table.dates for part in range(len(DATE_PARTS)))


def select(table: Table, spec: DatasetSpec) -> Selection:
    """Features and target as the project wants them. Raises DataError on unknown columns, or when nothing is left."""
    names = tuple(column.name for column in table.columns)
    if len(names) < 2:
        raise DataError(
            f"{table.path.name} has only one column; at least one feature and one target are needed. "
            "Choose another delimiter or file."
        )
    target_position = position_of(table, names, spec.target or suggest_target(without_dates(table)), "target")
    target = table.columns[target_position]
    if spec.task in ("multilabel", "multi_output") or spec.more_targets:
        return _select_labels(table, names, target_position, spec)
    check_target(target, spec)
    texts = find_texts(table, spec, (target_position,))
    features, notes = _features(table, names, target_position, spec, texts)
    rows, more_notes = _usable_rows(table, features, target, spec)
    x = _inputs(table, features, rows)
    y, classes = target_values(target, rows)
    dropped = len(rows) < table.rows
    notes += more_notes
    return Selection(table, features, target, target_position, rows, x, y, classes, dropped, notes, texts=texts)


def _select_labels(table: Table, names: tuple[str, ...], target_position: int, spec: DatasetSpec) -> Selection:
    """Features and the labels of each row."""
    target = table.columns[target_position]
    others = dict.fromkeys(position_of(table, names, name, "target") for name in spec.more_targets)
    more = tuple((place, table.columns[place]) for place in others if place != target_position)
    if wants_heads(spec, (target, *(column for _, column in more))):
        return _select_heads(table, names, target_position, more, spec)
    worded = [column.name for column in (target, *(column for _, column in more)) if column.codes is not None]
    if worded and more:
        raise DataError(f"“{worded[0]}” holds texts, but several targets must be numbers, or 0 and 1. Choose others.")
    left = tuple(place for place, _ in more)
    texts = find_texts(table, spec, (target_position, *left))
    features, notes = _features(table, names, target_position, spec, texts, left)
    rows, more_notes = _usable_rows(table, features, None if worded else target, spec, tuple(each for _, each in more))
    x = _inputs(table, features, rows)
    separator = ""
    if worded:
        y, classes, separator = cut_labels(target, rows)
    else:
        columns = (target, *(column for _, column in more))
        y = np.column_stack([target_values(column, rows)[0] for column in columns])
        classes = tuple(column.name for column in columns)
    dropped = len(rows) < table.rows
    notes += more_notes
    return Selection(
        table, features, target, target_position, rows, x, y, classes, dropped, notes, more, separator, texts=texts
    )


def _select_heads(
    table: Table,
    names: tuple[str, ...],
    target_position: int,
    more: tuple[tuple[int, Column], ...],
    spec: DatasetSpec,
) -> Selection:
    """Features and several targets of any kind, each for an output of its own."""
    target = table.columns[target_position]
    columns = (target, *(column for _, column in more))
    for column in columns:
        check_target(column, msgspec.structs.replace(spec, task="auto"))
    left = tuple(place for place, _ in more)
    texts = find_texts(table, spec, (target_position, *left))
    features, notes = _features(table, names, target_position, spec, texts, left)
    rows, more_notes = _usable_rows(table, features, target, spec, columns[1:])
    x = _inputs(table, features, rows)
    found = [target_values(column, rows) for column in columns]
    y = np.column_stack([values for values, _ in found]).astype(np.float64)
    dropped, head_classes = len(rows) < table.rows, tuple(classes for _, classes in found)
    notes += more_notes
    return Selection(
        table, features, target, target_position, rows, x, y, (), dropped, notes, more, "", head_classes, texts
    )


def select_inputs(table: Table, spec: DatasetSpec) -> Selection:
    """The features alone, for a project that learns them themselves: those that it names, else all of use but for the
    column that it calls its target. Raises DataError on unknown columns, or when nothing is left."""
    names = tuple(column.name for column in table.columns)
    left_out = position_of(table, names, spec.target, "target") if spec.target else None
    texts = find_texts(table, spec, (left_out,))
    features, notes = _features(table, names, left_out, spec, texts)
    if spec.target:
        notes += (f"“{spec.target}” is left out, as it is the target. Choose no target to learn it too.",)
    rows, more_notes = _usable_rows(table, features, None, spec)
    x = _inputs(table, features, rows)
    notes += more_notes
    return Selection(table, features, None, None, rows, x, None, (), len(rows) < table.rows, notes, texts=texts)


def _inputs(table: Table, features: Sequence[Feature], rows: Indices) -> Floats:
    width = sum(len(feature.names) for feature in features)
    check_memory(len(rows) * width * 8, f"{table.path.name} with its texts as columns")
    if not features:
        return np.empty((len(rows), 0))
    return np.column_stack([_numbers(feature, rows, table) for feature in features])


def _usable_rows(
    table: Table,
    features: Sequence[Feature],
    target: Column | None,
    spec: DatasetSpec,
    more_targets: Sequence[Column] = (),
) -> tuple[Indices, tuple[str, ...]]:
    """The rows that have a target, and all features where incomplete rows are to be dropped; notes say how many
    went."""
    notes: tuple[str, ...] = ()
    unknown = np.zeros(table.rows, np.bool_) if target is None else target.missing
    for column in more_targets:
        unknown = unknown | column.missing
    keep = ~unknown
    if target is not None and unknown.any():
        notes += (rows_left_out(int(unknown.sum()), f"without a value of {with_holes((target, *more_targets))}"),)
    if spec.missing == "drop_rows" and features:
        incomplete = keep & np.any([feature.column.missing for feature in features], axis=0)
        if incomplete.any():
            notes += (rows_left_out(int(incomplete.sum()), "with missing values"),)
        keep &= ~incomplete
    if not keep.any():
        targets = [*([] if target is None else [target]), *more_targets]
        columns = [feature.column for feature in features] or targets
        worst = max(columns, key=lambda column: int(column.missing.sum()))
        raise DataError(
            f"No row of {table.path.name} is complete; “{worst.name}” misses most. "
            "Fill missing values, or leave that column out."
        )
    return np.flatnonzero(keep), notes


def _features(
    table: Table,
    names: tuple[str, ...],
    target: int | None,
    spec: DatasetSpec,
    texts: Sequence[TextFeature],
    more_targets: tuple[int, ...] = (),
) -> tuple[tuple[Feature, ...], tuple[str, ...]]:
    check_hashing(spec.hashing)
    others = (*more_targets, *(text.position for text in texts))
    if spec.used_columns is not None:
        chosen = [name for name in spec.used_columns if spec.split.way != "column" or name != spec.split.column]
        positions = [position_of(table, names, name, "feature") for name in chosen]
        if target is not None and target in positions:
            raise DataError(
                f"“{names[target]}” is the target, so it cannot be a feature too. Remove it from one of them."
            )
        positions = [position for position in positions if position not in others]
        features = [_feature(position, table, spec) for position in dict.fromkeys(positions)]
        for feature in features:
            _check_chosen(feature)
        notes: tuple[str, ...] = ()
    else:
        features, notes = _all_useful(table, target, spec, others)
    if not features and not texts:
        of = "" if target is None else f" of “{names[target]}”"
        raise DataError(f"{table.path.name} has no column that can be a feature{of}. Choose the features.")
    plain = _counted([feature for feature in features if not feature.bins])
    if plain:
        notes += (f"Text becomes one column a category: {plain}.",)
    into = _counted([feature for feature in features if feature.bins])
    if into and spec.hashing is not None:
        notes += (f"Text is hashed into {spec.hashing.bins:,} columns: {into}.",)
    return tuple(features), notes


def _counted(features: Sequence[Feature]) -> str:
    """Those of texts, with how many different ones each has."""
    texts = [f"{each.column.name} ({len(each.categories):,})" for each in features if each.categories]
    return f"{', '.join(texts[:8])}{' …' if len(texts) > 8 else ''}"


def _feature(position: int, table: Table, spec: DatasetSpec) -> Feature:
    column = table.columns[position]
    return Feature(position, column, bins_for(column, spec.hashing))


def _check_chosen(feature: Feature) -> None:
    column = feature.column
    if column.missing.all():
        raise DataError(f"Column “{column.name}” is empty. Remove it from the features.")
    if len(column.categories) > MAX_CATEGORIES * 20 and not feature.bins:
        raise DataError(
            f"Column “{column.name}” has {len(column.categories)} different texts; "
            f"at most {MAX_CATEGORIES * 20} can become columns. Remove it from the columns, hash its texts, or "
            "read it for its words."
        )


def _all_useful(
    table: Table, target: int | None, spec: DatasetSpec, others: tuple[int, ...]
) -> tuple[list[Feature], tuple[str, ...]]:
    splits = split_column(spec)
    features: list[Feature] = []
    notes: list[str] = []
    for position, column in enumerate(table.columns):
        if position == target or position in others:
            continue
        if column.name == splits:
            notes.append(f"The samples are split by column “{splits}”, so it was left out.")
        elif column.missing.all():
            notes.append(f"Column “{column.name}” is empty and was left out.")
        elif len(column.categories) > MAX_CATEGORIES and not (bins_for(column, spec.hashing) and repeats(column)):
            notes.append(too_many_texts(table, column, spec))
        elif position == 0 and len(table.columns) > 2 and is_index(column):
            notes.append(f"Column “{column.name}” only numbers the rows and was left out.")
        else:
            features.append(_feature(position, table, spec))
    return features, tuple(notes)


def _numbers(feature: Feature, rows: Indices, table: Table) -> Floats:
    """The inputs from one column: (rows, 1), or (rows, categories) of 0 and 1, NaN where missing."""
    column = feature.column
    if column.numbers is not None:
        numbers = column.numbers[rows]
        if np.isinf(numbers).any():
            row = int(rows[np.isinf(numbers).argmax()])
            raise DataError(
                f"{table.path.name}: column “{column.name}” has an infinite number in data row {row + 1}. "
                "Correct it, or leave the column out."
            )
        return numbers.reshape(-1, 1)
    assert column.codes is not None
    return feature.inputs(replace(column, codes=column.codes[rows]))
