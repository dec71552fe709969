"""Parts that a person wrote in Python inside the project: trained, saved, opened again, resumed and exported."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest

from workbench.domain import trust
from workbench.domain.applications import BaseSource
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.parts.spec import PartSpec
from workbench.domain.parts.templates import TEMPLATES
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.training import PhaseSpec, TrainingSpec
from workbench.domain.tree import Layer, ModelTree, walk
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError
from workbench.engine.model_import import import_model
from workbench.engine.parts import limit, load
from workbench.engine.parts.scope import own_parts, tell_keras
from workbench.engine.runs import MODEL_FILE
from workbench.engine.trained import TrainedRuns
from workbench.engine.training.job import TrainingJob
from workbench.engine.training.mailbox import Mailbox
from workbench.protocol.commands import Evaluate, Export, MakeBase, Shutdown, TakeWeights, Train
from workbench.protocol.events import (
    AnyEvent,
    BaseMade,
    EpochEnded,
    Evaluated,
    Exported,
    RunEnded,
    RunStarted,
    WeightsTaken,
)

LAYER = """\
import keras


class Mine(keras.layers.Layer):
    def call(self, inputs):
        {0}
        return inputs
"""
PARTS = tuple(PartSpec(template.name, template.source) for template in TEMPLATES)
DATA = DatasetSpec(SourceSpec("sine", {"samples": 60}))


def layer(node_id: str, class_name: str, **params: Value) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params)


NETWORK = ModelTree(
    nodes=(
        layer("a", "Linear", units=6, activation="soft_square", kernel_initializer=ObjectSpec("Ramp", {"high": 0.3})),
        layer("b", "Jitter", deviation=0.05),
        layer("c", "Dense", units=4, activation="soft_square", kernel_initializer="Ramp"),
        layer("d", "Dense", units=1, kernel_regularizer="SumToOne", kernel_constraint=ObjectSpec("Between")),
    )
)


def project(parts: tuple[PartSpec, ...] = PARTS, tree: ModelTree = NETWORK, **training: Any) -> Project:
    settings: dict[str, Any] = {
        "loss": ObjectSpec("SmoothHuber", {"delta": 0.5}),
        "metrics": (ObjectSpec("ShareWithin", {"tolerance": 0.2}),),
        "epochs": 2,
        "seed": 3,
        "plan": "exact",
        "callbacks": (ObjectSpec("RateSteps", {"every": 1}),),
    }
    return Project(name="Own", data=DATA, model=tree, training=TrainingSpec(**{**settings, **training}), parts=parts)


def trained(wanted: Project, folder: Path, run: str | None = None, **how: Any) -> list[AnyEvent]:
    events: list[AnyEvent] = []
    TrainingJob(Train(wanted, str(folder), run, **how), Mailbox(), events.append, 1, lambda: (), lambda *_: None).run()
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "completed", ended.message
    return events


@pytest.fixture(scope="module")
def trained_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[AnyEvent]]:
    folder = tmp_path_factory.mktemp("own") / "project"
    ProjectFolder.create(folder, project())
    trust.allow_parts(PARTS, folder)
    return folder, trained(project(), folder)


def test_that_every_kind_trains_and_its_run_evaluates_as_it_ended(
    trained_folder: tuple[Path, list[AnyEvent]],
) -> None:
    folder, events = trained_folder
    started = next(event for event in events if isinstance(event, RunStarted))
    epochs = [event.metrics for event in events if isinstance(event, EpochEnded)]
    assert started.metric_names == ("loss", "share_within")
    assert {"loss", "share_within", "val_loss", "val_share_within"} <= set(epochs[-1])
    rates = [event.learning_rate for event in events if isinstance(event, EpochEnded)]
    assert rates == [0.001, 0.0005]
    told = TrainedRuns().answer(Evaluate(1, str(folder), started.run, "validation"), lambda *_: None)
    assert isinstance(told, Evaluated)
    assert told.metrics["loss"] == pytest.approx(epochs[-1]["val_loss"], abs=1e-7)
    assert told.metrics["share_within"] == epochs[-1]["val_share_within"]


def test_that_a_run_goes_on_after_another_start_as_if_it_never_stopped(
    trained_folder: tuple[Path, list[AnyEvent]], tmp_path: Path
) -> None:
    folder, _ = trained_folder
    run = ProjectFolder(folder).list_runs()[0].id
    longer = trained(project(epochs=4), folder, run, epochs=4)
    ProjectFolder.create(tmp_path / "whole", project(epochs=4))
    trust.allow_parts(PARTS, tmp_path / "whole")
    whole = trained(project(epochs=4), tmp_path / "whole")
    last = [[event.metrics for event in events if isinstance(event, EpochEnded)][-1] for events in (longer, whole)]
    assert last[0] == last[1]


def test_that_the_script_gives_the_same_numbers_and_plain_keras_opens_the_model(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    wanted = project(phases=(PhaseSpec("Fine", epochs=1, trains="same"),))
    ProjectFolder.create(folder, wanted)
    trust.allow_parts(PARTS, folder)
    events = trained(wanted, folder)
    run = next(event for event in events if isinstance(event, RunStarted)).run
    runs, out = TrainedRuns(), tmp_path / "out"
    for kind, name in (("script", "train.py"), ("keras", "own.keras")):
        done = runs.answer(Export(1, str(folder), run, str(out / name), kind), lambda *_: None)  # type: ignore[arg-type]
        assert isinstance(done, Exported)
        assert "parts.linear" in done.notes[0]
    more = (
        "\nimport json\nopened = keras.models.load_model('own.keras')\n"
        "same = all(np.array_equal(a, b) for a, b in zip(opened.get_weights(), model.get_weights(), strict=True))\n"
        "agree = np.array_equal(opened.predict(x_test, verbose=0), model.predict(x_test, verbose=0))\n"
        "print(json.dumps([same, agree, history.history]))\n"
    )
    (out / "train.py").write_text((out / "train.py").read_text() + more)
    result = subprocess.run([sys.executable, "train.py"], cwd=out, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    same, agree, history = json.loads(result.stdout.splitlines()[-1])
    assert same
    assert agree
    epochs = [event.metrics for event in events if isinstance(event, EpochEnded)][2:]  # the history of the last `fit`
    assert len(epochs) == 1
    assert {name: [epoch[name] for epoch in epochs] for name in history} == history


def test_that_nothing_runs_before_the_person_allowed_it(tmp_path: Path) -> None:
    tree = ModelTree(nodes=(layer("a", "Mine"), layer("b", "Dense", units=1)))
    bad = PartSpec("bad", "open('ran', 'w')\n" + LAYER.format("pass"))
    wanted = project((bad,), tree, loss=None, metrics=None, callbacks=())
    ProjectFolder.create(tmp_path / "p", wanted)
    info = load_dataset(DATA).info
    with own_parts(wanted, tmp_path / "p"):
        summary = describe(wanted, info)
    assert summary.error is not None
    assert summary.error.node_id == "a"
    assert "only once you allow it" in summary.error.message
    with pytest.raises(EngineError, match="only once you allow it"):
        trained(wanted, tmp_path / "p")
    assert not Path("ran").exists()
    changed = msgspec.structs.replace(bad, source=LAYER.format("pass"))
    allowed = msgspec.structs.replace(wanted, parts=(changed,))
    trust.allow_parts(allowed.parts, tmp_path / "p")
    with own_parts(allowed, tmp_path / "p"):
        assert describe(allowed, info).error is None
    with pytest.raises(EngineError, match="only once you allow it"):
        trained(wanted, tmp_path / "p")


def described(source: str, tmp_path: Path, tree: ModelTree, **training: Any) -> Any:
    wanted = project((PartSpec("mine", source),), tree, **{"loss": None, "metrics": None, "callbacks": (), **training})
    trust.allow_parts(wanted.parts, tmp_path)
    with own_parts(wanted, tmp_path):
        return describe(wanted, load_dataset(DATA).info)


MINE = ModelTree(nodes=(layer("a", "Mine"), layer("b", "Dense", units=1)))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (LAYER.format("raise ValueError('too hot')"), "mine.py, line 6: ValueError: too hot"),
        ("import keras\nimport nothing_like_it\n" + LAYER.format("pass"), "mine.py, line 2: ModuleNotFoundError"),
        ("import sys\nsys.exit(3)\n" + LAYER.format("pass"), "mine.py, line 2: SystemExit: 3"),
        (LAYER.format("pass") + "    def __init__(self, a=1):\n        pass\n", "**kwargs"),
    ],
)
def test_that_an_error_names_file_and_line(source: str, told: str, tmp_path: Path) -> None:
    error = described(source, tmp_path, MINE).error
    assert error.node_id == "a"
    assert told in error.message


def test_that_a_part_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.describe.PARTS_SECONDS", 0.5)
    monkeypatch.setattr(load, "SECONDS", 0.3)
    loop = "while True:\n            pass"
    with pytest.raises(EngineError, match="Mine may never end"):
        described(LAYER.format(loop), tmp_path, MINE)
    error = described("while True:\n    pass\n" + LAYER.format("pass"), tmp_path, MINE).error
    assert "still runs" in error.message
    assert limit.within(None, lambda: 3, "quick") == 3


DECIDING = """

import tensorflow as tf


@tf.function
def _doubled(x):
    if tf.reduce_sum(x) > 0:
        x = x * 2.0
    return x
"""


def test_that_autograph_sees_the_source(tmp_path: Path) -> None:
    plain = LAYER.format("if keras.ops.sum(inputs) > 0:\n            inputs = inputs * 2.0")
    assert "keras.ops.cond" in described(plain, tmp_path, MINE).error.message
    assert described(LAYER.format("inputs = _doubled(inputs)") + DECIDING, tmp_path, MINE).error is None


def test_that_two_versions_of_a_part_do_not_get_mixed_up(tmp_path: Path) -> None:
    for factor in (2.0, 3.0, 2.0):
        wanted = project(
            (PartSpec("mine", LAYER.format(f"inputs = inputs * {factor}")),),
            ModelTree(nodes=(layer("a", "Mine"),)),
            loss=None,
            metrics=None,
            callbacks=(),
        )
        trust.allow_parts(wanted.parts, tmp_path)
        with own_parts(wanted, tmp_path) as own:
            model = keras.Sequential([keras.Input((1,)), own.classes["layers", "Mine"]()])
            tell_keras()
            again = keras.models.model_from_json(model.to_json())
        assert again.predict(np.ones((1, 1)), verbose=0)[0, 0] == factor


def test_that_a_model_with_parts_is_imported_but_opened_only_once_allowed(
    trained_folder: tuple[Path, list[AnyEvent]], tmp_path: Path
) -> None:
    folder, _ = trained_folder
    run = ProjectFolder(folder).list_runs()[0].id
    imported = import_model(ProjectFolder(folder).run_folder(run) / MODEL_FILE, str(tmp_path / "new"))
    assert imported.project.parts == PARTS
    command = Evaluate(1, str(tmp_path / "new"), imported.run, "test")
    with pytest.raises(EngineError, match="only once you allow it"):
        TrainedRuns().answer(command, lambda *_: None)
    trust.allow_parts(PARTS, tmp_path / "new")
    assert isinstance(TrainedRuns().answer(command, lambda *_: None), Evaluated)


def test_that_a_run_whose_loss_is_an_own_part_becomes_a_base(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    wanted = project(tree=ModelTree(nodes=(layer("a", "Dense", units=3), layer("b", "Dense", units=1))), epochs=1)
    ProjectFolder.create(folder, wanted)
    trust.allow_parts(PARTS, folder)
    trained(wanted, folder)
    model = ProjectFolder(folder).run_folder(ProjectFolder(folder).list_runs()[0].id) / MODEL_FILE
    made = TrainedRuns().answer(MakeBase(1, BaseSource(str(model)), str(folder), (1,)), lambda *_: None)
    assert isinstance(made, BaseMade)
    assert [node.params["units"] for node in walk(made.base.children) if isinstance(node, Layer)] == [3]


def test_that_a_run_with_parts_gives_its_weights_but_becomes_no_base(
    trained_folder: tuple[Path, list[AnyEvent]], tmp_path: Path
) -> None:
    folder, _ = trained_folder
    model = ProjectFolder(folder).run_folder(ProjectFolder(folder).list_runs()[0].id) / MODEL_FILE
    taken = TrainedRuns().answer(
        TakeWeights(1, project(), load_dataset(DATA).info, str(folder), str(model)), lambda *_: None
    )
    assert isinstance(taken, WeightsTaken)
    assert {"a", "c", "d"} == set(taken.starts)
    with pytest.raises(EngineError, match=r"\(Between, Jitter, Linear, Ramp, SumToOne, soft_square\), which a base"):
        TrainedRuns().answer(MakeBase(1, BaseSource(str(model)), str(folder), (1,)), lambda *_: None)
    copied = tmp_path / "elsewhere.keras"
    copied.write_bytes(model.read_bytes())
    with pytest.raises(EngineError, match="does not belong to this project"):
        TrainedRuns().answer(MakeBase(1, BaseSource(str(copied)), str(tmp_path), (1,)), lambda *_: None)


NOTES = """\
import json

import keras


class Notes(keras.callbacks.Callback):
    def __init__(self, path="", stop_at=-1):
        super().__init__()
        self.path = path
        self.stop_at = stop_at
        self.seen = []
        self.batches = 0

    def on_train_begin(self, logs=None):
        self.seen.append("train begin")

    def on_epoch_begin(self, epoch, logs=None):
        self.seen.append(f"epoch {epoch} begin")

    def on_train_batch_begin(self, batch, logs=None):
        self.seen.append(f"batch {batch} begin")

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(f"batch {batch} end {sorted(logs)}")
        self.batches += 1
        if self.batches == self.stop_at:
            self.model.stop_training = True

    def on_test_begin(self, logs=None):
        self.seen.append("test begin")

    def on_test_batch_end(self, batch, logs=None):
        self.seen.append(f"test batch {batch}")

    def on_test_end(self, logs=None):
        self.seen.append(f"test end {sorted(logs)}")

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(f"epoch {epoch} end {sorted(logs)}")

    def on_train_end(self, logs=None):
        self.seen.append(f"train end {sorted(logs)} {sorted(self.params)}")
        with open(self.path, "w") as file:
            json.dump(self.seen, file)
"""
SMALL = ModelTree(nodes=(layer("a", "Dense", units=1),))


def noted(folder: Path, epochs: int = 2, stop_at: int = -1, **more: Any) -> Project:
    notes = ObjectSpec("Notes", {"path": str(folder / "notes.json"), "stop_at": stop_at})
    wanted = project((PartSpec("notes", NOTES),), SMALL, loss=None, metrics=None, epochs=epochs, callbacks=(notes,))
    ProjectFolder.create(folder / "p", wanted)
    trust.allow_parts(wanted.parts, folder / "p")
    return wanted


@pytest.mark.parametrize("stop_at", [-1, 7])
def test_that_callbacks_are_called_as_fit_calls_them(stop_at: int, tmp_path: Path) -> None:
    wanted = noted(tmp_path, stop_at=stop_at)
    events: list[AnyEvent] = []
    TrainingJob(Train(wanted, str(tmp_path / "p")), Mailbox(), events.append, 1, lambda: (), lambda *_: None).run()
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == ("completed" if stop_at < 0 else "early_stopping"), ended.message
    ours = json.loads((tmp_path / "notes.json").read_text())

    dataset = load_dataset(DATA)
    with own_parts(wanted, tmp_path / "p") as own:
        callback = own.classes["callbacks", "Notes"](str(tmp_path / "theirs.json"), stop_at)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("adam", "mse", metrics=[keras.metrics.MeanAbsoluteError(name="mae")])
    x, y = dataset.x, dataset.y
    valid = (x["validation"], y["validation"])
    batch = next(event for event in events if isinstance(event, RunStarted)).batches_per_epoch
    size = -(-len(x["train"]) // batch)
    model.fit(x["train"], y["train"], size, 2, verbose=0, callbacks=[callback], validation_data=valid)
    theirs = json.loads((tmp_path / "theirs.json").read_text())
    assert [each for each in ours if "test batch" not in each] == [each for each in theirs if "test batch" not in each]


def test_that_a_callback_remembers_what_it_noted_over_a_stop(tmp_path: Path) -> None:
    wanted = noted(tmp_path, epochs=3)
    events: list[AnyEvent] = []
    mailbox = Mailbox()

    def emit(event: AnyEvent) -> None:
        events.append(event)
        if isinstance(event, EpochEnded) and event.epoch == 0:
            mailbox.post(Shutdown())

    TrainingJob(Train(wanted, str(tmp_path / "p")), mailbox, emit, 1, lambda: (), lambda *_: None).run()
    assert not (tmp_path / "notes.json").exists()
    run = next(event for event in events if isinstance(event, RunStarted)).run
    trained(wanted, tmp_path / "p", run)
    seen = json.loads((tmp_path / "notes.json").read_text())
    assert [each for each in seen if each.endswith("begin") and each.startswith("epoch")] == [
        f"epoch {number} begin" for number in range(3)
    ]
    assert seen.count("train begin") == 1


def test_that_a_callback_that_fails_ends_the_run_with_its_line(tmp_path: Path) -> None:
    part = PartSpec("notes", NOTES.replace('self.seen.append(f"epoch {epoch} begin")', "self.nothing()"))
    wanted = msgspec.structs.replace(noted(tmp_path), parts=(part,))
    trust.allow_parts(wanted.parts, tmp_path / "p")
    events: list[AnyEvent] = []
    TrainingJob(Train(wanted, str(tmp_path / "p")), Mailbox(), events.append, 1, lambda: (), lambda *_: None).run()
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "failed"
    assert "notes.py, line 18: AttributeError" in ended.message
