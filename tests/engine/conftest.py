"""What several files of engine tests share, because it takes seconds to make."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sealed_models import Kept


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> "Kept":
    """A SavedModel that nobody described, imported."""
    from sealed_models import imported  # with TensorFlow

    return imported(tmp_path_factory.mktemp("sealed"))
