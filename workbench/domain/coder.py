"""Networks that give something of the form of what they get: autoencoders, and what marks each dot of a picture."""

import math

from workbench.domain.dataset import DatasetInfo
from workbench.domain.tree import AnyNode, Layer, Residual, new_id
from workbench.domain.values import Value

LARGEST_SIZE = 512  # of the widest hidden layer of a flat autoencoder
MOST_STAGES = 3
FILTERS = 16
SMALLEST = 12  # places along each axis, from which on a second stage makes sense


def autoencoder(info: DatasetInfo) -> tuple[AnyNode, ...]:
    """Layers that lead the inputs through a few numbers and back: convolutions where they have places side by side,
    else dense ones."""
    shape = info.target_shape
    activation = "sigmoid" if info.learns_shares else "linear"
    if 2 <= len(shape) <= 4 and min(shape[:-1]) >= 4:
        return coder(shape, info.target_shape[-1], activation, code=8)
    count = math.prod(shape)
    wide = min(LARGEST_SIZE, max(16, 2 ** round(math.log2(max(1, count)))))
    narrow = min(32, max(1, count // 4 if count > 4 else count // 2))
    units = [wide // 2, narrow, wide // 2] if count > 64 else [wide, narrow, wide]
    flat = () if len(shape) == 1 else (_layer("Flatten"),)
    back = () if len(shape) == 1 else (_layer("Reshape", target_shape=shape),)
    hidden = [_layer("Dense", units=size, activation="relu") for size in units]
    return (*flat, *hidden, _layer("Dense", units=max(1, count), activation=activation), *back)


def marker(info: DatasetInfo) -> tuple[AnyNode, ...]:
    """Layers that give each dot of a picture a class, or numbers."""
    if info.task == "segmentation":
        single = len(info.classes) == 2 and info.labels != "one_hot"
        channels, activation = (1, "sigmoid") if single else (len(info.classes), "softmax")
    else:
        channels, activation = info.target_shape[-1], "sigmoid" if info.learns_shares else "linear"
    return coder(info.input_shape, channels, activation)


def coder(shape: tuple[int, ...], channels: int, activation: str, *, code: int | None = None) -> tuple[AnyNode, ...]:
    """Layers that make inputs of a shape (places …, channels) smaller and as large again, with `channels` numbers at
    each place. Each stage halves the places by a convolution without padding, whose transpose undoes it exactly, and
    adds what it got to what it gives, so that borders stay sharp. With `code` numbers at each place in the middle it
    does not: all has to go through these."""
    rank = len(shape) - 1
    middle: tuple[AnyNode, ...] = ()
    kernels = _kernels(shape[:-1])
    for stage in reversed(range(len(kernels))):
        filters = FILTERS * 2**stage
        is_last = stage == len(kernels) - 1
        narrow = code if is_last and code is not None else 2 * filters
        kernel, strides = kernels[stage]
        down = _layer(f"Conv{rank}D", filters=narrow, kernel_size=kernel, strides=strides, activation="relu")
        up = _layer(f"Conv{rank}DTranspose", filters=filters, kernel_size=kernel, strides=strides, activation="relu")
        block = (down, *middle, up)
        first = _layer(f"Conv{rank}D", filters=filters, kernel_size=3, padding="same", activation="relu")
        middle = (first, *block) if code is not None else (first, Residual(id=new_id(), children=block))
    last = _layer(f"Conv{rank}D", filters=channels, kernel_size=3, padding="same", activation=activation)
    return (*middle, last)


def _kernels(places: tuple[int, ...]) -> list[tuple[Value, int]]:
    """The size of the kernel of each stage, and its strides: those by which nothing is left over at the border."""
    sizes = list(places)
    kernels: list[tuple[Value, int]] = []
    while len(kernels) < MOST_STAGES and min(sizes) >= (SMALLEST if kernels else SMALLEST // 2):
        kernel = tuple(3 if size % 2 else 4 for size in sizes)
        sizes = [(size - edge) // 2 + 1 for size, edge in zip(sizes, kernel, strict=True)]
        kernels.append((kernel[0] if len(set(kernel)) == 1 else kernel, 2))
    return kernels or [(1, 1)]


def _layer(class_name: str, **params: Value) -> Layer:
    return Layer(id=new_id(), class_name=class_name, params=params)
