"""EfficientNet-Lite0 without its top as nodes (Tan and Le 2019, arXiv:1905.11946; the Lite variant has no squeeze and
excitation, and ReLU6): pictures of 0 to 255 in, 1,280 features for each place out."""

from dataclasses import dataclass

from workbench.domain.tree import AnyNode, Base, Block, Layer, Residual, Start, new_id
from workbench.domain.values import Value

NAME = "EfficientNetLite0"
FILE = "models/efficientnet_lite0.npz"
"""The resource with its weights."""
SIZE = 224
"""The height and width of the pictures that its weights were learned on."""


@dataclass(frozen=True)
class Stage:
    """Blocks of one size; the first of them has the stride."""

    blocks: int
    kernel: int
    stride: int
    expand: int
    filters: int


STEM, HEAD = 32, 1280
STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


def efficientnet_lite0(file: str, cut: str = "") -> Base:
    """The frozen base, whose layers start with the kept weights in `file`. `cut` names the block that it ends with.
    Raises ValueError with a sentence where there is none."""
    nodes = _Nodes(file)
    children = nodes.all()
    if cut:
        names = [node.name for node in children]
        if cut not in names:
            raise ValueError(f"{NAME} has no block “{cut[:60]}”. It has: {', '.join(names)}.")
        children = children[: names.index(cut) + 1]
    return Base(
        id=new_id(),
        name=NAME,
        source="comes with the Workbench, ImageNet",
        children=children,
        trainable=False,
        shape=(None, None, 3),
        pixels=True,
    )


def block_names() -> list[str]:
    """The blocks that it can end with, from its beginning."""
    return [node.name for node in _Nodes("").all()]


class _Nodes:
    def __init__(self, file: str) -> None:
        self._file = file

    def all(self) -> tuple[AnyNode, ...]:
        scaled = Layer(
            id=new_id(), name="rescale", class_name="Rescaling", params={"scale": 1 / 128, "offset": -127 / 128}
        )
        stem = (*self._conv("stem", STEM, 3, 2), self._relu("stem"))
        blocks: list[AnyNode] = []
        taken = STEM
        for number, stage in enumerate(STAGES, 1):
            for place in range(stage.blocks):
                stride = stage.stride if place == 0 else 1
                blocks.append(self._block(f"block{number}{'abcd'[place]}", stage, taken, stride))
                taken = stage.filters
        head = (*self._conv("head", HEAD, 1, 1), self._relu("head"))
        return (
            scaled,
            Block(id=new_id(), name="stem", children=stem),
            *blocks,
            Block(id=new_id(), name="head", children=head),
        )

    def _block(self, name: str, stage: Stage, taken: int, stride: int) -> AnyNode:
        """Widen, look at each channel by itself, narrow; with a skip where the shapes are equal (Sandler et al. 2018,
        arXiv:1801.04381)."""
        nodes: tuple[AnyNode, ...] = ()
        if stage.expand > 1:
            nodes = (*self._conv(f"{name}_expand", taken * stage.expand, 1, 1), self._relu(f"{name}_expand"))
        params: dict[str, Value] = {
            "kernel_size": stage.kernel,
            "strides": stride,
            "padding": "same",
            "use_bias": False,
        }
        depth = (
            self._layer(f"{name}_depth_conv", "DepthwiseConv2D", {**params, "use_bias": False}),
            self._norm(f"{name}_depth"),
            self._relu(f"{name}_depth"),
        )
        nodes = (*nodes, *depth, *self._conv(f"{name}_project", stage.filters, 1, 1))
        if stride == 1 and taken == stage.filters:
            return Residual(id=new_id(), name=name, children=nodes)
        return Block(id=new_id(), name=name, children=nodes)

    def _conv(self, name: str, filters: int, kernel: int, stride: int) -> tuple[Layer, Layer]:
        params: dict[str, Value] = {"filters": filters, "kernel_size": kernel, "strides": stride}
        params |= {"padding": "same", "use_bias": False}
        return self._layer(f"{name}_conv", "Conv2D", params), self._norm(name)

    def _norm(self, name: str) -> Layer:
        return self._layer(f"{name}_norm", "BatchNormalization", {"epsilon": 1e-3, "momentum": 0.99})

    def _relu(self, name: str) -> Layer:
        return Layer(id=new_id(), name=f"{name}_relu", class_name="ReLU", params={"max_value": 6.0})

    def _layer(self, name: str, class_name: str, params: dict[str, Value]) -> Layer:
        start = Start(self._file, (name,))
        return Layer(id=new_id(), name=name, class_name=class_name, params=params, start=start)
