"""Writes the Python source that takes the data out of a person's own file, as the workbench does."""

from collections.abc import Mapping
from pathlib import Path

from workbench.engine.data.own_code_arrays import BATCH
from workbench.engine.data.source_text import text_literal


def opening(path: Path, way: str) -> list[str]:
    """Lines that call `load()`, in the folder of the file, as it may read others beside it."""
    lines = [
        "import contextlib",
        "import runpy",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "",
        f"DATA = {text_literal(str(path))}",
        "",
        "with contextlib.chdir(Path(DATA).parent):",
        '    loaded = runpy.run_path(DATA)["load"]()',
    ]
    if way in ("samples", "batches"):
        batched = f"loaded.batch({BATCH})" if way == "samples" else "loaded"
        lines.append(f"    batches = list({batched}.as_numpy_iterator())")
    return lines


def taking(given: Mapping[str, str], way: str, x_is_text: bool, y_is_text: bool) -> list[str]:
    """Lines that take `x`, `y` (`x_test`, `y_test`) out of what was returned; `given` says which array is which."""
    lines: list[str] = []
    sources = {name: name for name in given}
    if way == "pairs":
        lines.append("(x, y), (x_test, y_test) = loaded")
    elif way == "pair":
        lines.append("x, y = loaded")
    elif way == "dict":
        sources = {variable: f"loaded[{text_literal(name)}]" for variable, name in given.items()}
    else:
        places = {"x": 0, "y": 1}
        sources = {name: f"np.concatenate([batch[{place}] for batch in batches])" for name, place in places.items()}
    texts = {name for name in given if (x_is_text if name.startswith("x") else y_is_text)}
    if texts:
        decoded = "    return value.decode() if isinstance(value, bytes) else str(value)"
        lines += ["", "", "def text(value):", decoded, "", ""]
    for name, source in sources.items():
        if name not in texts:
            lines.append(f"{name} = np.asarray({source})")
        else:
            kind = ", dtype=object" if name.startswith("x") else ""
            lines.append(f"{name} = np.array([text(each) for each in {source}]{kind})")
    return lines
