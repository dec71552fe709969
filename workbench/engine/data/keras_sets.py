"""What the plug-ins of the Keras data sets share: their parameter, and how they tell where the file came from."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry
from workbench.engine.data.keras_files import KerasFile, places
from workbench.engine.data.params import path_of
from workbench.engine.data.raw import Params
from workbench.engine.data.source_text import text_literal

PATH = ParamEntry(
    "path", "text", optional=True, help="The file, if Keras does not have it yet and it cannot be loaded."
)
TEST_SHARE = 0.2
SEED = 113


def given_path(params: Params, folder: Path | None) -> Path | None:
    """The file that the person chose, None where there is none."""
    return path_of(str(params["path"]), folder) if params["path"] else None


def set_files(file: KerasFile, params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The files that a change of the data would show in."""
    return places(file, given_path(params, folder))


def trusted_lines(file: KerasFile, path: Path) -> list[str]:
    """Source that names the file and goes on only when it is the very one that Keras gives out, since what follows
    unpickles."""
    return [
        f"DATA = {text_literal(str(path))}",
        "",
        "# The file holds pickles, which could run code: it must be the very one that Keras gives out.",
        f'if hashlib.sha256(Path(DATA).read_bytes()).hexdigest() != "{file.digest}":',
        '    raise SystemExit("DATA is not the file that Keras gives out.")',
    ]
