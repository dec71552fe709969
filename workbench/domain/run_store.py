"""The runs of a project on disk: a folder each, never overwritten, deleted only into a trash."""

import math
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import msgspec

from workbench.domain import project_file
from workbench.domain.files import UNREADABLE, StoreError, read_bounded, write_atomically
from workbench.domain.processes import is_process_alive, process_started
from workbench.domain.project import Project
from workbench.domain.run import RunRecord

RUN_FILE = "run.json"
MODEL_FILE = "model.keras"
BEST_FILE = "best.weights.h5"
_PROJECT_FILE = "project.json"
MAX_RUN_BYTES = 1024 * 1024
# Where the system does not tell when a process started, a number used again is told by a heartbeat older than this.
HEARTBEAT_SECONDS = 600.0
CLOCK_SLACK = 5.0

# JSON has no NaN and no infinity, so a diverged run keeps them as text, which this decoder takes for numbers.
_decoder = msgspec.json.Decoder(RunRecord, strict=False)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TIME = "%Y%m%d-%H%M%S-%f"


class RunStore:
    """Reads and writes the run folders below `runs_folder`. Errors are StoreError with a sentence, or OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs_folder = path / "runs"
        self.trash_folder = path / "trash"

    def new_run_id(self) -> str:
        """An id no run has yet. Ids in the order of their time are in the order of text."""
        while True:
            moment = datetime.now(UTC).strftime(_TIME)[:-3]
            run_id = f"{moment}-{secrets.token_hex(4)}"
            if not self.run_folder(run_id).exists():
                return run_id

    def run_folder(self, run_id: str) -> Path:
        """The folder of a run, there or not. Raises StoreError on what cannot be the id of a run."""
        if not _ID.fullmatch(run_id):
            raise StoreError(f"{run_id[:100]!r} is not the name of a run.")
        return self.runs_folder / run_id

    def create_run(self, record: RunRecord, files: Mapping[str, bytes] = MappingProxyType({})) -> Path:
        """A new folder with this record and these files in it: all of them, or, on a full disk or after a kill, none.

        Raises StoreError when the run is there already, OSError when it cannot be written.
        """
        folder = self.run_folder(record.id)
        beside = self.runs_folder / f".{record.id}.{secrets.token_hex(4)}"  # a name that no run can have
        beside.mkdir(parents=True)
        try:
            for name, data in files.items():
                write_atomically(beside / name, data)
            write_atomically(beside / RUN_FILE, _encoded(record))
            if folder.exists():
                raise StoreError(f"The run {record.id} is there already. Nothing was overwritten.")
            beside.rename(folder)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return folder

    def list_runs(self) -> list[RunRecord]:
        """All runs, newest first. One that cannot be read stands among them with what is wrong as its message."""
        return [self._read_or_damaged(run_id) for run_id in sorted(self._ids(), reverse=True)]

    def newest_run(self) -> RunRecord:
        """The run that was started last. Raises StoreError when there is none, or when it is damaged."""
        ids = self._ids()
        if not ids:
            raise StoreError("This project has no runs yet. Train it first.")
        return self.read_run(max(ids))

    def read_run(self, run_id: str) -> RunRecord:
        """The record of a run. Raises StoreError when it is not there or damaged."""
        folder = self.run_folder(run_id)
        if not folder.is_dir():
            raise StoreError(f"There is no run {run_id}. Look into the list of runs for its name.")
        data = read_bounded(folder / RUN_FILE, MAX_RUN_BYTES)
        try:
            record = _decoder.decode(data)
        except UNREADABLE as error:
            raise StoreError(f"The run {run_id} is damaged: its {RUN_FILE} cannot be read ({error}).") from error
        seconds = record.seconds if math.isfinite(record.seconds) else 0.0
        return msgspec.structs.replace(record, id=run_id, seconds=seconds)

    def project_of_run(self, run_id: str) -> Project:
        """The project as a run was trained. Raises StoreError."""
        return project_file.read(self.run_folder(run_id) / _PROJECT_FILE)

    def write_run(self, record: RunRecord) -> None:
        """Write the record of a run; its folder is made when it is not there. Raises OSError."""
        folder = self.run_folder(record.id)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / RUN_FILE, _encoded(record))

    def rename_run(self, run_id: str, name: str) -> RunRecord:
        """Give a run another name. Its id and folder stay."""
        record = self.read_run(run_id)
        self._refuse_alive(record, "renamed")
        renamed = msgspec.structs.replace(record, name=name.strip()[:200] or record.id)
        self.write_run(renamed)
        return renamed

    def delete_run(self, run_id: str) -> None:
        """Move a run to the trash, from where `restore_run` brings it back."""
        folder = self.run_folder(run_id)
        if not folder.is_dir():
            raise StoreError(f"There is no run {run_id}. It may have been deleted already.")
        self._refuse_alive(self._read_or_damaged(run_id), "deleted")
        self.trash_folder.mkdir(parents=True, exist_ok=True)
        folder.rename(self.trash_folder / run_id)

    def restore_run(self, run_id: str) -> None:
        """Bring a deleted run back."""
        target = self.run_folder(run_id)
        trashed = self.trash_folder / run_id
        if not trashed.is_dir() or target.exists():
            raise StoreError(f"The run {run_id} is not in the trash any more.")
        self.runs_folder.mkdir(parents=True, exist_ok=True)
        trashed.rename(target)

    def has_living_run(self) -> bool:
        """Whether a process trains in this folder now."""
        return any(is_alive(record) for record in self.list_runs())

    def _ids(self) -> list[str]:
        try:
            with os.scandir(self.runs_folder) as entries:
                return [entry.name for entry in entries if _ID.fullmatch(entry.name) and entry.is_dir()]
        except FileNotFoundError:
            return []

    def _refuse_alive(self, record: RunRecord, done: str) -> None:
        if is_alive(record):
            raise StoreError(f"The run {record.name} is still training, so it cannot be {done}. Stop it first.")

    def _read_or_damaged(self, run_id: str) -> RunRecord:
        try:
            return self.read_run(run_id)
        except StoreError as error:
            return damaged_run(run_id, str(error))


def damaged_run(run_id: str, message: str) -> RunRecord:
    """What stands in the list for a run whose record cannot be read."""
    try:
        started = datetime.strptime(run_id[:15], _TIME[:-3]).replace(tzinfo=UTC).isoformat()
    except ValueError:
        started = ""
    return RunRecord(
        id=run_id,
        name=run_id,
        status="ended",
        started=started,
        seed=0,
        epochs_planned=0,
        reason="failed",
        message=message,
    )


def is_alive(record: RunRecord) -> bool:
    """Whether the process that trains this run still lives on this machine."""
    if record.status == "ended" or record.pid is None or not is_process_alive(record.pid):
        return False
    beat = _seconds(record.heartbeat or record.started)
    started = process_started(record.pid)
    if started is not None:
        return beat is None or started <= beat + CLOCK_SLACK
    return beat is not None and datetime.now(UTC).timestamp() - beat < HEARTBEAT_SECONDS


def is_resumable(record: RunRecord, epochs: int | None = None) -> bool:
    """Whether training can go on where this run was left: it did not end, or was stopped or failed with epochs left.

    With `epochs`, so many in all, one that ended of itself can go on too.
    """
    if record.status != "ended":
        return not is_alive(record)
    reasons = ("stopped", "failed") if epochs is None else ("stopped", "failed", "completed", "early_stopping")
    planned = record.epochs_planned if epochs is None else epochs
    return record.reason in reasons and record.epochs_done < planned and record.steps_done > 0


def _encoded(record: RunRecord) -> bytes:
    fields = msgspec.to_builtins(record) | {"last": _as_json(record.last), "best": _as_json(record.best)}
    return msgspec.json.format(msgspec.json.encode(fields), indent=1) + b"\n"


def _as_json(metrics: dict[str, float]) -> dict[str, float | str]:
    return {name: value if math.isfinite(value) else str(value) for name, value in metrics.items()}


def _seconds(moment: str) -> float | None:
    try:
        time = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
