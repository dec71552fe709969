"""What a project may do is kept on this machine, outside of the project, and holds for what was seen alone."""

from pathlib import Path

import pytest

from workbench.domain.catalogue import SourceEntry, load_catalogue
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.files import StoreError
from workbench.domain.places import config_folder, new_working_folder
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.trust import (
    MAX_CODE,
    Demand,
    allow,
    allowance_of,
    allowed_here,
    demand_of,
    follow,
    is_allowed,
    restore,
    shown_code,
    withdraw,
)
from workbench.domain.values import Value

PARAMS: dict[str, Value] = {"path": "data.py"}
ADDRESS: dict[str, Value] = {"url": "postgresql://host/db", "table": "houses"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    made.joinpath("data.py").write_text("def load(): ...", encoding="utf-8")
    return made


def source(kind: str) -> SourceEntry:
    return load_catalogue().source(kind)


def code(folder: Path) -> Demand:
    found = demand_of(source("python"), PARAMS, folder)
    assert found is not None
    return found


def address(folder: Path, **changes: Value) -> Demand:
    found = demand_of(source("sql_server"), ADDRESS | changes, folder)
    assert found is not None
    return found


def test_that_code_is_allowed_as_it_was_seen_and_in_its_project_alone(folder: Path, tmp_path: Path) -> None:
    assert code(folder).code == b"def load(): ..."
    assert not is_allowed(code(folder))
    allow(code(folder))
    assert is_allowed(code(folder))
    copy = tmp_path / "copy"
    copy.mkdir()
    copy.joinpath("data.py").write_bytes(folder.joinpath("data.py").read_bytes())
    assert not is_allowed(code(copy))
    folder.joinpath("data.py").write_text("def load(): 1 / 0", encoding="utf-8")
    assert not is_allowed(code(folder))


def test_that_a_file_of_ones_own_may_change(folder: Path) -> None:
    allow(code(folder), whatever_it_holds=True)
    folder.joinpath("data.py").write_text("def load(): 1 / 0", encoding="utf-8")
    assert is_allowed(code(folder))
    allow(code(folder))
    folder.joinpath("data.py").write_text("def load(): 2 / 0", encoding="utf-8")
    assert not is_allowed(code(folder)), "the newest word counts"


@pytest.mark.parametrize("mine", [True, False])
def test_that_a_permission_is_withdrawn_and_restored_as_it_was(folder: Path, tmp_path: Path, mine: bool) -> None:
    other = tmp_path / "other"
    other.mkdir()
    other.joinpath("data.py").write_text("def load(): ...", encoding="utf-8")
    allow(code(other))
    allow(code(folder), whatever_it_holds=mine)
    kept = allowance_of(code(folder))
    assert kept is not None
    withdraw([kept])
    assert not is_allowed(code(folder))
    assert allowance_of(code(folder)) is None
    assert is_allowed(code(other)), "another project keeps its own"
    restore([kept])
    assert is_allowed(code(folder))
    folder.joinpath("data.py").write_text("def load(): 1 / 0", encoding="utf-8")
    assert is_allowed(code(folder)) == mine


def test_that_an_address_is_allowed_with_what_is_asked_of_it(folder: Path) -> None:
    allow(address(folder))
    assert is_allowed(address(folder))
    assert not is_allowed(address(folder, query="SELECT 1"))
    assert not is_allowed(address(folder, url="postgresql://other/db"))
    assert demand_of(source("sql_server"), ADDRESS, None) is None, "outside of a project the person typed it"
    assert demand_of(source("csv"), PARAMS, folder) is None


def test_that_everything_is_allowed_for_one_call_alone(folder: Path) -> None:
    with allowed_here():
        assert is_allowed(code(folder))
        assert is_allowed(address(folder))
    assert not is_allowed(code(folder))


def test_that_a_damaged_list_allows_nothing_and_is_mended_by_the_next_word(folder: Path) -> None:
    allow(code(folder))
    (config_folder() / "trust.json").write_text("{", encoding="utf-8")
    assert not is_allowed(code(folder))
    allow(code(folder))
    assert is_allowed(code(folder))


def test_that_a_project_saved_elsewhere_takes_its_code_and_its_allowance_along(folder: Path, tmp_path: Path) -> None:
    project = Project(data=DatasetSpec(SourceSpec("python", PARAMS)))
    here = ProjectFolder.create(folder, project)
    folder.joinpath("large.bin").write_bytes(b"1")
    allow(code(folder), whatever_it_holds=True)
    there = here.copy_to(tmp_path / "there", project)
    follow(here.path, there.path)
    assert sorted(path.name for path in there.path.iterdir()) == ["data.py", "project.json"]
    assert is_allowed(code(there.path))
    assert is_allowed(code(folder))


def test_that_all_that_lies_beside_an_unsaved_project_goes_along(tmp_path: Path) -> None:
    project = Project(data=DatasetSpec(SourceSpec("python", PARAMS)))
    here = ProjectFolder.create(new_working_folder(), project)
    (here.path / "data.py").write_text("def load(): ...", encoding="utf-8")
    (here.path / "pictures").mkdir()
    (here.path / "pictures" / "one.txt").write_text("1", encoding="utf-8")
    here.lock()
    there = here.copy_to(tmp_path / "there", project)
    here.unlock()
    assert sorted(path.name for path in there.path.iterdir()) == ["data.py", "pictures", "project.json"]
    assert (there.path / "pictures" / "one.txt").read_text(encoding="utf-8") == "1"


def test_that_nothing_in_code_is_hidden_from_who_reads_it() -> None:
    code = "# a\u202eb\u2066\r\nx = 'ü'\ty\rz\n".encode()
    assert shown_code(code) == "# a\\u202eb\\u2066\nx = 'ü'\ty\\u000dz\n"


@pytest.mark.parametrize("path", ["latin.py", "missing.py", "", "a\0b", 3, "large.py"])
def test_that_code_that_cannot_be_read_is_told(folder: Path, path: Value) -> None:
    folder.joinpath("latin.py").write_bytes("x = 'ü'".encode("latin-1"))
    folder.joinpath("large.py").write_bytes(b"#" * (MAX_CODE + 1))
    with pytest.raises(StoreError, match=r"\.$"):
        demand_of(source("python"), {"path": path}, folder)


def test_that_a_folder_of_data_in_the_project_goes_along(tmp_path: Path) -> None:
    spec = DatasetSpec(SourceSpec("images", {"path": "pictures/mine"}))
    folder = ProjectFolder.create(tmp_path / "first", Project(data=spec))
    picture = folder.path / "pictures" / "mine" / "a" / "1.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"dots")
    (folder.path / "letters.txt").write_text("private")
    copy = folder.copy_to(tmp_path / "second", Project(data=spec))
    assert (copy.path / "pictures" / "mine" / "a" / "1.png").read_bytes() == b"dots"
    assert not (copy.path / "letters.txt").exists()
    outside = DatasetSpec(SourceSpec("images", {"path": "../first/pictures"}))
    assert not (folder.copy_to(tmp_path / "third", Project(data=outside)).path / "pictures").exists()
