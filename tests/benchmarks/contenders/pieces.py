"""A small dense network on a large table through the workbench's Session; prints what it took.

Arguments: the table, how it is read ("memory" or "pieces"), epochs.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from queue import SimpleQueue

from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.engine.session import Session
from workbench.protocol.commands import LoadData, Train
from workbench.protocol.events import AnyEvent, DataLoaded, EpochEnded, Failed, Ready, RunEnded, RunStarted


def project(table: str, reading: str, epochs: int) -> Project:
    nodes = (
        Layer(id="a", class_name="Dense", params={"units": 32, "activation": "relu"}),
        Layer(id="b", class_name="Dense", params={"units": 1, "activation": "sigmoid"}),
    )
    data = DatasetSpec(SourceSpec("csv", {"path": table, "reading": reading}), split=Split(0.05, 0.05))
    training = TrainingSpec(batch_size=256, epochs=epochs, seed=1)
    return Project(name="table", data=data, model=ModelTree(nodes), training=training)


def main(table: str, reading: str, epochs: str) -> None:
    events: SimpleQueue[tuple[float, AnyEvent]] = SimpleQueue()
    session = Session(lambda event: events.put((time.perf_counter(), event)))

    def until(*kinds: type[AnyEvent]) -> tuple[float, AnyEvent]:
        while True:
            moment, event = events.get()
            assert not isinstance(event, Failed), event
            if isinstance(event, kinds):
                return moment, event

    wanted = project(table, reading, int(epochs))
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
    first = 1 if len(moments) > 2 else 0
    rate = (len(moments) - 1 - first) * sizes["train"] / (moments[-1] - moments[first])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e3 if sys.platform != "darwin" else 1e6)
    sys.stdout.write(json.dumps({"opened": opened - asked, "rate": rate, "peak": peak}) + "\n")


main(*sys.argv[1:])
