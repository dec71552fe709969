"""Where the training dies without an event, the command line does not wait for one."""

from pathlib import Path

import pytest
from calling import Call

from workbench.domain.samples import sample
from workbench.domain.store import ProjectFolder
from workbench.engine.training import thread

pytestmark = pytest.mark.engine


class DeadThread(thread.TrainingThread):
    """Ends before it has said anything."""

    def _run(self) -> None:
        """Nothing."""


def test_that_a_training_which_dies_in_silence_is_not_waited_for(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ProjectFolder.create(tmp_path / "p", sample("iris").project)
    monkeypatch.setattr("workbench.engine.session.TrainingThread", DeadThread)
    result = call("train", folder.path)
    assert result.code == 1
    assert "ended without a word" in result.err
