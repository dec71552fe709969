"""What the engine says of two sets of data: pictures and a table."""

from workbench.domain.dataset import DatasetInfo

DIGITS = DatasetInfo(
    title="Handwritten digits",
    form="pictures",
    task="multiclass",
    input_shape=(8, 8, 1),
    target_shape=(),
    labels="integer",
    sizes={"train": 1257, "validation": 270, "test": 270},
    classes=tuple("0123456789"),
    class_counts={"train": (125,) * 10, "validation": (27,) * 10, "test": (27,) * 10},
    scaling="divide_max",
    bytes=1797 * 64 * 4,
)
IRIS = DatasetInfo(
    title="Iris",
    form="table",
    task="multiclass",
    input_shape=(4,),
    target_shape=(),
    labels="integer",
    sizes={"train": 106, "validation": 22, "test": 22},
    classes=("setosa", "versicolor", "virginica"),
    features=("sepal length", "sepal width", "petal length", "petal width"),
    target="species",
    scaling="standardize",
    input_low=-3.0,
    input_high=3.0,
)
