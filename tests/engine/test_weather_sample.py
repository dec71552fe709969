"""The sample “Weather” keeps what its notes say: a recurrent network forecasts better than yesterday's temperature and
better than a dense network, on months that nobody trained on."""

import re

import msgspec
import numpy as np
import pytest
from trainings import layer

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.tree import ModelTree
from workbench.engine.build import build_model, compile_model
from workbench.engine.data import load_dataset

pytestmark = pytest.mark.engine


def as_yesterday(dataset):
    """The mean absolute error of saying that it will be as warm as a day before, °F."""
    last = dataset.inputs("test", range(dataset.info.sizes["test"]))[:, -1, dataset.info.features.index("temp")]
    return float(np.abs(last - dataset.values["test"][:, 0]).mean())


def error_of(project: Project, epochs: int) -> float:
    """The mean absolute error on the test months after training, °F."""
    dataset = load_dataset(project.data)
    model = build_model(project, dataset.info, seed=project.training.seed)
    compile_model(model, project, dataset.info)
    model.fit(dataset.x["train"], dataset.y["train"], batch_size=64, epochs=epochs, verbose=0)
    said = model.predict(dataset.x["test"], verbose=0)
    return float(np.abs(said - dataset.y["test"]).mean())


def test_that_the_notes_tell_the_error_of_yesterday_in_the_test_months():
    entry = sample("weather")
    dataset = load_dataset(entry.project.data)
    said = re.search(r"as yesterday[^.]*?(\d+\.\d)", entry.notes)
    assert said is not None
    assert as_yesterday(dataset) == pytest.approx(float(said[1]), abs=0.05)
    assert dataset.info.series.spans["test"] == ("2013-11-07 02:00", "2013-12-30 23:00")


@pytest.mark.slow
def test_that_the_recurrent_network_beats_yesterday_and_a_dense_network():
    project = sample("weather").project
    fewer = {**project.data.source.params, "length": 36, "stride": 7}
    project = msgspec.structs.replace(project, data=DatasetSpec(SourceSpec("weather", fewer)))
    nodes = (
        layer("Flatten"),
        layer("Dense", units=64, activation="relu"),
        layer("Dense", units=32, activation="relu"),
        layer("Dense", units=1),
        layer("Rescaling", scale=19.0, offset=58.0),
    )
    recurrent = error_of(project, epochs=4)
    dense = error_of(msgspec.structs.replace(project, model=ModelTree(nodes)), epochs=4)
    assert recurrent < as_yesterday(load_dataset(project.data)) - 0.3
    assert recurrent < dense
