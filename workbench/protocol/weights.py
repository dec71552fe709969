"""The weights of a layer as they are shown and changed by hand."""

import msgspec

from workbench.protocol.arrays import Array


class WeightArray(msgspec.Struct, frozen=True):
    """An array of a layer's weights."""

    name: str
    shape: tuple[int, ...]


class LayerWeights(msgspec.Struct, frozen=True):
    """The weights of a layer. Of a layer made of `units` (0: it is not), `norms` are the lengths of their incoming
    weights and `biases` theirs, None where it has none.

    `values` are the first of `size` weights in row-major order: of the unit `unit`, which lies in the array number
    `array` along `axis`, or where there are no units of that whole array.
    """

    layer: str
    arrays: tuple[WeightArray, ...]
    units: int
    array: int
    size: int
    values: Array
    unit: int | None = None
    axis: int | None = None
    norms: Array | None = None
    biases: Array | None = None
