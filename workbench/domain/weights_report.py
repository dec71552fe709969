"""What came of taking weights from elsewhere: which layers got some, which could not, and why."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

MatchBy: TypeAlias = Literal["name", "topology"]
_SHOWN = 8


class Taken(msgspec.Struct, frozen=True):
    """A layer of the network and the layer of the source whose weights it takes; `detail` says why they do not fit."""

    layer: str
    source: str
    detail: str = ""


class WeightsReport(msgspec.Struct, frozen=True):
    """`title` names the source. `missing` are layers of the network that nothing was found for, `unused` layers of the
    source that nothing took."""

    title: str
    by: MatchBy
    taken: tuple[Taken, ...] = ()
    misfits: tuple[Taken, ...] = ()
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All in one sentence, and what to do where nothing was taken."""
        count = len(self.taken)
        of = count + len(self.misfits) + len(self.missing)
        if count:
            verb = "start" if count > 1 else "starts"
            return f"{count:,} of {of:,} layers {verb} with weights from {self.title}."
        other = "in their order" if self.by == "name" else "by their names"
        return f"No layer could take weights from {self.title}. Try to match them {other}."

    def lines(self, most: int = _SHOWN) -> tuple[str, ...]:
        """The rest in lines for a person, each with at most so many layers."""
        taken = [each.layer if each.layer == each.source else f"{each.layer} ← {each.source}" for each in self.taken]
        misfits = [f"{each.layer} ← {each.source} ({each.detail})" for each in self.misfits]
        parts = (
            ("Taken", taken),
            ("Does not fit, so it starts afresh", misfits),
            ("Nothing found, so it stays as it is", self.missing),
            ("Not used", self.unused),
        )
        return tuple(f"{title}: {_listed(names, most)}" for title, names in parts if names)


def _listed(names: Sequence[str], most: int) -> str:
    more = f", and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
