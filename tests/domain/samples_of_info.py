"""Data sets as the engine would describe them, for tests of the domain."""

from workbench.domain.dataset import DatasetInfo


def pictures(classes: int = 10, shape: tuple[int, ...] = (8, 8, 1), train: int = 1257, **more: object) -> DatasetInfo:
    fields: dict[str, object] = {
        "title": "Pictures",
        "form": "pictures",
        "task": "multiclass",
        "input_shape": shape,
        "target_shape": (),
        "labels": "integer",
        "sizes": {"train": train, "validation": train // 5, "test": train // 5},
        "classes": tuple(str(number) for number in range(classes)),
        "class_counts": {"train": tuple([train // classes] * classes)},
        "scaling": "divide_255",
    }
    return DatasetInfo(**(fields | more))  # type: ignore[arg-type]


def table(
    task: str = "multiclass", features: int = 4, classes: int = 3, train: int = 105, **more: object
) -> DatasetInfo:
    numbers = task == "regression"
    fields: dict[str, object] = {
        "title": "Table",
        "form": "table",
        "task": task,
        "input_shape": (features,),
        "target_shape": (1,) if numbers else (),
        "labels": "number" if numbers else "integer",
        "sizes": {"train": train, "validation": train // 5, "test": train // 5},
        "classes": () if numbers else tuple("abcdefghij"[:classes]),
        "class_counts": {} if numbers else {"train": tuple([train // classes] * classes)},
        "input_low": -3.0,
        "input_high": 3.0,
        "scaling": "standardize",
    }
    return DatasetInfo(**(fields | more))  # type: ignore[arg-type]
