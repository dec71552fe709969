"""The parameters by which a person says how a text table is written, for all sources that read one."""

from workbench.domain.catalogue import ParamEntry
from workbench.engine.data.csv_format import DELIMITERS, MISSING, Wishes
from workbench.engine.data.params import text, texts
from workbench.engine.data.raw import Params

FORMAT_PARAMS = (
    ParamEntry(
        "delimiter",
        "choice",
        "auto",
        choices=("auto", *DELIMITERS.values()),
        choice_titles=("As detected", *(name.capitalize() for name in DELIMITERS.values())),
        help="What stands between two cells.",
    ),
    ParamEntry(
        "header",
        "choice",
        "auto",
        choices=("auto", "yes", "no"),
        choice_titles=("As detected", "First row", "None"),
        help="Whether the first row names the columns.",
    ),
    ParamEntry(
        "decimal",
        "choice",
        "auto",
        choices=("auto", "point", "comma"),
        choice_titles=("As detected", "Point", "Comma"),
        title="Decimal sign",
        help="The decimal sign of the numbers.",
    ),
    ParamEntry(
        "encoding",
        "choice",
        "auto",
        choices=("auto", "utf-8", "utf-16", "latin-1"),
        choice_titles=("As detected", "UTF-8", "UTF-16", "Latin-1"),
        help="How letters are stored.",
        advanced=True,
    ),
    ParamEntry(
        "missing_values",
        "texts",
        MISSING,
        title="Cells that are missing",
        help="Cells that mean: there is no value.",
        advanced=True,
    ),
)
BAD_NUMBERS = ParamEntry(
    "bad_numbers",
    "choice",
    "error",
    choices=("error", "missing"),
    choice_titles=("Is an error", "Is missing"),
    title="Text among numbers",
    help="What to do with text in a column of numbers: stop with an error, or take it as missing.",
)


def wishes_of(params: Params) -> Wishes:
    """What the person says of the file's format."""
    delimiters = {name: sign for sign, name in DELIMITERS.items()}
    encoding, header = text(params, "encoding"), text(params, "header")
    return Wishes(
        encoding=None if encoding == "auto" else {"utf-8": "utf-8-sig"}.get(encoding, encoding),
        delimiter=delimiters.get(text(params, "delimiter")),
        header=None if header == "auto" else header == "yes",
        decimal={"point": ".", "comma": ","}.get(text(params, "decimal")),
        missing=texts(params, "missing_values"),
    )
