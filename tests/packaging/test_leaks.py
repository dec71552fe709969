"""The guard around every test finds what is left behind, and lets honest tests pass."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import leaks as leaks_module
import pytest
from leaks import Leaks
from PySide6.QtCore import QThread, QTimer

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks_module, "GRACE", 0.05)


@pytest.mark.usefixtures("_impatient")
def test_that_a_thread_left_behind_is_named() -> None:
    end = threading.Event()
    with Leaks() as leaks:
        thread = threading.Thread(target=end.wait, name="forgotten")
        thread.start()
    assert leaks.found() == ["the thread 'forgotten'"]
    end.set()
    thread.join()
    assert leaks.found() == []


@pytest.mark.usefixtures("_impatient", "qapp")
def test_that_timers_and_qthreads_left_behind_are_found() -> None:
    with Leaks() as leaks:
        timer = QTimer()
        timer.start(1000)
        thread = QThread()
        thread.start()
    found = leaks.found()
    thread.quit()
    thread.wait()
    assert len(found) == 2
    assert any("QTimer of 1000 ms" in text for text in found)
    assert any("QThread" in text for text in found)
    assert not timer.isActive(), "a timer left behind must not disturb the next test"


@pytest.mark.usefixtures("_impatient")
def test_that_a_child_process_left_behind_is_named_and_ended() -> None:
    with Leaks() as leaks:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (found,) = leaks.found()
    assert f"the process {child.pid}" in found
    assert child.wait(10) != 0
    assert child.stdin is not None
    child.stdin.close()


@pytest.mark.usefixtures("qapp")
def test_that_what_ended_is_no_leak() -> None:
    with Leaks() as leaks:
        thread = threading.Thread(target=int)
        thread.start()
        qthread = QThread()
        qthread.start()
        qthread.quit()
        timer = QTimer()
        timer.start(1000)
        timer.stop()
        subprocess.run([sys.executable, "-c", ""], check=True)
    assert leaks.found() == []


TESTS_UNDER_OUR_SETTINGS = """
import threading
import warnings

from PySide6.QtCore import QTimer, qWarning


def test_that_warns_in_qt(qtbot):
    qWarning("something is wrong")


def test_that_warns_in_python():
    warnings.warn("old")


def test_that_fails_in_a_slot(qtbot):
    QTimer.singleShot(0, lambda: 1 / 0)
    qtbot.wait(50)


def test_that_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, args=(60,), daemon=True).start()


def test_that_is_honest(qtbot):
    pass
"""


def test_that_our_settings_fail_what_warns_or_leaves_something_behind(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(REPOSITORY / 'tests')!r})\n"
        "import leaks\n"
        "leaks.GRACE = 0.2\n"
        "source = open(sys.path[0] + '/conftest.py', encoding='utf-8').read()\n"
        "exec(compile(source, __file__, 'exec'))\n"
    )
    file = tmp_path / "test_hostile.py"
    file.write_text(TESTS_UNDER_OUR_SETTINGS)
    options = ["-c", str(REPOSITORY / "pyproject.toml"), "--rootdir", str(tmp_path), "-p", "no:cacheprovider", "-rA"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    verdicts = {
        test: verdict for verdict, test in re.findall(r"^(FAILED|ERROR|PASSED) \S+::(\w+)", result.stdout, re.M)
    }
    assert verdicts == {
        "test_that_warns_in_qt": "FAILED",
        "test_that_warns_in_python": "FAILED",
        "test_that_fails_in_a_slot": "FAILED",
        "test_that_leaves_a_thread": "ERROR",
        "test_that_is_honest": "PASSED",
    }
