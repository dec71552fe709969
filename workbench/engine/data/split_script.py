"""Writes the Python source that splits in one of the further ways and cuts folds, told with numpy alone. It repeats the
lines of `splitting.py`, `split_groups.py` and `folds.py`."""

from collections.abc import Mapping, Sequence

from workbench.domain.dataset import PARTS, Part, Split
from workbench.engine.data.folds import Pool, before_folds
from workbench.engine.data.source_text import percent
from workbench.engine.data.split_groups import ASSIGN_LINES
from workbench.engine.data.splitting import Splitting, shares_of

_SPREAD = [
    "# Spread each class evenly along the order, so that every part has the classes in proportion.",
    "place = np.empty(len(x))",
    "for label in np.unique(y):",
    "    members = order[y[order] == label]",
    "    place[members] = (np.arange(len(members)) + 0.5) / len(members)",
    'order = order[np.argsort(place[order], kind="stable")]',
]


def split_script(split: Split, made: Splitting, ordered: bool, own_test: bool, what: Sequence[str] = ("x", "y")) -> str:
    """Source that goes on after a source's script and defines `x_train`, `y_train` and so on; `ordered` says that the
    samples stand in the order of time, `own_test` that the source defines `x_test` and `y_test`; `what` names the
    arrays that are split."""
    sizes = {part: len(indices) for part, indices in made.indices.items()}
    used = before_folds(split)
    lines = ASSIGN_LINES.split("\n") if split.way == "group" else []
    lines += made.lines
    match split.way:
        case "group":
            lines += _by_group(used, made, ordered, own_test)
        case "column" | "files":
            lines += _by_parts(used, made, sizes, own_test)
        case "time" if not ordered:
            lines.append('order = np.argsort(when, kind="stable")  # the first are for training, the last for testing')
            lines += _cut(used, sizes, own_test)
        case _:
            lines += order_lines(split, ordered, made.stratified)
            lines += _cut(used, sizes, own_test)
    if made.pool is not None:
        lines += _fold(split, made.pool)
    return "\n".join([*lines, *_parts(own_test, what)])


def order_lines(split: Split, ordered: bool, stratify: bool) -> list[str]:
    """Source that defines the `order` in which samples are cut into parts."""
    if ordered:
        return [
            "# In the order of time: the first are for training, the last for testing.",
            "order = np.arange(len(x))",
        ]
    lines = [f"order = np.random.default_rng({split.seed}).permutation(len(x))"]
    return [*lines, *_SPREAD] if stratify else lines


def size_line(name: str, fraction: float, size: int, of: str = "x") -> str:
    """How many samples a part gets; a part so small that the rounding would leave it empty has its number written
    out."""
    return f"{name}_size = int(len({of}) * {fraction!r} + 0.5)" if size > 1 else f"{name}_size = {size}"


def _parts(own_test: bool, what: Sequence[str]) -> list[str]:
    names = PARTS[:2] if own_test else PARTS
    lines = []
    for name in what:
        left = ", ".join(f"{name}_{part}" for part in names)
        right = ", ".join(f"{name}[{part}]" for part in names)
        lines.append(f"{left} = {right}")
    return lines


def _cut(split: Split, sizes: Mapping[Part, int], own_test: bool) -> list[str]:
    """Source that cuts `order` as fractions tell."""
    lines = []
    fractions: dict[Part, float] = {"validation": split.validation, "test": 0.0 if own_test else split.test}
    words = {"validation": "validation", "test": "testing"}
    shown = [f"{percent(fraction)} for {words[part]}" for part, fraction in fractions.items() if fraction]
    if shown:
        lines.append(f"# {', '.join(shown)}, the rest for training.")
    lines += [size_line(part, fraction, sizes[part] if fraction else 0) for part, fraction in fractions.items()]
    return [
        *lines,
        "train_size = len(order) - validation_size - test_size",
        "train, validation, test = np.split(order, [train_size, train_size + validation_size])",
    ]


def _by_group(split: Split, made: Splitting, ordered: bool, own_test: bool) -> list[str]:
    shares = shares_of(split, own_test)
    labels = "y" if made.stratified else "None"
    order = "np.arange(len(x))" if ordered else f"np.random.default_rng({split.seed}).permutation(len(x))"
    numbers = {part: number for number, part in enumerate(shares)}
    return [
        "# All samples with the same value are in the same part.",
        "group = np.unique(key, return_inverse=True)[1]",
        f"part = assigned(group, {labels}, {list(shares.values())!r}, {split.seed})[group]",
        f"order = {order}",
        *(f"{part} = order[part[order] == {numbers.get(part, -1)}]" for part in PARTS),
    ]


def _by_parts(split: Split, made: Splitting, sizes: Mapping[Part, int], own_test: bool) -> list[str]:
    lines = ["train, validation, test = (np.flatnonzero(part == number) for number in range(3))"]
    fractions: dict[Part, float] = {"validation": split.validation, "test": 0.0 if own_test else split.test}
    wanted = {part: share for part, share in fractions.items() if share and part not in made.named}
    if not wanted:
        return lines
    lines += [
        f"# No sample is named for {' and '.join(wanted)}: taken from those for training.",
        f"order = train[np.random.default_rng({split.seed}).permutation(len(train))]",
        *(_SPREAD if made.stratified else []),
    ]
    lines += [size_line(part, share, sizes[part], "train") for part, share in wanted.items()]
    cuts = [f"{part}_size" for part in wanted]
    return [
        *lines,
        f"train_size = len(train) - {' - '.join(cuts)}",
        f"train, {', '.join(wanted)} = np.split(order, [{_bounds(cuts)}])",
    ]


def _bounds(cuts: list[str]) -> str:
    return "train_size" if len(cuts) == 1 else f"train_size, train_size + {cuts[0]}"


def _fold(split: Split, pool: Pool) -> list[str]:
    """Source that goes on from `train` and `validation`, which are put together and cut into folds."""
    repeat, number = divmod(max(1, split.fold) - 1, split.folds)
    named = f"Fold {number + 1} of {split.folds}" + (f", repeat {repeat + 1}" if split.repeats > 1 else "")
    rest = "rest = np.concatenate([train, validation])"
    if pool.timed:
        return [
            f"# {named}: each piece validates what is trained on all before it.",
            rest,
            f"pieces = np.array_split(rest, {split.folds + 1})",
            f"train, validation = np.concatenate(pieces[: {number + 1}]), pieces[{number + 1}]",
        ]
    seed = f"[{split.seed}, {repeat}]"
    lines = [f"# {named}: what validates in it was not trained on.", rest]
    if pool.shuffles:
        lines.append(f"rest = np.random.default_rng({seed}).permutation(rest)")
    if pool.group is not None:
        labels = "None" if pool.labels is None else "y[rest]"
        lines += [
            "numbered = np.unique(group[rest], return_inverse=True)[1]",
            f"fold = assigned(numbered, {labels}, [1 / {split.folds}] * {split.folds}, {seed})[numbered]",
        ]
    else:
        dealt = "np.arange(len(rest))" if pool.labels is None else 'np.argsort(y[rest], kind="stable")'
        lines += [
            f"dealt = {dealt}" + ("" if pool.labels is None else "  # class by class, so that each is in proportion"),
            "fold = np.empty(len(rest), int)",
            f"fold[dealt] = np.arange(len(rest)) % {split.folds}",
        ]
    return [*lines, f"train, validation = rest[fold != {number}], rest[fold == {number}]"]
