"""Networks and data that the tests of building and describing share."""

from workbench.domain.dataset import DatasetInfo
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Layer, ModelTree, Wrapper
from workbench.domain.values import Value

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
