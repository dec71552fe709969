"""The text of one file of a project's own parts.

It lies in the project file, not beside it: so it is undone, autosaved, copied and kept with each run as the rest of the
project is, and the code of a run is always the one that it was trained with. Exports write it as files.
"""

from typing import Annotated

import msgspec

MOST_PARTS = 50
LONGEST_SOURCE = 64 * 1024
NAME = r"^[a-z][a-z0-9_]{0,39}$"


class PartSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: `name` is that of the module, `source` its Python text with at most `LONGEST_SOURCE` characters."""

    name: Annotated[str, msgspec.Meta(pattern=NAME)]
    source: Annotated[str, msgspec.Meta(max_length=LONGEST_SOURCE)]

    @property
    def file(self) -> str:
        """What the file is called where it is written or spoken of."""
        return f"{self.name}.py"


Parts = tuple[PartSpec, ...]
