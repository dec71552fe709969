"""Networks and data that the tests of building and describing share with the benchmarks."""

from workbench.domain.dataset import DatasetInfo
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Block, Branches, Input, Layer, ModelTree, Residual, Wrapper
from workbench.domain.values import ObjectSpec, Value

_number = iter(range(10**9))


def info(
    shape: tuple[int, ...] = (28, 28, 1),
    target: tuple[int, ...] = (),
    labels: str = "integer",
    task: str = "multiclass",
) -> DatasetInfo:
    """Data of ten classes with inputs of this shape."""
    return DatasetInfo(
        title="Test data",
        form="pictures",
        task=task,  # type: ignore[arg-type]
        input_shape=shape,
        target_shape=target,
        labels=labels,  # type: ignore[arg-type]
        sizes={"train": 1000, "validation": 100, "test": 100},
        classes=tuple("0123456789") if task == "multiclass" else (),
    )


def layer(class_name: str, **params: Value) -> Layer:
    """A layer with a fresh id."""
    return Layer(id=f"n{next(_number)}", class_name=class_name, params=params)


def frozen(class_name: str, **params: Value) -> Layer:
    """A layer that does not learn."""
    return Layer(id=f"n{next(_number)}", class_name=class_name, params=params, trainable=False)


def wrapper(class_name: str, child: Layer, **params: Value) -> Wrapper:
    """A wrapper around a layer."""
    return Wrapper(id=f"n{next(_number)}", class_name=class_name, child=child, params=params)


def project(*nodes: AnyNode, **fields: object) -> Project:
    """A project with this network."""
    return Project(model=ModelTree(nodes=nodes), **fields)  # type: ignore[arg-type]


def vgg16() -> list[AnyNode]:
    """VGG16 with its dense layers, for pictures of 224 by 224."""
    nodes: list[AnyNode] = []
    for filters, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            nodes.append(layer("Conv2D", filters=filters, kernel_size=3, padding="same", activation="relu"))
        nodes.append(layer("MaxPooling2D", pool_size=2))
    dense = [layer("Dense", units=4096, activation="relu") for _ in range(2)]
    return [*nodes, layer("Flatten"), *dense, layer("Dense", units=1000, activation="softmax")]


def residual_block(filters: int, stride: int, first: bool) -> AnyNode:
    """Three convolutions beside a short cut."""

    def normed(size: int, kernel: int, strides: int = 1) -> list[AnyNode]:
        conv = layer("Conv2D", filters=size, kernel_size=kernel, strides=strides, padding="same")
        return [conv, layer("BatchNormalization"), layer("Activation", activation="relu")]

    inside = [*normed(filters, 1, stride), *normed(filters, 3), *normed(4 * filters, 1)[:2]]
    if not first:
        return Residual(id=f"r{next(_number)}", children=tuple(inside))
    name = f"b{next(_number)}"
    short = Block(id=f"{name}s", children=tuple(normed(4 * filters, 1, stride)[:2]))
    return Branches(id=name, branches=(Block(id=f"{name}l", children=tuple(inside)), short), merge=ObjectSpec("Add"))


def resnet50() -> list[AnyNode]:
    """ResNet50, for pictures of 224 by 224."""
    nodes: list[AnyNode] = [layer("Conv2D", filters=64, kernel_size=7, strides=2, padding="same")]
    nodes += [layer("BatchNormalization"), layer("Activation", activation="relu")]
    nodes.append(layer("MaxPooling2D", pool_size=3, strides=2, padding="same"))
    for filters, times, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for index in range(times):
            nodes.append(residual_block(filters, stride if index == 0 else 1, index == 0))
            nodes.append(layer("Activation", activation="relu"))
    return [*nodes, layer("GlobalAveragePooling2D"), layer("Dense", units=1000, activation="softmax")]


# Sizes that fit nowhere.
HUGE: dict[str, tuple[list[AnyNode], DatasetInfo]] = {
    "dense": ([layer("Flatten"), layer("Dense", units=10**9)], info()),
    "dense beyond 32 bits": ([layer("Flatten"), layer("Dense", units=10**12)], info()),
    "dense beyond 64 bits": ([layer("Dense", units=10**15), layer("Dense", units=10**15)], info((5,))),
    "filters": ([layer("Conv2D", filters=10**9, kernel_size=3)], info()),
    "kernel": ([layer("Conv2D", filters=8, kernel_size=10**6, padding="same")], info()),
    "embedding": ([layer("Embedding", input_dim=10**10, output_dim=1000)], info((5,))),
    "recurrent": ([layer("LSTM", units=10**8)], info((5, 3))),
    "attention": ([layer("MultiHeadAttention", num_heads=10**6, key_dim=10**6)], info((5, 3))),
    "padding": ([layer("ZeroPadding2D", padding=10**9)], info()),
    "up-sampling": ([layer("UpSampling2D", size=10**6)], info()),
    "repeated vector": ([layer("Flatten"), layer("RepeatVector", n=10**9)], info()),
    "picture": ([Input(id="i", shape=(10**9, 10**9, 3)), layer("Conv2D", filters=8, kernel_size=3)], info()),
    "wrapped": ([wrapper("Bidirectional", layer("LSTM", units=10**8))], info((5, 3))),
    "separable": ([layer("SeparableConv2D", filters=10**9, kernel_size=3, depth_multiplier=10**5)], info()),
}
