"""The parameters by which a person says how pictures are made alike, for all sources that read folders of them."""

from workbench.domain.catalogue import ParamEntry

FOLDER = ParamEntry("path", "text", required=True, help="The folder, absolute or from the project's folder.")

CLASSES = ParamEntry(
    "classes", "texts", (), title="Names of the classes", help="In the order of their values, darkest first."
)


def size_param(what: str = "pictures") -> ParamEntry:
    """Height and width of `what` is read."""
    return ParamEntry(
        "size",
        "ints",
        optional=True,
        dimensions=2,
        low=1,
        high=1024,
        help=f"Height and width of all {what}; the most common ones, but at most 128 dots, when left empty.",
    )


def colour_param(what: str = "pictures") -> ParamEntry:
    """Grey or colours, for `what` is read."""
    return ParamEntry(
        "colour",
        "choice",
        "auto",
        choices=("auto", "grey", "colour"),
        choice_titles=("As detected", "Grey", "Colour"),
        title="Colours",
        help=f"Grey or in colour. Grey is detected where all {what} are grey.",
    )
