"""Makes inputs and targets out of arrays that a person brought, with the source lines that do the same in a script."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from workbench.domain.dataset import Form
from workbench.engine.data.arrays import ArrayHead
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, RawData

_X_NAMES = ("x", "data", "images", "inputs", "features", "samples", "arr_0")
_Y_NAMES = ("y", "labels", "label", "targets", "target", "arr_1")
_SMALLEST_PICTURE = 4
_LAST_LETTER = 0x10FFFF

Change: TypeAlias = Callable[[AnyArray], AnyArray]


@dataclass(frozen=True)
class Roles:
    """Which arrays of an NPZ file are what; the targets and the test ones None where there are none."""

    x: str
    y: str | None
    x_test: str | None = None
    y_test: str | None = None


def find_roles(
    heads: Mapping[str, ArrayHead], wished: Mapping[str, str | None], unlabelled: bool = False
) -> Roles | None:
    """The arrays to take, as wished or by their names; None when the names do not tell. A file that has nothing but
    inputs has no targets, nor has one that is `unlabelled`."""
    known = {name.lower(): name for name in heads}

    def find(role: str, names: tuple[str, ...], part: str) -> str | None:
        forms = (f"{{}}_{part}", f"{part}_{{}}") if part else ("{}",)
        found = (known.get(form.format(name)) for name in names for form in forms)
        return wished.get(role) or next((name for name in found if name), None)

    x = find("x", _X_NAMES, "train") or find("x", _X_NAMES, "")
    y = find("y", _Y_NAMES, "train") or find("y", _Y_NAMES, "")
    if x is None:
        return None
    if y is None or unlabelled:
        x_test = find("x_test", _X_NAMES, "test")
        return Roles(x, None, x_test) if unlabelled or not set(heads) - {x, x_test} else None
    x_test, y_test = wished.get("x_test"), wished.get("y_test")
    if not wished.get("x") and not wished.get("y"):
        x_test, y_test = find("x_test", _X_NAMES, "test"), find("y_test", _Y_NAMES, "test")
    return Roles(x, y, x_test, y_test) if x_test and y_test else Roles(x, y)


def list_arrays(heads: Mapping[str, ArrayHead]) -> str:
    """The arrays with their shapes, for a sentence."""
    shown = [f"“{name}” {'×'.join(map(str, head.shape)) or 'single value'}" for name, head in list(heads.items())[:12]]
    return ", ".join(shown) + (" …" if len(heads) > 12 else "")


@dataclass
class Shaped:
    """Inputs, targets and what was done to them: `lines` are Python source over `x`, `y` (`x_test`, `y_test`), and
    `changes` the same for `x` and `y` of other samples."""

    form: Form
    x: AnyArray
    y: AnyArray | None
    target: str = "y"
    x_test: AnyArray | None = None
    y_test: AnyArray | None = None
    classes: tuple[str, ...] = ()
    detected: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    changes: list[tuple[str, Change]] = field(default_factory=list)

    @property
    def test_names(self) -> tuple[str, ...]:
        """The parts of the script's variable names."""
        return ("", "_test") if self.x_test is not None else ("",)

    def raw(self, title: str) -> RawData:
        """The same as what a source gives."""
        columns = self.x.shape[1] if self.x.ndim == 2 else 0
        return RawData(
            title=title,
            form=self.form,
            x=self.x,
            y=self.y,
            x_test=self.x_test,
            y_test=self.y_test,
            classes=self.classes,
            names=tuple(f"x{place + 1}" for place in range(columns)),
            target=self.target if self.y is not None else "",
            detected=self.detected,
            script="\n".join(self.lines) + "\n",
        )


def check_inputs(x: AnyArray, what: str, first: int = 0) -> None:
    """Raises DataError when an array cannot be inputs; `first` is the number of its first sample."""
    if x.dtype.kind in "US":
        raise DataError(f"{what} holds text; inputs must be numbers. Choose another array.")
    if x.ndim == 0 or x.size == 0:
        raise DataError(f"{what} is empty. Choose an array with samples.")
    _check_finite(x, what, first)


def check_targets(y: AnyArray, count: int, what: str, first: int = 0) -> None:
    """Raises DataError when an array cannot be the targets of `count` samples, from the one with the number `first`
    on."""
    check_length(1 if y.ndim == 0 else len(y), count, what)
    if y.ndim == 0 or y.size == 0 or (y.ndim > 2 and y.dtype.kind not in "biuf"):
        raise DataError(
            f"{what} has the shape {'×'.join(map(str, y.shape))}; one row a sample is needed. Choose another."
        )
    if y.dtype.kind == "U":
        _check_text(y, what)
    _check_finite(y, what, first)


def check_length(size: int, count: int, what: str) -> None:
    """Raises DataError when targets, of which there are `size`, are not as many as samples."""
    if size != count:
        raise DataError(f"{what} has {size} entries for {count} samples. Choose arrays of the same length.")


def _check_text(y: AnyArray, what: str) -> None:
    codes = np.ascontiguousarray(y).reshape(-1).view(np.uint32)
    if ((codes > _LAST_LETTER) | ((codes >= 0xD800) & (codes < 0xE000))).any():
        raise DataError(f"{what} holds damaged text. Save it again, or choose another array.")


def _check_finite(array: AnyArray, what: str, first: int) -> None:
    if array.dtype.kind != "f":
        return
    for start in range(0, len(array), 65536):
        good = np.isfinite(array[start : start + 65536])
        if not good.all():
            sample = first + start + int((~good.reshape(len(good), -1)).any(axis=1).argmax())
            raise DataError(
                f"{what} holds NaN or infinity, first at sample {sample} (counted from 0). "
                "Correct or remove such samples."
            )


def check_alike(what: str, names: Mapping[str, str], shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raises DataError when the samples of training and test arrays have different shapes; `names` says which array is
    x, y, x_test and y_test."""
    for first, second in (("x", "x_test"), ("y", "y_test")):
        if second in names and shapes[names[first]][1:] != shapes[names[second]][1:]:
            raise DataError(
                f"{what}: the samples of “{names[first]}” and “{names[second]}” have different shapes. Choose others."
            )


def shape_data(shaped: Shaped, wish: str) -> Shaped:
    """Pictures get their channels last, plain numbers a row each, one-hot targets become class numbers. `wish` is
    "auto", "pictures", "volumes" or "arrays"; `shaped` is changed. Raises DataError when pictures or volumes are wished
    of what are none."""
    if shaped.y is not None and shaped.y.dtype.kind == "S":
        _apply(shaped, "y", lambda y: np.char.decode(y, "latin-1"), 'np.char.decode({}, "latin-1")')
    if shaped.x.ndim == 1:
        _apply(shaped, "x", lambda x: x[:, None], "{}[:, None]")
    if wish == "volumes":
        _shape_volumes(shaped)
    elif wish == "pictures" or (wish == "auto" and _are_pictures(shaped.x)):
        _shape_pictures(shaped)
    elif shaped.x.ndim == 2 and shaped.x.shape[1] <= 2 and shaped.x.dtype.kind == "f":
        shaped.form = "points"
    if shaped.y is not None and _is_one_hot(shaped.y):
        shaped.classes = tuple(str(place) for place in range(shaped.y.shape[1]))
        shaped.detected["Targets"] = "one-hot"
        _apply(shaped, "y", _one_hot_classes, "{}.argmax(axis=1)")
    elif shaped.y is not None and shaped.y.ndim > 2:
        _shape_masks(shaped)
    return shaped


def _shape_masks(shaped: Shaped) -> None:
    """Masks and pictures to learn get their channels last as the inputs have; one-hot dots become class numbers."""
    x, y = shaped.x, shaped.y
    assert y is not None
    if y.ndim == x.ndim == 4 and y.shape[1:3] != x.shape[1:3] and y.shape[2:] == x.shape[1:3]:
        _apply(shaped, "y", lambda y: np.ascontiguousarray(y.transpose(0, 2, 3, 1)), "{}.transpose(0, 2, 3, 1)")
        y = shaped.y
    assert y is not None
    if y.ndim == x.ndim and y.shape[-1] > 1 and bool(np.isin(y, (0, 1)).all() and (y.sum(axis=-1) == 1).all()):
        shaped.classes = tuple(str(place) for place in range(y.shape[-1]))
        shaped.detected["Targets"] = "one-hot"
        _apply(shaped, "y", lambda y: y.argmax(axis=-1), "{}.argmax(axis=-1)")


def shape_alike(shaped: Shaped, changes: Iterable[tuple[str, Change]]) -> Shaped:
    """Other samples, changed in the ways of `changes` as those were that `shape_data` had; `shaped` is changed."""
    for name, change in changes:
        setattr(shaped, name, change(getattr(shaped, name)))
    return shaped


def _apply(shaped: Shaped, name: str, change: Change, source: str) -> None:
    shaped.changes.append((name, change))
    for suffix in shaped.test_names:
        variable = name + suffix
        setattr(shaped, variable, change(getattr(shaped, variable)))
        shaped.lines.append(f"{variable} = {source.format(variable)}")


def _shape_pictures(shaped: Shaped) -> None:
    x = shaped.x
    if x.ndim == 3:
        _apply(shaped, "x", lambda x: x[..., None], "{}[..., None]")
    elif x.ndim == 4 and x.shape[1] in (1, 3) and x.shape[3] not in (1, 3, 4):
        shaped.detected["Channels"] = "came first, moved last"
        _apply(shaped, "x", lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)), "{}.transpose(0, 2, 3, 1)")
    elif x.ndim != 4:
        raise DataError(
            f"Samples of the shape {'×'.join(map(str, x.shape[1:]))} are no pictures; "
            "height × width, or height × width × channels is needed. Choose the form “arrays”."
        )
    if x.dtype.kind == "b":
        _apply(shaped, "x", lambda x: x.astype(np.uint8), '{}.astype("uint8")')
    shaped.form = "pictures"


def _shape_volumes(shaped: Shaped) -> None:
    """Films (n, frames, height, width, channels), or volumes with slices in the place of frames."""
    x = shaped.x
    if x.ndim == 4:
        _apply(shaped, "x", lambda x: x[..., None], "{}[..., None]")
    elif x.ndim != 5:
        raise DataError(
            f"Samples of the shape {'×'.join(map(str, x.shape[1:]))} are no films or volumes; frames × height × width, "
            "or frames × height × width × channels is needed. Choose the form “arrays”."
        )
    if x.dtype.kind == "b":
        _apply(shaped, "x", lambda x: x.astype(np.uint8), '{}.astype("uint8")')
    shaped.form = "volumes"


def _are_pictures(x: AnyArray) -> bool:
    if x.ndim == 3:
        return bool(min(x.shape[1:]) >= _SMALLEST_PICTURE and (x.dtype == np.uint8 or x.shape[1] == x.shape[2]))
    if x.ndim == 4:
        last = x.shape[3] in (1, 3, 4) and min(x.shape[1:3]) >= _SMALLEST_PICTURE
        first = x.shape[1] in (1, 3) and min(x.shape[2:]) >= _SMALLEST_PICTURE
        return last or first
    return False


def _one_hot_classes(y: AnyArray) -> AnyArray:
    """The class numbers of one-hot rows, −1 for a row that is none."""
    good = ((y == 0) | (y == 1)).all(axis=1) & (y.sum(axis=1) == 1)
    return np.where(good, y.argmax(axis=1), -1)


def _is_one_hot(y: AnyArray) -> bool:
    if y.ndim != 2 or y.shape[1] < 2 or y.dtype.kind not in "biuf":
        return False
    return bool(((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all())
