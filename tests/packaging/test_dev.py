"""`packaging/dev.py`: what a person is told, what is run, and that nothing happens twice."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dev
import environment
import pytest
import system_packages
from environment import Environment, SetupError

posix = pytest.mark.skipif(os.name == "nt", reason="fakes programs with shell scripts")


@pytest.fixture(autouse=True)
def _own_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in (environment, system_packages):
        monkeypatch.setattr(module, "LOG", tmp_path / "log" / "setup.log")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What `dev` would run, on a machine where everything is set up."""
    run: list[list[str]] = []

    def record(command: list[str], *_: object) -> int:
        run.append(command)
        return 0

    monkeypatch.setattr(dev, "call", record)
    monkeypatch.setattr(dev, "become", record)
    monkeypatch.setattr(dev, "set_up", lambda **_: Environment())
    return run


def test_that_usage_is_shown_for_no_verb_and_an_unknown_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 2
    assert dev.main(["fly"]) == 2
    assert "dev.py run" in capsys.readouterr().err
    assert dev.main(["--help"]) == 0
    assert "dev.py test" in capsys.readouterr().out


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 10, 14), (3, 14, 0)])
def test_that_a_wrong_python_gets_a_sentence(version: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/python3.12" if name == "python3.12" else None)
    with pytest.raises(SetupError, match=r"needs Python 3\.11 to 3\.13; this is 3\..* Start it with python3\.12"):
        dev.check_python(version)


def test_that_these_files_can_be_read_by_a_python_that_is_too_old() -> None:
    for name in ("dev.py", "environment.py", "system_packages.py"):
        source = Path(dev.__file__).with_name(name).read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 7))
        assert "from __future__ import annotations" in source


def test_that_run_opens_the_sample_where_there_is_a_display(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert dev.main(["run"]) == 0
    assert commands[0][1:] == ["-m", "workbench", "--sample", "digits"]


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a display")
def test_that_run_says_so_and_trains_in_the_terminal_where_there_is_none(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert dev.main(["run"]) == 0
    assert commands[0][1:] == ["-m", "workbench", "demo"]
    assert "no display" in capsys.readouterr().err


def test_that_run_hands_arguments_on(commands: list[list[str]]) -> None:
    dev.main(["run", "train", "my project"])
    assert commands[0][1:] == ["-m", "workbench", "train", "my project"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the window tests need X")
def test_that_test_runs_each_tier_once_and_all_results_count(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert dev.main(["test", "-k", "word", "-m", "engine"]) == 0
    offscreen, window = commands
    assert offscreen[offscreen.index("-m", 3) + 1] == "(engine) and (not x11)"
    assert window[-1] == "(engine) and (x11)"
    assert window[0] == "xvfb-run"
    assert all([part for part in command if part in ("-k", "word")] == ["-k", "word"] for command in commands)


def test_that_a_failure_in_any_tier_is_a_failure() -> None:
    assert dev.verdict([0, 5, 0]) == 0
    assert dev.verdict([0, 1, 5]) == 1
    assert dev.verdict([5, 0, 2]) == 2
    assert dev.verdict([5, 5, 5]) == 5


def test_that_only_the_whole_suite_runs_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.os, "cpu_count", lambda: 2)
    assert dev.side_by_side(["-q"]) == ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    assert dev.side_by_side(["-q"], "slow") == ["-n", "2", "--dist", "loadfile"]
    for arguments in (["--pdb"], ["-n0"], ["-n", "4"], ["tests/packaging/test_dev.py::test_it"]):
        assert dev.side_by_side(arguments) == []


# The virtual environment


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose `_install` only writes down that it ran."""
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\n[project]\nname = "workbench"\n'
    )

    def install(self: Environment, extras: list[str]) -> None:
        with (self.root / "installed.txt").open("a") as file:
            file.write(f"{','.join(extras)};")
        (package,) = self.folder.glob("lib/python*/site-packages")
        (package / "workbench.py").touch()
        (package / "pip.py").touch()

    def make(self: Environment) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(self.folder)], check=True)
        with (self.root / "made.txt").open("a") as file:
            file.write("made;")

    monkeypatch.setattr(Environment, "_install", install)
    monkeypatch.setattr(Environment, "_make", make)
    return tmp_path / "checkout"


@posix
def test_that_a_second_set_up_does_nothing(checkout: Path) -> None:
    for extra in (None, None, "test", "test", None):
        Environment(checkout).provide(extra)
    assert (checkout / "made.txt").read_text() == "made;"
    assert (checkout / "installed.txt").read_text() == ";test;"


@posix
def test_that_new_requirements_are_installed_and_new_settings_of_tools_are_not(checkout: Path) -> None:
    Environment(checkout).provide(None)
    with (checkout / "pyproject.toml").open("a") as file:
        file.write('dependencies = ["numpy"]\n')
    Environment(checkout).provide(None)
    assert (checkout / "installed.txt").read_text() == ";;"
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("[tool.ruff]\nline-length = 120\n")
    Environment(checkout).provide(None)
    assert (checkout / "installed.txt").read_text() == ";;"
    assert (checkout / "made.txt").read_text() == "made;"


def _python_is_gone(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").unlink()


def _python_was_upgraded(checkout: Path) -> None:
    (packages,) = (checkout / ".venv").glob("lib/python*")
    packages.rename(packages.with_name("python3.7"))


def _checkout_was_copied_from_elsewhere(checkout: Path) -> None:
    stamp = checkout / ".venv" / "workbench-stamp.json"
    stamp.write_text(stamp.read_text().replace(str(checkout), "/another/place"))


@posix
@pytest.mark.parametrize("break_it", [_python_is_gone, _python_was_upgraded, _checkout_was_copied_from_elsewhere])
def test_that_an_environment_that_does_not_work_is_made_again(checkout: Path, break_it: Callable[[Path], None]) -> None:
    Environment(checkout).provide("test")
    break_it(checkout)
    Environment(checkout).provide("test")
    assert (checkout / "made.txt").read_text() == "made;made;"
    assert (checkout / "installed.txt").read_text() == "test;test;"


@posix
def test_that_an_interrupted_installation_is_completed(checkout: Path) -> None:
    Environment(checkout).provide("test")
    (checkout / ".venv" / "workbench-stamp.json").write_text("{cut")
    Environment(checkout).provide("test")
    assert (checkout / "made.txt").read_text() == "made;"
    assert (checkout / "installed.txt").read_text() == "test;test;"


def test_that_pip_is_told_in_plain_words() -> None:
    line = "  Downloading tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl (571.8 MB)\n"
    assert environment.told(line) == "  tensorflow 2.21.0, 572 MB"
    assert environment.told("Collecting numpy>=2\n") is None
    assert environment.told("  Downloading six-1.17.0-py2.py3-none-any.whl (11 kB)\n") is None
    assert environment.told("Installing collected packages: six, numpy\n") == "  Unpacking …"


@posix
def test_that_a_failed_installation_shows_what_pip_said_and_where_the_rest_is(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir(parents=True)
    fake = tmp_path / "bin" / "python"
    fake.write_text("#!/bin/sh\necho Collecting numpy\necho 'ERROR: No space left on device'\nexit 1\n")
    fake.chmod(0o755)
    broken = Environment(tmp_path)
    broken.python = str(fake)
    with pytest.raises(SetupError, match=r"(?s)ERROR: No space left on device.*setup\.log"):
        broken._install([])


# System packages


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian with nothing but `libegl1` and a renamed GLib; its apt-get and sudo write down what they are asked."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    installed = (
        "installed\\tlibegl1\\t\\ninstalled\\tlibglib2.0-0t64\\tlibglib2.0-0 (= 2.80)\\nconfig-files\\txvfb\\t\\n"
    )
    write_program(bin_folder, "dpkg-query", f"printf '{installed}'")
    write_program(bin_folder, "apt-get", f'echo "$@" >> {tmp_path}/asked')
    monkeypatch.setenv("PATH", f"{bin_folder}:/usr/bin:/bin")
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    no_sudo = write_program(bin_folder, "sudo", "exit 1")
    assert no_sudo.exists()
    return tmp_path


def write_program(folder: Path, name: str, body: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return program


@posix
def test_that_only_what_is_missing_is_asked_for(machine: Path) -> None:
    assert system_packages.missing(("libegl1", "libglib2.0-0", "libgl1", "xvfb")) == ["libgl1", "xvfb"]
    assert system_packages.missing(("libegl1",)) == []


@posix
def test_that_without_rights_the_one_command_is_printed(machine: Path) -> None:
    with pytest.raises(SetupError) as error:
        system_packages.provide(("libegl1", "libgl1", "xvfb"), essential=True)
    assert "sudo apt-get install -y --no-install-recommends libgl1 xvfb\n" in str(error.value)
    assert not (machine / "asked").exists()


@posix
def test_that_what_is_not_essential_stops_nothing(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    system_packages.provide(("libgl1",), essential=False)
    system_packages.provide(("fonts-noto-cjk",), essential=True)
    assert capsys.readouterr().err.count("sudo apt-get install") == 2


@posix
@pytest.mark.parametrize("as_root", [True, False])
def test_that_root_and_sudo_without_password_install(
    machine: Path, as_root: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if as_root:
        monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    else:
        write_program(machine / "bin", "sudo", 'shift; exec "$@"')
    system_packages.provide(("libgl1", "xvfb"), essential=True)
    assert (machine / "asked").read_text() == "update\ninstall -y --no-install-recommends libgl1 xvfb\n"


@posix
def test_that_a_failed_apt_says_what_it_said(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    write_program(machine / "bin", "apt-get", "echo 'E: Unable to fetch some archives' >&2; exit 100")
    with pytest.raises(SetupError, match=r"(?s)Installing them failed.*E: Unable to fetch.*setup\.log"):
        system_packages.provide(("libgl1",), essential=True)


@posix
def test_that_a_missing_venv_stops_even_where_no_display_is_needed(machine: Path) -> None:
    with pytest.raises(SetupError, match="python3-venv"):
        system_packages.provide(("python3-venv",), essential=False)


def test_that_systems_without_dpkg_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system_packages.missing(("libgl1",)) == []
