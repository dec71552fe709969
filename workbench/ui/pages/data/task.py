"""What is learned, in words."""

from collections.abc import Callable

from workbench.domain.dataset import DatasetInfo, Task

Translate = Callable[[str], str]


def task_titles(tr: Translate) -> dict[Task, str]:
    """What a person chooses from."""
    return {
        "binary": tr("Two classes"),
        "multiclass": tr("Several classes"),
        "regression": tr("Regression (a number)"),
        "reconstruction": tr("The input itself"),
    }


def task_words(tr: Translate) -> dict[Task, str]:
    """What was inferred, inside a sentence."""
    return {
        "binary": tr("two classes"),
        "multiclass": tr("several classes"),
        "regression": tr("a number"),
        "reconstruction": tr("the input itself"),
    }


def describe_task(info: DatasetInfo, tr: Translate) -> str:
    """What is learned, in a sentence."""
    sentences = {
        "binary": tr("{0} samples; one of two classes is learned (binary classification)."),
        "multiclass": tr("{0} samples; one of {1} classes is learned (multi-class classification)."),
        "regression": tr("{0} samples; a number is learned (regression)."),
        "reconstruction": tr("{0} samples; the input itself is learned (autoencoder)."),
    }
    return sentences[info.task].format(f"{sum(info.sizes.values()):,}", len(info.classes))
