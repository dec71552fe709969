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
from workbench.engine.data.arrays import npz_heads, read_npy, read_npz
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.params import path_of, text
from workbench.engine.data.raw import Params, Progress, RawData
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
    ),
    suffixes=(".npz", ".npy"),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Inputs and targets."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    shaped = _from_npy(path, params, progress) if path.suffix.lower() == ".npy" else _from_npz(path, params, progress)
    shaped = shape_data(shaped, text(params, "form"))
    width = shaped.x.shape[1]
    names = tuple(f"x{place + 1}" for place in range(width)) if shaped.x.ndim == 2 else ()
    return RawData(
        title=path.stem,
        form=shaped.form,
        x=shaped.x,
        y=shaped.y,
        x_test=shaped.x_test,
        y_test=shaped.y_test,
        classes=shaped.classes,
        names=names,
        target=shaped.target if shaped.y is not None else "",
        detected=shaped.detected,
        script="\n".join(shaped.lines) + "\n",
    )


def _from_npz(path: Path, params: Params, progress: Progress) -> Shaped:
    heads = npz_heads(path)
    wished = {role: str(params[role]) if params[role] else None for role in ("x", "y", "x_test", "y_test")}
    for name in wished.values():
        if name and name not in heads:
            raise DataError(f"{path.name} has no array “{name}”. Choose among: {list_arrays(heads)}.")
    roles = find_roles(heads, wished, bool(params["unlabelled"]))
    if roles is None:
        raise DataError(f"{path.name}: choose which arrays are x and y. It has {list_arrays(heads)}.")
    chosen = {"x": roles.x, "y": roles.y, "x_test": roles.x_test, "y_test": roles.y_test}
    names = {variable: name for variable, name in chosen.items() if name is not None}
    arrays = read_npz(path, tuple(dict.fromkeys(names.values())), progress)
    for suffix in ("", "_test"):
        if f"x{suffix}" in names:
            x_name, y_name = names[f"x{suffix}"], names.get(f"y{suffix}")
            check_inputs(arrays[x_name], f"{path.name}: array “{x_name}”")
            if y_name is not None:
                check_targets(arrays[y_name], len(arrays[x_name]), f"{path.name}: array “{y_name}”")
    check_alike(path.name, names, {name: array.shape for name, array in arrays.items()})
    reads = [f"    {variable} = arrays[{text_literal(name)}]" for variable, name in names.items()]
    return Shaped(
        form="arrays",
        x=arrays[roles.x],
        y=arrays[roles.y] if roles.y else None,
        target=roles.y or "",
        x_test=arrays[roles.x_test] if roles.x_test else None,
        y_test=arrays[roles.y_test] if roles.y_test else None,
        detected={"Arrays": ", ".join(f"{variable} = {name}" for variable, name in names.items())},
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
    if x.ndim != 2 or x.shape[1] < 2 or params["unlabelled"]:
        return Shaped("arrays", x, None, target="", lines=[*lines, "", "x = np.load(DATA)"])
    lines += ["", "table = np.load(DATA)", "x, y = table[:, :-1], table[:, -1]"]
    return Shaped("arrays", x[:, :-1], x[:, -1], detected={"Targets": "the last column"}, lines=lines)


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
    targets = _targets_file(path, params) if path.suffix.lower() == ".npy" else None
    return (path, targets) if targets else (path,)
