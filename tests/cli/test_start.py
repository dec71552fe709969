"""What `workbench` starts, and that it imports no more than it needs."""

import subprocess
import sys
from pathlib import Path

import pytest
from calling import Call

import workbench.__main__ as start
from workbench.__main__ import UsageError, WindowRequest, parse_window_arguments
from workbench.cli.verbs import VERBS

HEAVY = ("tensorflow", "keras", "numpy", "PySide6", "PIL", "rich")


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_that_help_names_every_verb_and_shows_examples(call: Call) -> None:
    result = call("--help")
    assert result.code == 0
    assert all(f"\n    {verb} " in result.out for verb in VERBS)
    assert "workbench new digits my-digits" in result.out


@pytest.mark.parametrize("verb", VERBS)
def test_that_every_verb_explains_itself_with_examples(verb: str, call: Call) -> None:
    result = call(verb, "--help")
    assert result.code == 0
    assert "examples:" in result.out
    assert "--json" in result.out


def test_that_the_version_is_told(call: Call) -> None:
    assert call("--version").out.startswith("workbench ")


def test_that_light_verbs_import_nothing_heavy() -> None:
    for words in (["--help"], ["samples"], ["schema"], ["train", "--help"]):
        code = f"import sys; from workbench.__main__ import main; main({words!r}); print(*sys.modules, sep='\\n')"
        loaded = python(code).splitlines()
        assert not set(loaded) & set(HEAVY), words


def test_that_help_does_not_even_read_projects() -> None:
    code = "import sys; from workbench.__main__ import main; main(['--help']); print('msgspec' in sys.modules)"
    assert python(code).splitlines()[-1] == "False"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_that_closed_streams_are_nothing_to_fail_of(closed: str) -> None:
    command = f'"{sys.executable}" -m workbench samples {closed}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert (">&-" in closed and closed != "2>&-") or "digits" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train"], "PROJECT"),
        (["train", "p", "--epochs", "0"], "whole number from 1"),
        (["train", "p", "--epochs", "many"], "whole number from 1"),
        (["train", "p", "--resume", "--seed", "3"], "--resume goes on exactly"),
        (["export", "p", "o"], "--to"),
        (["export", "p", "o", "--to", "pickle"], "invalid choice"),
        (["new", "digits"], "takes a sample and a folder"),
        (["new", "digits", "a", "b"], "takes a sample and a folder"),
        (["new", "--data", "x.csv"], "only the folder is named"),
        (["new", "digits", "d", "--target", "y"], "--target and --task go with --data"),
        (["--nonsense"], "--nonsense"),
        (["nonsense"], "no command, project or data file named 'nonsense'"),
        (["--sample"], "--sample takes one name"),
        (["--sample", "nonsense"], "There is no sample 'nonsense'"),
    ],
)
def test_that_wrong_usage_ends_with_2_and_a_sentence(words: list[str], said: str, call: Call) -> None:
    result = call(*words)
    assert result.code == 2
    assert said in result.err
    assert result.out == ""
    assert result.err.startswith("workbench: ") or "usage" not in result.err


def test_that_a_project_its_file_and_data_are_told_apart(tmp_path: Path, call: Call) -> None:
    assert call("new", "xor", tmp_path / "p").code == 0
    (tmp_path / "d.csv").write_text("a,b\n1,2\n")
    project = WindowRequest(project=str(tmp_path / "p"))
    assert parse_window_arguments([str(tmp_path / "p")]) == project
    assert parse_window_arguments([str(tmp_path / "p" / "project.json")]) == project
    assert parse_window_arguments([str(tmp_path / "d.csv")]) == WindowRequest(data=str(tmp_path / "d.csv"))
    assert parse_window_arguments([str(tmp_path)]) == WindowRequest(data=str(tmp_path))
    assert parse_window_arguments(["--sample", "iris"]) == WindowRequest(sample="iris")
    assert parse_window_arguments(["--sample=iris"]) == WindowRequest(sample="iris")
    assert parse_window_arguments([]) == WindowRequest()
    with pytest.raises(UsageError, match="one too many"):
        parse_window_arguments([str(tmp_path), "another"])


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")
def test_that_without_a_display_the_window_says_so(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    result = call()
    assert result.code == 1
    assert "There is no display" in result.err
    assert "workbench demo" in result.err
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert not start.has_display()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert start.has_display()


def test_that_the_engine_refuses_words_it_does_not_know(call: Call) -> None:
    result = call("engine", "--speed", "9")
    assert result.code == 2
    assert "--threads NUMBER" in result.err
