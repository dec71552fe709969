"""What each phase of a training trains, as projects, edits, problems and source."""

import msgspec
import pytest
from samples_of_info import table

from workbench.domain import edits, project_file
from workbench.domain.checks import find_problems
from workbench.domain.freezing import frozen_layers
from workbench.domain.phases import phase_optimizer, phase_projects, total_epochs
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.training import PhaseSpec, TrainingSpec
from workbench.domain.tree import Block, Layer, ModelTree
from workbench.domain.values import ObjectSpec


def layer(node_id: str, class_name: str = "Dense") -> Layer:
    params = {"units": 3, "activation": "softmax"} if class_name == "Dense" else {}
    return Layer(id=node_id, class_name=class_name, params=params)  # type: ignore[arg-type]


IRIS = table()
BASE = Block(id="base", trainable=False, children=(layer("a"), layer("n", "BatchNormalization"), layer("b")))


def phased(*phases: PhaseSpec, **training: object) -> Project:
    spec = msgspec.structs.replace(TrainingSpec(epochs=4, phases=phases), **training)
    return Project(model=ModelTree((BASE, layer("c"))), training=spec)


def frozen_in(phase: PhaseSpec) -> str:
    return "".join(sorted(frozen_layers(phase_projects(phased(phase))[1].model)))


def test_that_a_phase_adds_to_what_learns() -> None:
    assert frozen_in(PhaseSpec()) == "n", "normalization stays frozen"
    assert frozen_in(PhaseSpec(keep_normalization=False)) == ""
    assert frozen_in(PhaseSpec(trains="same")) == "abn"
    assert frozen_in(PhaseSpec(trains="top", top=2)) == "an"
    assert frozen_in(PhaseSpec(trains="top", top=2, within="base", keep_normalization=False)) == "a"
    assert frozen_in(PhaseSpec(trains="chosen", nodes=("a", "gone"))) == "bn"
    assert frozen_in(PhaseSpec(trains="chosen", nodes=("base",))) == "n"
    assert frozen_in(PhaseSpec(trains="top", within="gone")) == "abn"


def test_that_the_first_phase_is_the_project_and_the_epochs_add_up() -> None:
    project = phased(PhaseSpec(epochs=3), PhaseSpec(epochs=2))
    first = phase_projects(project)[0]
    assert first.model == project.model
    assert first.training == TrainingSpec(epochs=4)
    assert total_epochs(project.training) == 9


@pytest.mark.parametrize(
    ("optimizer", "phase", "rate"),
    [
        (None, PhaseSpec(), 0.0001),
        (ObjectSpec("SGD"), PhaseSpec(), 0.001),
        (ObjectSpec("Adam", {"learning_rate": 0.003}), PhaseSpec(), 0.0003),
        (ObjectSpec("Adam", {"learning_rate": 0.003}), PhaseSpec(learning_rate=0.5), 0.5),
        (
            ObjectSpec(
                "Adam", {"learning_rate": ObjectSpec("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 5})}
            ),
            PhaseSpec(factor=0.5),
            ObjectSpec("CosineDecay", {"initial_learning_rate": 0.05, "decay_steps": 5}),
        ),
    ],
)
def test_that_the_rate_is_a_tenth_unless_it_is_set(
    optimizer: ObjectSpec | None, phase: PhaseSpec, rate: float | ObjectSpec
) -> None:
    assert phase_optimizer(optimizer, phase).params["learning_rate"] == rate


def test_that_a_project_without_phases_is_written_as_before() -> None:
    assert b"phases" not in project_file.encode(phased())
    assert b"store_features" not in project_file.encode(phased())
    assert project_file.decode(project_file.encode(phased(PhaseSpec(top=2))), "").training.phases == (PhaseSpec(top=2),)


def test_that_phases_are_added_changed_and_removed() -> None:
    project = edits.add_phase(PhaseSpec(epochs=2))(phased())
    project = edits.set_phase(0, trains="same")(edits.add_phase()(project))
    assert project.training.phases == (PhaseSpec(epochs=2, trains="same"), PhaseSpec())
    assert edits.remove_phase(0)(project).training.phases == (PhaseSpec(),)
    assert edits.set_phase(7, epochs=3)(project) is project
    assert edits.remove_phase(2)(project) is project
    many = phased(*[PhaseSpec()] * 20)
    with pytest.raises(edits.EditError, match="at most 20"):
        edits.add_phase()(many)


@pytest.mark.parametrize(
    ("phase", "code"),
    [
        (PhaseSpec(epochs=0), "phase_epochs"),
        (PhaseSpec(learning_rate=0.0), "phase_rate"),
        (PhaseSpec(factor=float("inf")), "phase_rate"),
        (PhaseSpec(trains="chosen", nodes=("gone",)), "phase_layers"),
        (PhaseSpec(trains="top", top=1), "phase_layers"),
    ],
)
def test_that_what_a_phase_cannot_be_is_told_with_a_way_out(phase: PhaseSpec, code: str) -> None:
    project = phased(phase)
    problem = next(problem for problem in find_problems(project, IRIS) if problem.code == code)
    for repair in problem.repairs:
        assert code not in {each.code for each in find_problems(repair.edit(project), IRIS)}


def test_that_the_script_compiles_and_fits_again() -> None:
    text = export_script(phased(PhaseSpec(), PhaseSpec(name="Last", epochs=1, trains="same")), IRIS)
    assert "batches = Batches()" in text
    assert 'for name in ("dense", "dense_1"):\n    model.get_layer(name).trainable = True' in text
    assert 'for name in ("dense", "dense_1"):\n    model.get_layer(name).trainable = False' in text
    assert text.count("model.compile(") == 3
    assert "initial_epoch=done," in text
    assert "epochs=done + 10," in text
    assert 'keras.layers.Dense(3, activation="softmax", name="dense_2")' in text, "Keras would call it dense"
    compile(text, "script.py", "exec")
