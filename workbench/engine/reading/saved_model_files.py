"""The folder of a SavedModel, taken out of a ZIP where it comes in one."""

import contextlib
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from workbench.domain.machine import memory_bytes
from workbench.engine.errors import EngineError

GRAPH_FILE = "saved_model.pb"
KERAS_2_FILE = "keras_metadata.pb"
_FILES = (GRAPH_FILE, KERAS_2_FILE)
_FOLDERS = ("variables", "assets.extra")
_MOST_MEMBERS = 2_000
_MOST_PACKED = 200  # weights that are all alike shrink so far; what a bomb is made of shrinks a thousandfold
_SPARE = 16 * 1024 * 1024


def is_saved_model(path: Path) -> bool:
    """Whether a path is that of a SavedModel: its folder, a file in it, or a ZIP."""
    return path.is_dir() or path.name in _FILES or path.suffix.lower() == ".zip"


@contextlib.contextmanager
def folder_of(path: Path) -> Iterator[Path]:
    """The folder for as long as it is needed. Raises EngineError where it holds no SavedModel, or one too large."""
    if path.suffix.lower() == ".zip" and path.is_file():
        with tempfile.TemporaryDirectory(prefix="saved-model-") as place, _archive(path) as archive:
            _unpack(path, archive, Path(place))
            yield Path(place)
        return
    folder = path.parent if path.name in _FILES else path
    if not (folder / GRAPH_FILE).is_file():
        raise EngineError(f"{folder} has no {GRAPH_FILE}, so it is no SavedModel. Choose another folder.")
    size = sum(file.stat().st_size for file in (folder / "variables").glob("*") if file.is_file())
    if size > memory_bytes() // 2:
        raise EngineError(f"{path.name} is too large to open here: its weights have {size:,} bytes.")
    yield folder


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise EngineError(f"{path.name} is damaged or no ZIP file. Choose another one.", str(error)) from error


def _unpack(path: Path, archive: zipfile.ZipFile, place: Path) -> None:
    """Take out what a SavedModel has, each file under a name of ours, so that no path of the archive is followed."""
    members = archive.infolist()
    graphs = [PurePosixPath(member.filename) for member in members if member.filename.endswith(GRAPH_FILE)]
    graphs = [graph for graph in graphs if graph.name == GRAPH_FILE]
    if len(graphs) != 1 or len(members) > _MOST_MEMBERS:
        raise EngineError(f"{path.name} does not hold one SavedModel. Choose a ZIP with the folder of one.")
    top = graphs[0].parent
    wanted = [(member, inner) for member in members if (inner := _inside(member.filename, top)) is not None]
    size = sum(member.file_size for member, _ in wanted)
    packed = sum(member.compress_size for member, _ in wanted)
    if size > memory_bytes() // 2 or size > _MOST_PACKED * packed + _SPARE:
        raise EngineError(f"{path.name} is too large to open here: unpacked it has {size:,} bytes.")
    if size > shutil.disk_usage(place).free // 2:
        raise EngineError(f"There is not enough room on the disk to unpack {path.name}, which has {size:,} bytes.")
    for member, inner in wanted:
        target = place / inner
        target.parent.mkdir(exist_ok=True)
        with archive.open(member) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)


def _inside(name: str, top: PurePosixPath) -> str | None:
    """The place of a member within the SavedModel, None for what is not needed."""
    try:
        inner = PurePosixPath(name).relative_to(top)
    except ValueError:
        return None
    parts = inner.parts
    if name.endswith("/") or ".." in parts or inner.is_absolute():
        return None
    known = (len(parts) == 1 and parts[0] in _FILES) or (len(parts) == 2 and parts[0] in _FOLDERS)
    return str(inner) if known else None
