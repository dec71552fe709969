"""Temporary files of the engine: in a folder of its own that goes with it, even when it is killed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.domain.lock import FolderLock
from workbench.domain.temporary import PREFIX, VARIABLES, remove_left_behind

ROOT = Path(__file__).parents[2]
ENGINE = """
import sys, tempfile
from workbench.domain.temporary import work_in_own_folder
folder = work_in_own_folder()
file = tempfile.NamedTemporaryFile(prefix="__autograph_generated_file", suffix=".py", delete=False)
print(folder, file.name, sep="\\n", flush=True)
sys.stdin.read()
"""


class Engine:
    """A process that works in a folder of its own until `process` ends."""

    def __init__(self, around: Path) -> None:
        environment = os.environ | dict.fromkeys(VARIABLES, str(around)) | {"PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", ENGINE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert self.process.stdout is not None
        self.folder = Path(self.process.stdout.readline().strip())
        self.file = Path(self.process.stdout.readline().strip())

    def end(self, *, kill: bool) -> None:
        if kill:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    started: list[Engine] = []

    def make() -> Engine:
        started.append(Engine(tmp_path))
        return started[-1]

    yield make
    for engine in started:
        engine.end(kill=True)


def test_that_the_folder_goes_with_an_orderly_end(tmp_path: Path, start: Callable[[], Engine]) -> None:
    engine = start()
    assert engine.folder.parent == tmp_path
    assert engine.file.parent == engine.folder
    assert engine.file.exists()
    engine.end(kill=False)
    assert list(tmp_path.iterdir()) == []


def test_that_what_a_killed_engine_left_goes_and_what_a_living_one_needs_stays(
    tmp_path: Path, start: Callable[[], Engine]
) -> None:
    killed, living = start(), start()
    killed.end(kill=True)
    assert killed.file.exists()
    remove_left_behind(tmp_path)
    assert list(tmp_path.iterdir()) == [living.folder]
    assert living.file.exists()


def test_that_the_next_engine_takes_away_what_a_killed_one_left(tmp_path: Path, start: Callable[[], Engine]) -> None:
    killed = start()
    killed.end(kill=True)
    following = start()
    assert list(tmp_path.iterdir()) == [following.folder]


def test_that_nothing_is_removed_that_is_not_surely_left_behind(tmp_path: Path, start: Callable[[], Engine]) -> None:
    unowned = tmp_path / f"{PREFIX}unowned"
    unowned.mkdir()
    mine = tmp_path / f"{PREFIX}mine"
    mine.mkdir()
    FolderLock(mine / "owner.json").take()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    killed = start()
    killed.end(kill=True)
    killed.folder.rename(elsewhere / "real")
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(elsewhere / "real")
    remove_left_behind(tmp_path)
    assert set(tmp_path.iterdir()) == {unowned, mine, elsewhere, link}
    assert (elsewhere / "real" / killed.file.name).exists()
