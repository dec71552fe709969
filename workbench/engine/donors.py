"""Layers of saved models whose weights others can take: of `.keras`, `.h5` and `.weights.h5` files.

A file of weights needs no network: what it holds is read with h5py, after a look at every object in it.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.machine import memory_bytes
from workbench.engine.errors import EngineError
from workbench.engine.kept_weights import shapes_of
from workbench.engine.model_check import check_archive, load_model

Array: TypeAlias = NDArray[Any]
Take: TypeAlias = Callable[[Any], list[Array] | None]

MOST_OBJECTS = 200_000
MAX_DEPTH = 40
H5 = (".h5", ".hdf5")


@dataclass(frozen=True)
class Donor:
    """A layer with weights. `take(layer)` gives them in the order of a layer like it, None where it cannot hold them.
    `place` is what tells it from others where there is no order: its kind and its number among these."""

    name: str
    take: Take
    place: str = ""
    is_inner: bool = False


@dataclass(frozen=True)
class Donors:
    """The layers of a source; `ordered` as the network calls them, else they are known by `Donor.place`."""

    layers: tuple[Donor, ...]
    ordered: bool = True


def read_donors(path: Path) -> Donors:
    """The layers with weights in a file. Raises EngineError with what was found, before anything of a stranger's is
    run or allocated."""
    if not path.is_file():
        raise EngineError(f"{path} is not there. Check the path.")
    suffix = path.suffix.lower()
    if suffix == ".keras":
        config, size = check_archive(path)
        found = donors_of(load_model(path, config, size, compiled=False))
    elif suffix in H5:
        found = _in_h5(path)
    else:
        raise EngineError(f"{path.name} holds no weights. Choose a .keras, .h5 or .weights.h5 file.")
    if not found.layers:
        raise EngineError(f"{path.name} holds no weights of layers. Choose another file.")
    return found


def donors_of(model: Any) -> Donors:
    """The layers of a model with weights, those of the models in it among them."""
    return Donors(tuple(Donor(layer.name, _weights_of(layer)) for layer in flat_layers(model) if layer.weights))


def flat_layers(model: Any) -> Iterator[Any]:
    """The layers of a model and of the models in it, in the order of Keras."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from flat_layers(layer)
        else:
            yield layer


def _weights_of(layer: Any) -> Take:
    return lambda _like: layer.get_weights()


def inspect_h5(path: Path) -> None:
    """Raises EngineError on an HDF5 file that leads elsewhere, or claims more room than it takes."""
    with _opened(path) as file:
        _inspect(path, file)


def _in_h5(path: Path) -> Donors:
    if path.stat().st_size > memory_bytes() // 2:
        raise EngineError(f"{path.name} is too large to open here: it has {path.stat().st_size:,} bytes.")
    with _opened(path) as file:
        _inspect(path, file)
        top = file.get("model_weights", file)
        if "layer_names" in top.attrs:
            return Donors(tuple(_of_old_file(path, top)))
        if "layers" in file:
            return Donors(tuple(_of_store(path, file, "")), ordered=False)
    raise EngineError(f"{path.name} holds no weights that Keras wrote. Choose another file.")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, RecursionError, UnicodeError) as error:
        raise EngineError(f"{path.name} is damaged or no HDF5 file. Choose another one.", str(error)) from error


def _inspect(path: Path, file: Any) -> None:
    """Refuse whatever leads out of the file, or takes more room than it has there."""
    import h5py

    waiting: list[tuple[Any, int]] = [(file, 0)]
    count = 0
    while waiting:
        group, depth = waiting.pop()
        for name in group:
            count += 1
            if count > MOST_OBJECTS or depth > MAX_DEPTH:
                raise EngineError(f"{path.name} has more objects than weights could be. Choose another file.")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise EngineError(f"{path.name} has links to elsewhere, which are not followed. Choose another file.")
            item = group[name]
            if isinstance(item, h5py.Group):
                waiting.append((item, depth + 1))
            elif not isinstance(item, h5py.Dataset) or item.external or item.is_virtual or _claims_more(item):
                raise EngineError(f"{path.name} has an array that is not whole in it. Choose another file.")


def _claims_more(data: Any) -> bool:
    """Whether an array is larger than what is stored of it; Keras packs none."""
    return bool(data.dtype.hasobject) or data.size * data.dtype.itemsize > data.id.get_storage_size()


def _of_old_file(path: Path, top: Any) -> Iterator[Donor]:
    """The layers of the format that Keras had before version 3, whose models of models are one layer each."""
    for raw in top.attrs["layer_names"]:
        name = _text(raw)
        group = top[name]
        weights = [_text(each) for each in group.attrs["weight_names"]]
        if not weights:
            continue
        places = [f"{group.name}/{each}" for each in weights]
        yield Donor(name, _arrays(path, places))
        parents: dict[str, list[str]] = {}
        for place, each in zip(places, weights, strict=True):
            parents.setdefault(each.rpartition("/")[0], []).append(place)
        for parent, inside in parents.items():
            inner = parent.rpartition("/")[2]
            if inner not in ("", name):
                yield Donor(inner, _arrays(path, inside), is_inner=True)


def _text(raw: Any) -> str:
    return raw.decode("utf-8") if isinstance(raw, bytes) else str(raw)


def _arrays(path: Path, places: list[str]) -> Take:
    def take(_like: Any) -> list[Array]:
        with _opened(path) as file:
            return [np.asarray(file[place]) for place in places]

    return take


def _of_store(path: Path, file: Any, above: str) -> Iterator[Donor]:
    """The layers of a `.weights.h5` file, known there by their kind and number; it keeps their names as well."""
    place = f"{above}layers"
    for kind in file[place]:
        group = file[f"{place}/{kind}"]
        if "layers" in group:
            yield from _of_store(path, file, f"{place}/{kind}/")
        elif _has_arrays(group):
            name = group["vars"].attrs.get("name", kind) if "vars" in group else kind
            yield Donor(_text(name), _stored(path, f"{place}/{kind}"), place="" if above else kind)


def _has_arrays(group: Any) -> bool:
    import h5py

    return any(_has_arrays(each) if isinstance(each, h5py.Group) else True for each in group.values())


def _stored(path: Path, place: str) -> Take:
    """The weights as Keras itself loads them into a layer like it, whose own are put back."""

    def take(like: Any) -> list[Array] | None:
        from keras.src.saving import saving_lib

        before = like.get_weights()
        failed: set[int] = set()
        store = saving_lib.H5IOStore(path, mode="r")
        try:
            saving_lib._load_state(
                like, store, None, place, visited_saveables=set(), failed_saveables=failed, error_msgs={}
            )
            return None if failed else like.get_weights()
        finally:
            store.close()
            like.set_weights(before)

    return take


def fits(layer: Any, arrays: list[Array]) -> bool:
    """Whether these are weights that the layer can hold."""
    return tuple(array.shape for array in arrays) == shapes_of(layer)
