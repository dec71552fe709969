"""Which data a project begins with whose network came from elsewhere."""

from collections.abc import Sequence

from workbench.domain.reading.calls import Calls

# The bundled data whose samples have this shape; of other shapes a person chooses data later.
_DATA_OF = {(8, 8, 1): "digits", (28, 28, 1): "fashion_mnist", (4,): "iris", (13,): "wine", (30,): "breast_cancer"}


def suitable_source(calls: Calls) -> str:
    """The kind of the bundled data that fit the only input of a network; "digits" where none do."""
    return source_of_shapes([call.shape for call in calls.calls if call.is_input])


def source_of_shapes(shapes: Sequence[tuple[int | None, ...] | None]) -> str:
    """The same for inputs of these shapes, without the batch."""
    return _DATA_OF.get(tuple(size or 0 for size in shapes[0] or ()), "digits") if len(shapes) == 1 else "digits"
