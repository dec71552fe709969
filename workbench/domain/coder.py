"""Networks that give something of the form of what they get: autoencoders, and what marks each dot of a picture."""

import math

from workbench.domain.dataset import DatasetInfo
from workbench.domain.tree import AnyNode, Layer, new_id
from workbench.domain.values import Value

LARGEST_SIZE = 512  # of the widest hidden layer of a flat autoencoder
MOST_STAGES = 3
FILTERS = 16


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


def coder(shape: tuple[int, ...], channels: int, activation: str, *, code: int | None = None) -> tuple[AnyNode, ...]:
    """Layers that make inputs of a shape (places …, channels) smaller and as large again, with `channels` numbers at
    each place. Each stage halves the places by a convolution without padding, whose transpose undoes it exactly.
    `code` is how many numbers stay at each place in the middle; as many as suit the stage when left out."""
    rank = len(shape) - 1
    sizes = list(shape[:-1])
    kernels: list[list[int]] = []
    while len(kernels) < MOST_STAGES and min(sizes) >= 6:
        kernels.append([3 if size % 2 else 4 for size in sizes])
        sizes = [(size - kernel) // 2 + 1 for size, kernel in zip(sizes, kernels[-1], strict=True)]
    down: list[AnyNode] = []
    up: list[AnyNode] = []
    for stage, kernel in enumerate(kernels or [[1] * rank]):
        filters = FILTERS * 2**stage
        size: Value = kernel[0] if len(set(kernel)) == 1 else tuple(kernel)
        strides = 2 if kernels else 1
        is_last = stage == max(0, len(kernels) - 1)
        inner = code if is_last and code is not None else 2 * filters
        down.append(_layer(f"Conv{rank}D", filters=filters, kernel_size=3, padding="same", activation="relu"))
        down.append(_layer(f"Conv{rank}D", filters=inner, kernel_size=size, strides=strides, activation="relu"))
        up.append(_layer(f"Conv{rank}D", filters=filters, kernel_size=3, padding="same", activation="relu"))
        up.append(
            _layer(f"Conv{rank}DTranspose", filters=filters, kernel_size=size, strides=strides, activation="relu")
        )
    last = _layer(f"Conv{rank}D", filters=channels, kernel_size=3, padding="same", activation=activation)
    return (*down, *reversed(up), last)


def _layer(class_name: str, **params: Value) -> Layer:
    return Layer(id=new_id(), class_name=class_name, params=params)
