"""Writes the Python source that splits, fills, scales and encodes as `load` does: the same lines, told with numpy
alone."""

from collections.abc import Mapping, Sequence

from workbench.domain.dataset import DatasetSpec, LabelEncoding, Missing, Part
from workbench.engine.data.scaling import Kind
from workbench.engine.data.source_text import percent
from workbench.engine.data.split_script import order_lines, size_line


def preparation_script(
    spec: DatasetSpec,
    kind: Kind,
    encoding: LabelEncoding,
    *,
    sizes: Mapping[Part, int],
    rank: int,
    steps: str,
    classes: int,
    own_test: bool,
    ordered: bool,
    fills: bool,
    masked: Sequence[int],
    groups: Sequence[tuple[int, int]],
    split: str = "",
    itself: str | None = None,
    places: bool = False,
    divisor: float = 1.0,
    words: str = "",
) -> str:
    """Source that goes on after a source's script. `sizes` counts the samples of each part, `rank` the axes of `x`
    with the samples behind the `steps`, whose source is given, `classes` is 0 for regression, `fills` says that `x` has
    missing values, `masked` which of its columns get another that tells where, `groups` are the inputs that stand for
    one text column each. `split` is source that splits in another way than by fractions; `itself` makes the inputs the
    targets where that is so; `places` says that each dot has a target, numbers to be divided by `divisor`; `words` is
    source that puts behind the inputs what the `texts` of each part make."""
    stratify = spec.split.stratify and classes > 0 and not places
    what = split_arrays(itself is not None, bool(words))
    parts = [split or _split_by_fractions(spec, sizes, ordered, own_test, stratify, what)]
    if fills:
        parts.append(_fill(spec.missing, groups, masked))
    if steps:
        parts.append(steps)
    scale = _scale(kind, rank)
    names = ("train", "validation", "test")
    if scale:
        parts.append("\n".join([*scale, *(f"x_{name} = scaled(x_{name})" for name in names)]))
    else:
        parts.append("\n".join(f'x_{name} = x_{name}.astype("float32")' for name in names))
    if words:
        parts.append(words)
    if itself is not None:
        return "\n\n".join([*parts, itself]) + "\n"
    known = _ENCODED | _ENCODED_PLACES if places else _ENCODED
    encoded = known[encoding].replace("CLASSES", str(classes)).replace("DIVISOR", repr(divisor))
    parts.append("\n".join(f"y_{name} = {encoded.replace('VALUES', f'y_{name}')}" for name in names))
    return "\n\n".join(parts) + "\n"


def split_arrays(itself: bool, words: bool) -> tuple[str, ...]:
    """What a script has to split: inputs, targets where these are not the inputs, texts where they are read for their
    words."""
    return ("x", *(() if itself else ("y",)), *(("texts",) if words else ()))


_ENCODED: dict[LabelEncoding, str] = {
    "integer": 'VALUES.astype("int32")',
    "one_hot": 'np.eye(CLASSES, dtype="float32")[VALUES]',
    "number": 'np.column_stack([VALUES]).astype("float32")',
    "multi_hot": 'VALUES.astype("float32")',
}


_ENCODED_PLACES: dict[LabelEncoding, str] = {
    "integer": 'VALUES.astype("int32")[..., None]',
    "number": 'VALUES.astype("float32") / np.float32(DIVISOR)',
}


def _split_by_fractions(
    spec: DatasetSpec, sizes: Mapping[Part, int], ordered: bool, own_test: bool, stratify: bool, what: Sequence[str]
) -> str:
    return "\n".join([*order_lines(spec.split, ordered, stratify), *_split(spec, sizes, own_test, what)])


def _split(spec: DatasetSpec, sizes: Mapping[Part, int], own_test: bool, what: Sequence[str]) -> list[str]:
    """Lines that give the parts their samples; `what` names the arrays."""
    split = spec.split
    parts = f"{percent(split.validation)} for validation"
    parts += ", the rest for training." if own_test else f", {percent(split.test)} for testing, the rest for training."
    lines = [f"# {parts}"]
    lines.append(size_line("validation", split.validation, sizes["validation"]))
    if own_test:
        lines += [
            "train, validation = np.split(order, [len(x) - validation_size])",
            *(f"{name}_train, {name}_validation = {name}[train], {name}[validation]" for name in what),
        ]
    else:
        lines += [
            size_line("test", split.test, sizes["test"]),
            "train_size = len(x) - validation_size - test_size",
            "train, validation, test = np.split(order, [train_size, train_size + validation_size])",
            *(
                f"{name}_train, {name}_validation, {name}_test = {name}[train], {name}[validation], {name}[test]"
                for name in what
            ),
        ]
    return lines


def _fill(how: Missing, groups: Sequence[tuple[int, int]], masked: Sequence[int]) -> str:
    known = {
        "mean": "known.mean()",
        "median": "np.median(known)",
        "most_frequent": "np.unique(known)[np.unique(known, return_counts=True)[1].argmax()]",
    }.get(how)
    if known is None:
        lines = ["# Missing values become 0.", "fill = np.zeros(x_train.shape[1])"]
    else:
        lines = [
            f"# Missing values take the {how.replace('_', ' ')} value of the training part.",
            "fill = np.zeros(x_train.shape[1])",
            "for column in range(x_train.shape[1]):",
            "    known = x_train[:, column][~np.isnan(x_train[:, column])]",
            "    if len(known):",
            f"        fill[column] = {known}",
        ]
        if groups:
            lines += [
                f"for first, end in {list(groups)}:  # the columns of one text take its most frequent category",
                "    fill[first:end] = np.eye(end - first)[np.nansum(x_train[:, first:end], axis=0).argmax()]",
            ]
    parts = ("train", "validation", "test")
    if not masked:
        return "\n".join([*lines, *(f"x_{part} = np.where(np.isnan(x_{part}), fill, x_{part})" for part in parts)])
    lines += [
        "",
        "",
        "def filled(values):",
        "    holes = np.isnan(values)",
        f"    masks = holes[:, {list(masked)}]  # they say where these columns were missing",
        "    return np.column_stack([np.where(holes, fill, values), masks])",
        "",
        "",
        *(f"x_{part} = filled(x_{part})" for part in parts),
    ]
    return "\n".join(lines)


def _scale(kind: Kind, rank: int) -> list[str]:
    axes = "0" if rank == 2 else str(tuple(range(rank - 1)))
    head = "# Scaling is fitted on the training part only."
    match kind:
        case "standardize":
            return [
                head,
                f'mean = x_train.mean(axis={axes}, dtype="float64")',
                f'deviation = x_train.std(axis={axes}, dtype="float64")',
                "deviation = np.where(deviation > 0, deviation, 1.0)",
                *_function("(values - mean) / deviation"),
            ]
        case "min_max":
            return [
                head,
                f'low = x_train.min(axis={axes}).astype("float64")',
                f'span = x_train.max(axis={axes}).astype("float64") - low',
                "span = np.where(span > 0, span, 1.0)",
                *_function("(values - low) / span"),
            ]
        case "divide_255":
            return _function("values / 255.0")
        case "divide_max":
            return [head, "largest = float(np.abs(x_train).max()) or 1.0", *_function("values / largest")]
    return []


def _function(expression: str) -> list[str]:
    return ["", "", "def scaled(values):", f'    return ({expression}).astype("float32")', "", ""]
