"""Keeps a changed network as a run of its own."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.domain import project_file
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.domain.surgery import Operation, sentence
from workbench.engine.model_files import save_model
from workbench.engine.probes.base import Subject
from workbench.engine.runs import MODEL_FILE, PROJECT_FILE, now

_TOLD = 6


def keep(
    folder: Path, run: str, name: str, subject: Subject, operations: Sequence[Operation], metrics: Mapping[str, float]
) -> str:
    """Write a new run with the network, beside the run that it was made of, and give its id. It is written whole or
    not at all. Raises StoreError and OSError."""
    import keras

    store = ProjectFolder(folder)
    before = store.read_run(run)
    record = RunRecord(
        id=store.new_run_id(),
        name=name.strip()[:200] or f"{before.name}, changed",
        status="ended",
        reason="completed",
        message=_message(before.name, operations),
        started=now(),
        ended=now(),
        seed=before.seed,
        epochs_planned=0,
        environment=before.environment,
        last=dict(metrics),
        data=before.data,
        layers=sum(not isinstance(layer, keras.layers.InputLayer) for layer in subject.model.layers),
        params=subject.model.count_params(),
    )
    with tempfile.TemporaryDirectory() as place:
        model = Path(place) / MODEL_FILE
        save_model(subject.model, subject.project, model)
        files = {PROJECT_FILE: project_file.encode(subject.project), MODEL_FILE: model.read_bytes()}
    store.create_run(record, files)
    return record.id


def _message(name: str, operations: Sequence[Operation]) -> str:
    told = " ".join(sentence(each) for each in operations[:_TOLD])
    more = f" And {len(operations) - _TOLD:,} more." if len(operations) > _TOLD else ""
    return f"Made by hand from “{name}”. {told}{more}"
