"""How metrics and numbers are written for a person."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from workbench.domain.dataset import DatasetInfo
from workbench.domain.folds import Spread

SHORT = frozenset({"mae", "mse", "mape", "msle", "rmse", "auc", "iou"})
VALIDATION = "val_"


def metric_title(metric: str) -> str:
    """ "mean_absolute_error" → "Mean absolute error", "mae" → "MAE", "loss" → "Loss" in the person's language."""
    if metric == "loss":
        return QCoreApplication.translate("Plots", "Loss")
    if metric == "accuracy":
        return QCoreApplication.translate("Plots", "Accuracy")
    if metric == "mean_iou":
        return QCoreApplication.translate("Plots", "Mean IoU")
    if metric.startswith(VALIDATION):
        name = metric_title(metric.removeprefix(VALIDATION))
        return QCoreApplication.translate("Plots", "Validation {0}").format(
            name if name.isupper() else name[:1].lower() + name[1:]
        )
    if metric in SHORT:
        return metric.upper()
    words = metric.replace("_", " ").strip()
    first, _, last = words.rpartition(" ")
    text = f"{first} {last.upper()}" if first and last in SHORT else words
    return text[:1].upper() + text[1:]


def told_numbers(info: DatasetInfo, values: Iterable[object]) -> list[tuple[str, str]]:
    """Several numbers that are learned at once, each with its name."""
    known = (float(str(value)) for value in values)
    return [(each.name, number(value)) for each, value in zip(info.targets, known, strict=False)]


def number(value: float | None) -> str:
    """A value with four significant digits: "0.03125", "1.2e-05", "12,345"; "–" for none."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == int(value) and abs(value) < 1e9:
        text = f"{int(value):,}"
    elif abs(value) >= 10_000:
        text = f"{value:,.0f}" if abs(value) < 1e9 else f"{value:.3e}"
    else:
        text = f"{value:.4g}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def deviation_text(spread: Spread) -> str:
    """The standard deviation with two significant digits: "± 0.026"; empty for a single value."""
    if spread.deviation is None:
        return ""
    rounded = spread.deviation if math.isnan(spread.deviation) else float(f"{spread.deviation:.2g}")
    return f"± {number(rounded)}"


def spread_text(spread: Spread) -> str:
    """The mean of a metric with its standard deviation, as far as there are several values."""
    return f"{number(spread.mean)} {deviation_text(spread)}".rstrip()
