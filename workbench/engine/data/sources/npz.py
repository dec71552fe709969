"""A person's own arrays as NPZ or NPY."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.array_data import (
    Shaped,
    check_alike,
    check_inputs,
    check_targets,
    find_roles,
    list_arrays,
    shape_data,
)
from workbench.engine.data.array_stream import read_array_stream, too_large_to_hold
from workbench.engine.data.arrays import ArrayHead, npy_head, npz_heads, read_npy, read_npz
from workbench.engine.data.disk_arrays import open_npy, open_npz
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.params import READING, path_of, text
from workbench.engine.data.raw import AnyArray, Params, Progress, RawData
from workbench.engine.data.source_text import text_literal

ENTRY = SourceEntry(
    kind="npz",
    title="Arrays (NPZ, NPY)",
    group="own",
    summary="Arrays saved by NumPy: x and y, or x_train, y_train, x_test, y_test, or those that you pick. Without "
    "targets, the input itself can be learned.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        ParamEntry(
            "x",
            "text",
            optional=True,
            title="Inputs (x)",
            help="The array with the inputs; found by its name when left empty.",
        ),
        ParamEntry(
            "y",
            "text",
            optional=True,
            title="Targets (y)",
            help="The array with the targets; for an NPY file, the file with them. Found by its name when left empty.",
        ),
        ParamEntry(
            "x_test",
            "text",
            optional=True,
            title="Test inputs",
            help="The array with the inputs of a test set.",
            advanced=True,
        ),
        ParamEntry(
            "y_test",
            "text",
            optional=True,
            title="Test targets",
            help="The array with the targets of a test set.",
            advanced=True,
        ),
        ParamEntry(
            "form",
            "choice",
            "auto",
            choices=("auto", "pictures", "volumes", "arrays"),
            choice_titles=("As detected", "Pictures", "Films or volumes", "Numbers"),
            title="Inputs are",
            help="What the inputs are: pictures of height × width (× channels), films or volumes of frames × height × "
            "width (× channels), or plain numbers.",
        ),
        ParamEntry(
            "unlabelled",
            "bool",
            False,
            title="Without targets",
            help="Nothing in the file is a target: all columns are inputs, to be learned themselves.",
            advanced=True,
        ),
        READING,
    ),
    suffixes=(".npz", ".npy"),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Inputs and targets."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    if _in_pieces(path, params):
        return _from_disk(path, params, progress)
    shaped = _from_npy(path, params, progress) if _is_npy(path) else _from_npz(path, params, progress)
    shaped = shape_data(shaped, text(params, "form"))
    return shaped.raw(path.stem)


def _is_npy(path: Path) -> bool:
    return path.suffix.lower() == ".npy"


def _in_pieces(path: Path, params: Params) -> bool:
    """What was chosen; by itself where the arrays are too large to be held."""
    if text(params, "reading") != "auto":
        return text(params, "reading") == "pieces"
    if _is_npy(path):
        targets = _targets_file(path, params)
        x = npy_head(path)
        return too_large_to_hold([x, *([npy_head(targets)] if targets is not None and targets.is_file() else [])], x)
    heads = npz_heads(path)
    names = _chosen(path, heads, params)
    return too_large_to_hold([heads[name] for name in set(names.values())], heads[names["x"]])


def _from_disk(path: Path, params: Params, progress: Progress) -> RawData:
    """A sample, and the stream of all."""
    if _is_npy(path):
        return _from_npy_on_disk(path, params, progress)
    names = _chosen(path, npz_heads(path), params)
    members = open_npz(path, tuple(dict.fromkeys(names.values())), progress)
    arrays = {variable: members[name] for variable, name in names.items()}
    check_alike(path.name, names, {name: array.head.shape for name, array in members.items()})
    detected = {"Arrays": _listed(names)}

    def begin(found: dict[str, AnyArray]) -> Shaped:
        return Shaped("arrays", found["x"], found.get("y"), target=names.get("y", ""), detected=dict(detected))

    return read_array_stream(path.stem, arrays, begin, text(params, "form"), progress)


def _from_npy_on_disk(path: Path, params: Params, progress: Progress) -> RawData:
    arrays = {"x": open_npy(path)}
    targets = None if params["unlabelled"] else _targets_file(path, params)
    if targets is not None:
        check_file(targets)
        arrays["y"] = open_npy(targets)

    def begin(found: dict[str, AnyArray]) -> Shaped:
        if targets is not None:
            return Shaped("arrays", found["x"], found["y"], detected={"Targets": f"from {targets.name}"})
        return _without_file(found["x"], bool(params["unlabelled"]))

    return read_array_stream(path.stem, arrays, begin, text(params, "form"), progress)


def _chosen(path: Path, heads: dict[str, ArrayHead], params: Params) -> dict[str, str]:
    """The arrays that are x, y, x_test and y_test, as far as there are such. Raises DataError."""
    wished = {role: str(params[role]) if params[role] else None for role in ("x", "y", "x_test", "y_test")}
    for name in wished.values():
        if name and name not in heads:
            raise DataError(f"{path.name} has no array “{name}”. Choose among: {list_arrays(heads)}.")
    roles = find_roles(heads, wished, bool(params["unlabelled"]))
    if roles is None:
        raise DataError(f"{path.name}: choose which arrays are x and y. It has {list_arrays(heads)}.")
    chosen = {"x": roles.x, "y": roles.y, "x_test": roles.x_test, "y_test": roles.y_test}
    return {variable: name for variable, name in chosen.items() if name is not None}


def _listed(names: dict[str, str]) -> str:
    return ", ".join(f"{variable} = {name}" for variable, name in names.items())


def _from_npz(path: Path, params: Params, progress: Progress) -> Shaped:
    names = _chosen(path, npz_heads(path), params)
    arrays = read_npz(path, tuple(dict.fromkeys(names.values())), progress)
    for suffix in ("", "_test"):
        if f"x{suffix}" in names:
            x_name, y_name = names[f"x{suffix}"], names.get(f"y{suffix}")
            check_inputs(arrays[x_name], f"{path.name}: array “{x_name}”")
            if y_name is not None:
                check_targets(arrays[y_name], len(arrays[x_name]), f"{path.name}: array “{y_name}”")
    check_alike(path.name, names, {name: array.shape for name, array in arrays.items()})
    reads = [f"    {variable} = arrays[{text_literal(name)}]" for variable, name in names.items()]
    by_role = {variable: arrays[name] for variable, name in names.items()}
    return Shaped(
        form="arrays",
        x=by_role["x"],
        y=by_role.get("y"),
        target=names.get("y", ""),
        x_test=by_role.get("x_test"),
        y_test=by_role.get("y_test"),
        detected={"Arrays": _listed(names)},
        lines=["import numpy as np", "", _data_line(path), "", "with np.load(DATA) as arrays:", *reads],
    )


def _from_npy(path: Path, params: Params, progress: Progress) -> Shaped:
    x = read_npy(path, progress)
    check_inputs(x, path.name)
    lines = ["import numpy as np", "", _data_line(path)]
    targets = None if params["unlabelled"] else _targets_file(path, params)
    if targets is not None:
        check_file(targets)
        y = read_npy(targets, progress)
        check_targets(y, len(x), targets.name)
        lines += [f"TARGETS = {text_literal(str(targets))}", "", "x = np.load(DATA)", "y = np.load(TARGETS)"]
        return Shaped("arrays", x, y, detected={"Targets": f"from {targets.name}"}, lines=lines)
    shaped = _without_file(x, bool(params["unlabelled"]))
    if shaped.y is None:
        shaped.lines = [*lines, "", "x = np.load(DATA)"]
    else:
        shaped.lines = [*lines, "", "table = np.load(DATA)", "x, y = table[:, :-1], table[:, -1]"]
    return shaped


def _without_file(x: AnyArray, unlabelled: bool) -> Shaped:
    """Inputs without a file of targets: the last of several columns is the target, else there is none."""
    if x.ndim != 2 or x.shape[1] < 2 or unlabelled:
        return Shaped("arrays", x, None, target="")
    return Shaped("arrays", x[:, :-1], x[:, -1], detected={"Targets": "the last column"})


def _targets_file(path: Path, params: Params) -> Path | None:
    """The file with the targets: the one named, or the one beside x.npy that is called y.npy."""
    if params["y"]:
        return path_of(text(params, "y"), path.parent)
    stem = path.stem
    for x, y in (("x", "y"), ("X", "y"), ("X", "Y"), ("images", "labels"), ("data", "labels"), ("data", "target")):
        beside = path.with_name(f"{y}{stem.removeprefix(x)}{path.suffix}")
        if stem.startswith(x) and beside != path and beside.is_file():
            return beside
    return None


def _data_line(path: Path) -> str:
    return f"DATA = {text_literal(str(path))}"


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file, and for an NPY file the one with its targets."""
    path = path_of(text(params, "path"), folder)
    targets = _targets_file(path, params) if _is_npy(path) else None
    return (path, targets) if targets else (path,)
