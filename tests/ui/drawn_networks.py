"""Networks that tests of the window show, with what a real engine said of them in `recorded/`."""

import msgspec

from workbench.domain.tree import Block, Layer, ModelTree
from workbench.domain.values import Value


def layer(node_id: str, class_name: str, **params: Value) -> Layer:
    """A layer whose id tells what it is."""
    return Layer(id=node_id, class_name=class_name, params=params)


PICTURES = ModelTree(
    (
        Block(
            id="features",
            name="features",
            children=(
                layer("conv", "Conv2D", filters=32, kernel_size=3, activation="relu"),
                layer("pool", "MaxPooling2D"),
                layer("conv2", "Conv2D", filters=64, kernel_size=3, activation="relu"),
                layer("norm", "BatchNormalization"),
                layer("pool2", "MaxPooling2D"),
            ),
        ),
        Block(
            id="head",
            name="head",
            children=(
                layer("flat", "Flatten"),
                layer("drop", "Dropout", rate=0.5),
                layer("dense", "Dense", units=10, activation="softmax"),
            ),
        ),
    )
)
"""For pictures of 28 × 28 × 1 and ten classes; `described_pictures`."""

_HEAD = PICTURES.nodes[1]
TOO_FEW_UNITS = ModelTree(
    (
        PICTURES.nodes[0],
        msgspec.structs.replace(
            _HEAD, children=(*_HEAD.children[:2], layer("dense", "Dense", units=9, activation="softmax"))
        ),
    )
)
"""The same with a unit too few; `described_too_few_units`."""
