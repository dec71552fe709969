"""What the axes of an array of samples mean."""

from workbench.domain.dataset import Form

_PICTURE = ("height", "width", "channel")
_SERIES = ("step", "feature")
CHANNELS = {3: ("red", "green", "blue"), 4: ("red", "green", "blue", "opacity")}


def sample_axes(form: Form, rank: int, *, tokens: bool = False) -> tuple[str, ...]:
    """What the axes of one sample of this rank mean. `tokens` says that its numbers stand for the tokens of a text."""
    if form == "pictures" and rank in (2, 3):
        return _PICTURE[:rank]
    if form in ("pictures", "volumes") and rank == 4:
        return ("frame", *_PICTURE)
    if form in ("series", "arrays") and rank == 2:
        return _SERIES
    if form == "text" and rank == 1:
        return ("token",) if tokens else ("word",)
    if rank == 1:
        return ("feature",)
    return tuple(f"axis {place + 1}" for place in range(rank))
