"""What holds for every test: no window on the screen, no folder of the person's own, and nothing left behind.

TensorFlow is not imported here, so that the tiers without it stay quick.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from leaks import Leaks

TESTS = Path(__file__).parent
TIERS_WITH_TENSORFLOW = ("engine", "e2e")
HOME = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Settings that must stand before Qt or Keras is imported."""
    home = tempfile.mkdtemp(prefix="workbench-tests-")
    config.stash[HOME] = home
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if config.getoption("markexpr") == "x11" else "offscreen")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["KERAS_HOME"] = str(Path(home, "keras"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(Path(home, name))
    # What a machine learns once (the number of threads) is kept from test to test; windows get a home each, see below.
    os.environ["WORKBENCH_HOME"] = str(Path(home, "workbench"))
    calm = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("here", deadline=None, suppress_health_check=calm)
    hypothesis.settings.register_profile("ci", deadline=None, suppress_health_check=calm, derandomize=True)
    hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[HOME], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tiers by their folder; leave out what needs a display where there is none, and what takes minutes unless
    it is asked for."""
    no_display = pytest.mark.skip(reason="needs a display: `python3 packaging/dev.py test` gives it one")
    not_asked = pytest.mark.skip(reason="trains for minutes: `python3 packaging/dev.py test -m slow` runs it")
    for item in items:
        tier = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if tier in TIERS_WITH_TENSORFLOW:
            item.add_marker("engine")
        if item.get_closest_marker("x11") and os.environ["QT_QPA_PLATFORM"] != "xcb":
            item.add_marker(no_display)
        if item.get_closest_marker("slow") and "slow" not in config.getoption("markexpr"):
            item.add_marker(not_asked)


@pytest.fixture(autouse=True)
def _own_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of the window start as a new person: without settings, recent projects or autosaved work."""
    if request.path.relative_to(TESTS).parts[0] == "ui":
        monkeypatch.setenv("WORKBENCH_HOME", str(request.getfixturevalue("tmp_path") / "workbench-home"))


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread, a QThread, a QTimer or a child process running."""
    with Leaks() as leaks:
        yield
    left = leaks.found()
    if left:
        pytest.fail(f"The test left something behind: {'; '.join(left)}", pytrace=False)
