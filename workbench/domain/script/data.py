"""The data part of the script: the source's own text, then the text that prepares its arrays for training."""

import re

from workbench.domain.dataset import DatasetInfo

_STANDARD = frozenset(
    {"csv", "datetime", "gzip", "io", "json", "math", "os", "pathlib", "re", "sqlite3", "string", "tarfile", "zipfile"}
) | {"contextlib", "functools", "runpy"}


def is_import(line: str) -> bool:
    """Whether a line of source is an import at its top."""
    return line.startswith(("import ", "from "))


def data_imports(info: DatasetInfo | None) -> tuple[set[str], set[str]]:
    """The imports that the data part needs: of the standard library, and others."""
    lines = {line.strip() for text in _texts(info) for line in text.splitlines() if is_import(line)}
    standard = {line for line in lines if line.split()[1].split(".")[0] in _STANDARD}
    return standard, lines - standard


def data_lines(info: DatasetInfo) -> list[list[str]]:
    """The sections of the data part without their imports, which stand at the top of the script."""
    sections = []
    for text in _texts(info):
        lines = [line for line in text.splitlines() if not is_import(line)]
        joined = re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")
        if joined:
            sections.append(joined.split("\n"))
    return sections


def _texts(info: DatasetInfo | None) -> tuple[str, ...]:
    return () if info is None else (info.script, info.preparation)
