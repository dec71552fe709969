"""Ctrl-C in mid-training: the run is kept, and goes on to the very end that it would have had."""

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from workbench.__main__ import main
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(sys.platform == "win32", reason="another process cannot press Ctrl-C there"),
]
EPOCHS = 60


def project() -> Project:
    nodes = (
        Layer(id="1", class_name="Dense", params={"units": 32, "activation": "relu"}),
        Layer(id="2", class_name="BatchNormalization"),
        Layer(id="3", class_name="Dropout", params={"rate": 0.3}),
        Layer(id="4", class_name="Dense", params={"units": 3, "activation": "softmax"}),
    )
    training = TrainingSpec(epochs=EPOCHS, batch_size=8)
    return Project(data=DatasetSpec(SourceSpec("wine")), model=ModelTree(nodes), training=training)


def weights(folder: ProjectFolder) -> list[np.ndarray]:
    import keras

    path = folder.run_folder(folder.newest_run().id) / "model.keras"
    return keras.saving.load_model(path).get_weights()


def interrupted_after(folder: ProjectFolder, epoch: int, *signals: int) -> tuple[int, list[dict[str, object]], str]:
    """Train in a process of its own that gets these signals after an epoch: exit code, events, standard error."""
    command = [sys.executable, "-m", "workbench", "train", str(folder.path), "--json"]
    events = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1].get("epoch") == epoch:
                for number in signals:
                    process.send_signal(number)
        errors = process.stderr.read()
    return process.returncode, events, errors


@pytest.mark.slow
def test_that_a_stopped_run_goes_on_to_the_same_end_bit_for_bit(tmp_path: Path) -> None:
    whole = ProjectFolder.create(tmp_path / "whole", project())
    parted = ProjectFolder.create(tmp_path / "parted", project())
    code, events, errors = interrupted_after(parted, 2, signal.SIGINT)
    assert code == 0
    assert errors == ""
    assert events[-1]["event"] == "run_ended"
    assert events[-1]["reason"] == "stopped"
    assert Path(str(events[-1]["model"])).is_file()
    stopped = parted.newest_run()
    assert 3 <= stopped.epochs_done < EPOCHS
    assert stopped.plan is not None

    command = [sys.executable, "-m", "workbench", "train", str(parted.path), "--resume"]
    resumed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"goes on: {EPOCHS} epochs" in resumed.stderr
    assert f"epoch {EPOCHS}/{EPOCHS}" in resumed.stderr
    assert [run.id for run in parted.list_runs()] == [stopped.id]
    command[-2:] = [str(whole.path)]
    subprocess.run(command, capture_output=True, check=True)
    for ours, theirs in zip(weights(parted), weights(whole), strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("seconds", [0.6, 1.5])
def test_that_ctrl_c_while_tensorflow_starts_ends_the_command_with_a_sentence(tmp_path: Path, seconds: float) -> None:
    folder = ProjectFolder.create(tmp_path, project())
    command = [sys.executable, "-m", "workbench", "train", str(folder.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode in (0, 1)
    assert "Traceback" not in err
    assert "Interrupted; nothing was changed" in err or "Stopping" in err
    assert (out == "") == (folder.list_runs() == [])


def test_that_a_second_ctrl_c_ends_at_once_and_the_run_goes_on_later(tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path, project())
    code, _, errors = interrupted_after(folder, 1, signal.SIGINT, signal.SIGTERM)
    assert code in (0, 1)  # it may have stopped before the second one came
    assert "Traceback" not in errors
    assert main(["train", str(folder.path), "--resume", "--epochs", "6"]) == 0
    assert folder.newest_run().epochs_done == 6


def test_that_a_system_which_shuts_down_stops_the_run_as_ctrl_c_does(tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path, project())
    code, events, _ = interrupted_after(folder, 1, signal.SIGTERM)
    assert code == 0
    assert events[-1]["reason"] == "stopped"


def test_that_a_finished_run_can_be_trained_for_longer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ProjectFolder.create(tmp_path, project())
    assert main(["train", str(folder.path), "--epochs", "2"]) == 0
    assert main(["train", str(folder.path), "--resume"]) == 1
    assert "no run to go on with" in capsys.readouterr().err
    assert main(["train", str(folder.path), "--resume", "--epochs", "4"]) == 0
    assert folder.newest_run().epochs_done == 4
