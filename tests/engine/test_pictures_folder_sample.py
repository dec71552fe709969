"""The sample “Pictures from a folder” keeps what its notes say: random changes lift it, and it knows own pictures."""

import msgspec
import pytest
from trainings import new_folder, talk

from workbench.domain.samples import sample
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Evaluate, Predict
from workbench.protocol.events import Evaluated, Predicted

ENTRY = sample("pictures_folder")
KINDS = ("circle", "cross", "square", "triangle")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_random_changes_lift_the_accuracy_and_own_pictures_are_known(tmp_path):
    plain = msgspec.structs.replace(ENTRY.project, data=msgspec.structs.replace(ENTRY.project.data, augmentation=()))
    accuracies = []
    with talk() as engine:
        for name, project in (("changed", ENTRY.project), ("plain", plain)):
            folder = new_folder(tmp_path / name, project)
            ENTRY.unpack(folder.path)
            run = engine.train(folder, project).run
            accuracies.append(engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics["accuracy"])
            if name == "changed":
                own = tuple(Sample(path=str(folder.path / "try" / f"{kind}.jpg")) for kind in KINDS)
                predicted = engine.ask(Predict(6, str(folder.path), run, own), Predicted).predictions
                assert [each.label for each in predicted] == list(KINDS)
    assert accuracies == [pytest.approx(0.96, abs=0.03), pytest.approx(0.83, abs=0.06)]
