"""The parameters by which a person says how clips are brought to one length, for all sources that read frames."""

from workbench.domain.catalogue import ParamEntry
from workbench.engine.data.clip_folder import FEWEST


def length_params(frames: str, clip: str, shorter: str) -> tuple[ParamEntry, ...]:
    """How many `frames` of a `clip` are taken, and which; `shorter` is the sentence on clips that have fewer."""
    each = frames.lower()
    return (
        ParamEntry(
            "length",
            "int",
            optional=True,
            low=FEWEST,
            high=1024,
            title=f"{frames} a {clip}",
            help=f"How many {each} each {clip} has in the end; the commonest number when left empty.",
        ),
        ParamEntry(
            "how",
            "choice",
            "spread",
            choices=("spread", "first"),
            choice_titles=("Spread evenly", "The first ones"),
            title=f"{frames} to take",
            help=f"Of longer {clip}s: {each} spread evenly from the first to the last, or the first ones. {shorter}",
        ),
    )
