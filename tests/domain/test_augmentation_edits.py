"""Random changes and balance in a project: edits, what they mean for the arrays, problems with repairs, the script."""

import ast

import msgspec
import pytest
from samples_of_info import pictures, table

from workbench.domain.augmentation import change, changes, completed, new_change, value_range
from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.edits import add_change, move_change, remove_change, set_change_params
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec

FLIP = ObjectSpec("RandomFlip", {"mode": "horizontal"})
MIX = ObjectSpec("MixUp", {"alpha": 0.4})
LAST = Layer(id="2", class_name="Dense", params={"units": 10, "activation": "softmax"})
NETWORK = ModelTree((Layer(id="1", class_name="Flatten"), LAST))


def project(*specs: ObjectSpec, **data: object) -> Project:
    spec = DatasetSpec(SourceSpec("digits"), augmentation=specs, **data)  # type: ignore[arg-type]
    return Project(data=spec, model=NETWORK)


def codes(project: Project, info: DatasetInfo) -> list[str]:
    return [problem.code for problem in find_problems(project, info)]


def test_that_changes_are_added_moved_set_and_removed() -> None:
    made = add_change(MIX)(add_change(FLIP)(project()))
    assert made.data.augmentation == (FLIP, MIX)
    assert move_change(1, 0, "MixUp")(made).data.augmentation == (MIX, FLIP)
    assert move_change(0, 5, "MixUp")(made) is made
    assert set_change_params(1, {}, "MixUp")(made).data.augmentation[1] == ObjectSpec("MixUp")
    assert remove_change(0, "RandomFlip")(made).data.augmentation == (MIX,)
    assert add_change(FLIP).name == "Add RandomFlip"


def test_that_projects_from_before_are_written_as_before() -> None:
    assert b"augmentation" not in msgspec.json.encode(DatasetSpec(SourceSpec("digits")))
    assert b"balance" not in msgspec.json.encode(DatasetSpec(SourceSpec("digits")))


def test_that_only_mixed_labels_change_the_arrays() -> None:
    plain = DatasetSpec(SourceSpec("digits"))
    assert plain.arrays is plain
    assert project(FLIP, balance="oversample").data.arrays == plain
    assert project(MIX).data.arrays == msgspec.structs.replace(plain, labels="one_hot")
    assert project(MIX, labels="integer").data.arrays.labels == "integer"


@pytest.mark.parametrize(
    ("scaling", "low", "high", "expected"),
    [
        ("divide_255", 0.0, 0.9, (0.0, 1.0)),
        ("none", 0.0, 1.0, (0.0, 1.0)),
        ("none", 0.0, 240.0, (0.0, 255.0)),
        ("standardize", -1.5, 2.0, (-1.5, 2.0)),
        ("standardize", 0.0, 0.0, (0.0, 1.0)),
    ],
)
def test_that_layers_are_told_the_range_of_the_pictures(
    scaling: str, low: float, high: float, expected: tuple[float, float]
) -> None:
    info = pictures(scaling=scaling, input_low=low, input_high=high)
    assert value_range(info) == expected
    assert completed(ObjectSpec("RandomBrightness"), info).params["value_range"] == expected
    own = ObjectSpec("RandomBrightness", {"value_range": (0.0, 2.0)})
    assert completed(own, info) == own
    assert completed(FLIP, info) == FLIP


def test_that_every_layer_begins_with_values_that_the_catalogue_knows() -> None:
    info = pictures(shape=(20, 30, 3), labels="one_hot")
    for entry in changes():
        known = {param.name for param in entry.params}
        assert known >= new_change(entry, info).params.keys()
        assert codes(project(new_change(entry, info)), info) == []
    resizing = change("Resizing")
    assert resizing is not None
    assert new_change(resizing, info).params == {"height": 20, "width": 30}


@pytest.mark.parametrize(
    ("spec", "info"),
    [
        (FLIP, table()),
        (MIX, pictures(labels="integer")),
        (ObjectSpec("RandomHue", {"factor": 0.1}), pictures()),
        (FLIP, pictures(target_shape=(8, 8, 1), form="volumes")),
        (ObjectSpec("AugMix"), pictures(shape=(8, 8, 3))),
        (ObjectSpec("Dense", {"units": 1}), pictures()),
    ],
)
def test_that_what_does_not_suit_the_data_is_a_problem_and_its_repairs_mend_it(
    spec: ObjectSpec, info: DatasetInfo
) -> None:
    made = project(spec, labels="integer")
    problem = next(each for each in find_problems(made, info) if each.code == "augmentation_against_data")
    assert problem.severity == "error"
    for repair in problem.repairs:
        mended = repair.edit(made)
        after = msgspec.structs.replace(info, labels=mended.data.labels)
        assert "augmentation_against_data" not in codes(mended, after)
    assert len(problem.repairs) == (2 if spec is MIX else 1)


def test_that_numbers_cannot_be_balanced_and_rare_classes_can_by_one_click() -> None:
    made = project(balance="class_weights")
    problem = next(each for each in find_problems(made, table("regression")) if each.code == "balance_without_classes")
    assert problem.repairs[0].edit(made).data.balance == "none"
    masks = pictures(target_shape=(8, 8, 1))
    assert "balance_without_classes" in codes(project(balance="oversample"), masks)
    rare = pictures(class_counts={"train": (1000, *[100] * 9)})
    problem = next(each for each in find_problems(project(), rare) if each.code == "unbalanced_classes")
    mended = problem.repairs[0].edit(project())
    assert mended.data.balance == "class_weights"
    assert "unbalanced_classes" not in codes(mended, rare)


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("specs", [(FLIP,), (MIX,), (ObjectSpec("CutMix"), FLIP, MIX)])
def test_that_the_script_says_all_of_it_in_python(specs: tuple[ObjectSpec, ...], shuffle: bool) -> None:
    made = project(*specs, balance="class_weights")
    made = msgspec.structs.replace(made, training=TrainingSpec(shuffle=shuffle))
    text = export_script(made, pictures(labels="one_hot", script="x = y = 1\n", preparation="x_train = x\n"))
    ast.parse(text)
    assert ("keras.layers.RandomFlip" in text) == (FLIP in specs)
    assert ("def mix_up" in text) == (MIX in specs)
    assert "class_weight=class_weight" in text
    assert ("permutation(len(x_train))" in text) == shuffle
    assert "\n\n\n\n" not in text
    assert max(map(len, text.splitlines())) <= 110
