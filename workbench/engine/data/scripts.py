"""Writes the Python source that reads the data of a project."""

from workbench.domain.dataset import DatasetSpec
from workbench.engine.data import labels
from workbench.engine.data.choice import Choice
from workbench.engine.data.raw import RawData
from workbench.engine.data.table_script import table_script


def source_script(spec: DatasetSpec, raw: RawData, choice: Choice, target: labels.Target) -> str:
    """The source's own script, with the lines that number the classes where those are not numbers yet."""
    if choice.selection is not None:
        bad_is_missing = spec.source.params.get("bad_numbers") == "missing"
        return table_script(choice.selection, target, bad_is_missing)
    lines = [raw.script.rstrip()]
    if choice.y is None:
        return lines[0] + "\n"
    own_test = raw.y_test is not None
    if choice.y.ndim == 2 and choice.y.shape[1] == 1:
        lines.append("y, y_test = y[:, 0], y_test[:, 0]" if own_test else "y = y[:, 0]")
    if target.of_places and target.values.ndim != choice.y.ndim:  # one number a dot, with or without its own axis
        change = "{}[..., 0]" if target.values.ndim < choice.y.ndim else "{}[..., None]"
        lines += [f"{name} = {change.format(name)}" for name in (("y", "y_test") if own_test else ("y",))]
    if target.renumbered and own_test:
        lines.append("classes, numbers = np.unique(np.concatenate([y, y_test]), return_inverse=True)")
        lines.append("y, y_test = numbers[: len(x)], numbers[len(x) :]")
    elif target.renumbered:
        lines.append("classes, y = np.unique(y, return_inverse=True)")
    return "\n".join(lines) + "\n"
