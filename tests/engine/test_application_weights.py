"""The download of an application's weights says how far it is, can be given up, and hinders nobody."""

import threading
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from workbench.domain.applications import BaseSource
from workbench.engine.application_weights import load_ahead
from workbench.engine.base_models import make_base
from workbench.engine.errors import Cancelled, EngineError
from workbench.engine.steps import BUILDING

pytestmark = pytest.mark.engine
MOBILE = BaseSource("MobileNet")


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """Asks Keras for a file that lies at an address which needs no network."""
    from keras.src.backend import config
    from keras.src.utils import file_utils

    with h5py.File(tmp_path / "there.h5", "w") as file:
        file["a"] = [1.0] * 300_000
    monkeypatch.setattr(config, "keras_home", lambda: str(tmp_path / "keras"))
    return lambda: file_utils.get_file("weights.h5", (tmp_path / "there.h5").as_uri())


def test_that_a_download_says_how_far_it_is(ask: Callable[[], object], tmp_path: Path) -> None:
    told: list[tuple[str, float | None]] = []
    load_ahead(MOBILE, ask, lambda *each: told.append(each))
    loaded = tmp_path / "keras" / "models" / "weights.h5"
    assert loaded.read_bytes() == (tmp_path / "there.h5").read_bytes()
    assert told[0] == ("Downloading the weights of MobileNet: 0 bytes of 2.4 MB", 0.0)
    told.clear()
    load_ahead(MOBILE, ask, lambda *each: told.append(each))
    assert not told, "what is there is not loaded again"


def test_that_a_download_is_given_up_and_leaves_nothing(ask: Callable[[], object], tmp_path: Path) -> None:
    from keras.src.utils import file_utils

    before = file_utils.get_file, file_utils.urlretrieve

    def give_up(_text: str, _fraction: float | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        load_ahead(MOBILE, ask, give_up)
    assert (file_utils.get_file, file_utils.urlretrieve) == before
    assert not list((tmp_path / "keras").rglob("*.h5"))


def test_that_networks_can_be_built_while_weights_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.src.backend import config
    from keras.src.utils import file_utils

    free: list[bool] = []

    def build() -> None:
        free.append(BUILDING.acquire(timeout=5))
        BUILDING.release()

    def load(*_: object, **__: object) -> str:
        other = threading.Thread(target=build)
        other.start()
        other.join()
        raise OSError("no network")

    monkeypatch.setattr(file_utils, "get_file", load)
    monkeypatch.setattr(config, "keras_home", lambda: str(tmp_path / "keras"))
    with pytest.raises(EngineError, match="are not on this machine"):
        make_base(MOBILE, tmp_path, (40, 40, 3))
    assert free == [True]
