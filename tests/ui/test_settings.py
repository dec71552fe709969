"""Settings keep their types and never break on what somebody wrote into the file."""

from workbench.domain.places import config_folder
from workbench.ui.settings import RECENT, SCHEME, SMOOTHING, Settings


def test_that_settings_come_back_with_their_types() -> None:
    settings = Settings()
    settings.set(RECENT, ["/a", "/b"])
    settings.set(SMOOTHING, 0.5)
    settings.sync()
    again = Settings()
    assert again.get(RECENT) == ["/a", "/b"]
    assert again.get(SMOOTHING) == 0.5


def test_that_a_single_recent_project_is_still_a_list() -> None:
    settings = Settings()
    settings.set(RECENT, ["/only"])
    settings.sync()
    assert Settings().get(RECENT) == ["/only"]


def test_that_nonsense_in_the_file_becomes_the_default() -> None:
    config_folder().mkdir(parents=True, exist_ok=True)
    (config_folder() / "settings.ini").write_text("[appearance]\nscheme=purple\n[curves]\nsmoothing=lots\n")
    settings = Settings()
    assert settings.get(SCHEME) == SCHEME.default
    assert settings.get(SMOOTHING) == SMOOTHING.default
