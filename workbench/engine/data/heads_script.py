"""Writes the Python source that defines `y` of several targets of any kind, beside one another."""

from workbench.engine.data.labels import Target
from workbench.engine.data.source_text import comment
from workbench.engine.data.table import Selection


def heads_lines(selection: Selection, target: Target) -> str:
    """Source that goes on from `rows` and `x`: drops what misses a target and numbers the classes."""
    assert selection.target is not None
    assert selection.target_position is not None
    columns = ((selection.target_position, selection.target), *selection.more_targets)
    lines = ["targets = ["]
    for position, column in columns:
        text = column.codes is not None
        read = (
            f"np.array([row[{position}].strip() for row in rows])"
            if text
            else f"numbers({position}, {position + 1})[:, 0]"
        )
        lines.append(f"    {read},  # {comment(column.name)}")
    lines.append("]")
    if selection.dropped:
        lines += _dropping(selection, [column.codes is not None for _, column in columns])
    taken = [
        f"np.unique(targets[{place}], return_inverse=True)[1]" if head.classes else f"targets[{place}]"
        for place, head in enumerate(target.heads)
    ]
    return (
        "\n".join([*lines, "y = np.column_stack(", "    [", *(f"        {each}," for each in taken), "    ]", ")"])
        + "\n"
    )


def _dropping(selection: Selection, texts: list[bool]) -> list[str]:
    known = "~np.isnan(x).any(axis=1)" if not selection.has_missing else "np.ones(len(x), dtype=bool)"
    lines = [f"complete = {known}"]
    for place, text in enumerate(texts):
        has = f"np.array([cell.lower() not in MISSING for cell in targets[{place}]])"
        lines.append(f"complete &= {has}" if text else f"complete &= ~np.isnan(targets[{place}])")
    return [*lines, "x, targets = x[complete], [target[complete] for target in targets]"]
