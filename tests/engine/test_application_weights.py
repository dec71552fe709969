"""The download of an application's weights says how far it is, and can be given up."""

from pathlib import Path

import h5py
import pytest

from workbench.domain.applications import BaseSource
from workbench.engine.application_weights import with_weights_of
from workbench.engine.errors import Cancelled

pytestmark = pytest.mark.engine


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where weights lie, at an address that needs no network."""
    from keras.src.backend import config

    with h5py.File(tmp_path / "there.h5", "w") as file:
        file["a"] = [1.0] * 300_000
    monkeypatch.setattr(config, "keras_home", lambda: str(tmp_path / "keras"))
    return (tmp_path / "there.h5").as_uri()


def test_that_a_download_says_how_far_it_is(there: str, tmp_path: Path) -> None:
    from keras.src.utils import file_utils

    told: list[tuple[str, float | None]] = []
    with with_weights_of(BaseSource("MobileNet"), lambda *each: told.append(each)):
        path = file_utils.get_file("weights.h5", there)
        assert file_utils.get_file("weights.h5", there) == path, "what is there is not loaded again"
    assert path == str(tmp_path / "keras" / "models" / "weights.h5")
    assert told[0] == ("Downloading the weights of MobileNet: 0 bytes of 2.4 MB", 0.0)


def test_that_a_download_is_given_up_and_leaves_nothing(there: str, tmp_path: Path) -> None:
    from keras.src.utils import file_utils

    before = file_utils.get_file, file_utils.urlretrieve

    def give_up(_text: str, _fraction: float | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled), with_weights_of(BaseSource("MobileNet"), give_up):
        file_utils.get_file("weights.h5", there)
    assert (file_utils.get_file, file_utils.urlretrieve) == before
    assert not list((tmp_path / "keras").rglob("*.h5"))
