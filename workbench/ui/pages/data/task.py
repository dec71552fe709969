"""What is learned, in words."""

from collections.abc import Callable

from workbench.domain.dataset import DatasetInfo, LabelEncoding, Task

Translate = Callable[[str], str]


def task_titles(tr: Translate) -> dict[str, str]:
    """What a person chooses from."""
    return {
        "binary": tr("Two classes"),
        "multiclass": tr("Several classes"),
        "regression": tr("A number"),
        "reconstruction": tr("The input itself"),
        "segmentation": tr("A class a place"),
        "multilabel": tr("Several labels"),
        "multi_output": tr("Several outputs"),
    }


def task_word(info: DatasetInfo, tr: Translate) -> str:
    """What was inferred, inside a sentence."""
    if info.learns_steps:
        return tr("a class for each step") if info.classes else tr("a sequence")
    if info.task == "regression" and info.learns_places:
        return tr("a picture")
    if count_of_numbers(info) > 1:
        return tr("numbers")
    words: dict[Task, str] = {
        "binary": tr("two classes"),
        "multiclass": tr("several classes"),
        "regression": tr("a number"),
        "reconstruction": tr("the input itself"),
        "segmentation": tr("a mask"),
        "multilabel": tr("several labels"),
        "multi_output": tr("several outputs"),
    }
    return words[info.task]


def labels_word(info: DatasetInfo, tr: Translate) -> str:
    """How the labels were encoded, inside a sentence."""
    words: dict[LabelEncoding, str] = {
        "integer": tr("class numbers"),
        "one_hot": tr("one-hot"),
        "number": tr("numbers"),
        "multi_hot": tr("0 or 1 each"),
    }
    return words[info.labels]


def scaling_word(info: DatasetInfo, tr: Translate) -> str:
    """How the inputs were scaled, inside a sentence."""
    words = {
        "none": tr("none"),
        "standardize": tr("mean 0, std 1"),
        "min_max": tr("from 0 to 1"),
        "divide_255": tr("÷ 255"),
        "divide_max": tr("÷ the largest"),
    }
    return words[info.scaling]


def count_of_numbers(info: DatasetInfo) -> int:
    """How many numbers are learned at once of each sample; 0 for all that is not numbers, or has places."""
    if info.task != "regression" or len(info.target_shape) > 1:
        return 0
    return info.target_shape[0] if info.target_shape else 1


def describe_task(info: DatasetInfo, tr: Translate) -> str:
    """What is learned, in a sentence."""
    total = f"{sum((info.stream.sizes if info.stream is not None else info.sizes).values()):,}"
    sentences = {
        "binary": tr("{0} samples; one of two classes is learned (binary classification)."),
        "multiclass": tr("{0} samples; one of {1} classes is learned (multi-class classification)."),
        "regression": tr("{0} samples; a number is learned (regression)."),
        "reconstruction": tr("{0} samples; the input itself is learned (autoencoder)."),
        "segmentation": tr("{0} samples; one of {1} classes is learned for each dot (segmentation)."),
        "multilabel": tr("{0} samples; which of {1} labels each has is learned (multi-label classification)."),
        "multi_output": tr("{0} samples; {1} targets are learned, each by an output of its own."),
    }
    if info.learns_steps and info.classes:
        return tr("{0} samples; one of {1} classes is learned for each step.").format(total, len(info.classes))
    if info.learns_steps:
        return tr("{0} samples; a sequence is learned for each (regression).").format(total)
    if count_of_numbers(info) > 1:
        numbers = count_of_numbers(info)
        return tr("{0} samples; {1} numbers are learned at once (regression).").format(total, f"{numbers:,}")
    if info.task == "regression" and info.learns_places:
        return tr("{0} samples; a picture is learned for each (regression).").format(total)
    return sentences[info.task].format(total, len(info.heads) or len(info.classes))
