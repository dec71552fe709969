"""Names for layers that come from elsewhere: as they were, but valid, and each once."""

from workbench.domain.naming import valid
from workbench.domain.reading.calls import Call


class FreeNames:
    """Gives out names for one network."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, call: Call) -> str:
        """The name of a layer, with that of its model before it where another layer is called so too."""
        name = valid(call.name)
        if name in self._taken and call.group:
            name = valid(f"{call.group[-1]}_{name}")
        stem, number = name, 2
        while name in self._taken:
            name, number = f"{stem}_{number}", number + 1
        self._taken |= {name} if name else set()
        return name
