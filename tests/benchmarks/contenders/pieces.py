"""A small network on large data through the workbench's Session; prints what it took.

Arguments: the kind of source, the file or folder, how it is read ("memory" or "pieces"), epochs.
"""

import json
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue

from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import Value
from workbench.engine.session import Session
from workbench.protocol.commands import LoadData, Train
from workbench.protocol.events import AnyEvent, DataLoaded, EpochEnded, Failed, Ready, RunEnded, RunStarted


def layer(name: str, **params: Value) -> Layer:
    return Layer(id=f"{name}-{len(params)}-{params.get('units', 0)}", class_name=name, params=params)


def network(source: str) -> tuple[Layer, ...]:
    """About as fast as a small network of its kind is, so that the data must come fast."""
    if source == "csv":
        return layer("Dense", units=32, activation="relu"), layer("Dense", units=1, activation="sigmoid")
    last = layer("Dense", units=10, activation="softmax")
    if source == "images":
        convolution = layer("Conv2D", filters=8, kernel_size=3, strides=2, activation="relu")
        return convolution, layer("GlobalAveragePooling2D"), last
    return layer("Dense", units=32, activation="relu"), last


def project(source: str, path: str, reading: str, epochs: int) -> Project:
    data = DatasetSpec(SourceSpec(source, {"path": path, "reading": reading}), split=Split(0.05, 0.05))
    training = TrainingSpec(batch_size=256, epochs=epochs, seed=1)
    return Project(name="data", data=data, model=ModelTree(network(source)), training=training)


def main(source: str, path: str, reading: str, epochs: str) -> None:
    events: SimpleQueue[tuple[float, AnyEvent]] = SimpleQueue()
    session = Session(lambda event: events.put((time.perf_counter(), event)))

    def until(*kinds: type[AnyEvent]) -> tuple[float, AnyEvent]:
        while True:
            moment, event = events.get()
            assert not isinstance(event, Failed), event
            if isinstance(event, kinds):
                return moment, event

    wanted = project(source, path, reading, int(epochs))
    with tempfile.TemporaryDirectory() as place:
        folder = ProjectFolder.create(Path(place) / "project", wanted)
        until(Ready)
        asked = time.perf_counter()
        session.handle(LoadData(1, wanted.data))
        opened, loaded = until(DataLoaded)
        assert isinstance(loaded, DataLoaded)
        sizes = loaded.info.stream.sizes if loaded.info.stream is not None else loaded.info.sizes
        session.handle(Train(wanted, str(folder.path)))
        moments = [until(RunStarted)[0]]
        while not isinstance((found := until(EpochEnded, RunEnded))[1], RunEnded):
            moments.append(found[0])
        session.close()
    rates = [sizes["train"] / (end - begin) for begin, end in pairwise(moments)]
    last = rates[1:] or rates
    rate = len(last) / sum(1 / each for each in last)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e3 if sys.platform != "darwin" else 1e6)
    sys.stdout.write(json.dumps({"opened": opened - asked, "first": rates[0], "rate": rate, "peak": peak}) + "\n")


main(*sys.argv[1:])
