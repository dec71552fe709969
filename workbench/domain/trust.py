"""What a project may do only when the person allows it: run Python code of its own, or ask another machine.

Allowances are kept on this machine, outside of all projects: by the project's folder, what it wants (a file of code, an
address, its own parts), and the hash of the code, or of all that is asked of the address. So changed code is asked for
again. What the person makes here is theirs: parts are allowed as they write them; a data file made by the window, and
one of which they said so, may change without another question; an address typed in is allowed as it is typed. A project
that is saved elsewhere takes its allowances along.
"""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from workbench.domain.catalogue import SourceEntry
from workbench.domain.files import UNREADABLE, StoreError, read_bounded, write_atomically
from workbench.domain.parts.spec import Parts
from workbench.domain.places import config_folder
from workbench.domain.values import Value

MAX_CODE = 1 << 20
PARTS = "own parts"
ONCE_ALLOWED = "only once you allow it"
"""What every sentence about something that is not allowed says of it."""
OFF = f"runs {ONCE_ALLOWED}"
"""What every sentence about own parts that are not allowed says of them."""
_FILE = "trust.json"
_MAX_BYTES = 1 << 20
_MOST = 1_000
_MOST_TEXTS = 100  # of the parts of one project
_allowed_here = False


class Demand(msgspec.Struct, frozen=True):
    """What a project wants to do. `what` is the absolute path of a file of code, or an address; `content` a hash;
    `code` is what stands in the file, None for an address."""

    folder: str
    what: str
    content: str
    code: bytes | None = None


class Allowance(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person allowed to the project in a folder. `content` None allows whatever is in the file."""

    folder: str
    what: str
    content: str | None = None


class _Kept(msgspec.Struct, frozen=True):
    allowances: tuple[Allowance, ...] = ()


def demand_of(entry: SourceEntry, params: Mapping[str, Value], folder: Path | None) -> Demand | None:
    """What a source needs to be allowed, None where there is nothing to ask. An address outside of a project was typed
    by the person, who need not be asked. Raises StoreError on code that cannot be read, or is not UTF-8."""
    if entry.code:
        path = code_path(params, folder)
        code = read_bounded(path, MAX_CODE)
        if not _is_utf8(code):
            raise StoreError(f"{path.name} is not written in UTF-8. Save it so, and load again.")
        return Demand(_name(folder), str(path), hashlib.sha256(code).hexdigest(), code)
    if entry.remote and folder is not None:
        asking = [param for param in entry.params if param.name != "reading"]  # how much is held asks nothing else
        every = {param.name: params.get(param.name, param.default) for param in asking}
        asked = msgspec.json.encode(every, order="sorted")
        return Demand(_name(folder), str(params.get("url")), hashlib.sha256(asked).hexdigest())
    return None


def code_text(code: bytes) -> str:
    """The text of code, which is UTF-8 whatever it says of itself: another encoding could hide what will run."""
    return code.decode("utf-8-sig")


def shown_code(code: bytes) -> str:
    """The text of code to be read by a person: what would be invisible, or change the direction of the text, is written
    out."""
    text = code_text(code).replace("\r\n", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in text)


def _is_utf8(code: bytes) -> bool:
    try:
        code_text(code)
    except UnicodeDecodeError:
        return False
    return True


def code_path(params: Mapping[str, Value], folder: Path | None) -> Path:
    """The file of code that the parameters of a source name; a relative path starts from the project's folder. Raises
    StoreError where none is named."""
    given = params.get("path")
    if not isinstance(given, str) or not given.strip() or "\0" in given:
        raise StoreError("No file of code is named. Choose one.")
    try:
        path = Path(given).expanduser()
    except RuntimeError:
        raise StoreError(f"The folder that {given} starts with is not known. Give the whole path.") from None
    return (folder / path if folder is not None else path).absolute()


def is_allowed(demand: Demand) -> bool:
    """Whether the person allowed this, by the window or for this call of the command line."""
    return _allowed_here or allowance_of(demand) is not None


def allow(demand: Demand, *, whatever_it_holds: bool = False) -> None:
    """Keep that the person allows this, in the place of what they allowed of it before. Raises OSError."""
    restore([Allowance(demand.folder, demand.what, None if whatever_it_holds else demand.content)])


def allowance_of(demand: Demand) -> Allowance | None:
    """What the person allowed of this, None where they did not."""
    found = [kept for kept in _allowances() if (kept.folder, kept.what) == (demand.folder, demand.what)]
    return next((kept for kept in found if kept.content in (None, demand.content)), None)


def parts_demand(parts: Parts, folder: Path | None) -> Demand:
    """What a project's own parts need to be allowed: their very text. Each text is kept by itself, so that what was
    trained with an earlier one can still be opened."""
    content = hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
    code = "\n\n".join(f"# {part.file}\n\n{part.source}" for part in parts)
    return Demand(_name(folder), f"{PARTS} {content[:16]}", content, code.encode())


def parts_allowed(parts: Parts, folder: Path | None) -> bool:
    """Whether the parts of the project in this folder may run, which each text has to be allowed to."""
    return not parts or is_allowed(parts_demand(parts, folder))


def allow_parts(parts: Parts, folder: Path | None) -> None:
    """Keep that the person allows the text of these parts, or wrote it. Raises OSError."""
    demand = parts_demand(parts, folder)
    if not parts_allowed(parts, folder):
        kept = [each for each in _allowances() if each.folder == demand.folder and each.what.startswith(PARTS)]
        withdraw(kept[: max(0, len(kept) + 1 - _MOST_TEXTS)])
        allow(demand)


def forget_parts(parts: Parts, folder: Path | None) -> None:
    """No longer keep that this text was allowed, as one that only stood there while the next was typed. Raises
    OSError."""
    found = allowance_of(parts_demand(parts, folder))
    if found is not None:
        withdraw([found])


def withdraw_parts(folder: Path | None) -> None:
    """No own part of the project in this folder may run any longer. Raises OSError."""
    name = _name(folder)
    withdraw([each for each in _allowances() if each.folder == name and each.what.startswith(PARTS)])


def withdraw(allowances: Sequence[Allowance]) -> None:
    """These are no longer allowed, and asked for again. Raises OSError."""
    _keep(_others(allowances))


def restore(allowances: Sequence[Allowance]) -> None:
    """Allow again what was withdrawn, just as it was. Raises OSError."""
    _keep([*_others(allowances), *allowances])


def follow(before: Path, after: Path) -> None:
    """The person saved a project elsewhere: what was allowed to it is allowed there, its own files among it. Raises
    OSError."""
    old, new = _name(before), _name(after)
    moved = [
        Allowance(new, _moved(kept.what, before, after), kept.content)
        for kept in _allowances()
        if kept.folder == old and old != new
    ]
    if moved:
        _keep([kept for kept in _allowances() if kept.folder != new] + moved)


@contextlib.contextmanager
def allowed_here() -> Iterator[None]:
    """Allow everything in this process for a while: what `--trust` of the command line means."""
    global _allowed_here
    before, _allowed_here = _allowed_here, True
    try:
        yield
    finally:
        _allowed_here = before


def _moved(what: str, before: Path, after: Path) -> str:
    path = Path(what)
    return (
        str(after.absolute() / path.relative_to(before.absolute())) if path.is_relative_to(before.absolute()) else what
    )


def _name(folder: Path | None) -> str:
    return "" if folder is None else str(folder.resolve())


def _allowances() -> tuple[Allowance, ...]:
    """A file that is not there, or damaged, allows nothing."""
    try:
        return msgspec.json.decode(read_bounded(config_folder() / _FILE, _MAX_BYTES), type=_Kept).allowances
    except (StoreError, OSError, msgspec.ValidationError, *UNREADABLE):
        return ()


def _others(than: Sequence[Allowance]) -> list[Allowance]:
    """What is allowed beside these, whatever is in their files."""
    left_out = {(each.folder, each.what) for each in than}
    return [kept for kept in _allowances() if (kept.folder, kept.what) not in left_out]


def _keep(allowances: list[Allowance]) -> None:
    data = msgspec.json.encode(_Kept(tuple(allowances[-_MOST:])))
    write_atomically(config_folder() / _FILE, msgspec.json.format(data))
