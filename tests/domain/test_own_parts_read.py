"""What is read from a part's text without running it, and how the project, its file and its script tell of parts."""

from pathlib import Path

import pytest
from samples_of_info import table

from workbench.domain import project_file, trust
from workbench.domain.catalogue import load_catalogue
from workbench.domain.checks import find_problems
from workbench.domain.defaults import resolve
from workbench.domain.files import StoreError
from workbench.domain.parts.fault import placed
from workbench.domain.parts.files import write_parts
from workbench.domain.parts.read import read_parts
from workbench.domain.parts.scope import parts_known
from workbench.domain.parts.spec import PartSpec
from workbench.domain.parts.templates import TEMPLATES, Template, free_name
from workbench.domain.parts.used import uses_of
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.summary import ModelSummary, NodeError
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.trust import OFF
from workbench.domain.values import ObjectSpec

FORM = '''
from typing import Literal

import keras
from tensorflow import keras as other
from keras import layers as kl


class _Base(kl.Layer):
    def call(self, inputs):
        return inputs


class Mine(_Base):
    """Does little. And more.

    Args:
        units: How many
            come out.
    """

    def __init__(
        self,
        units: int,
        rate: float = 1,
        mode: Literal["soft", "hard"] = "hard",
        kernel_initializer="glorot_uniform",
        activation: "str | None" = None,
        sizes: tuple[int, ...] = (1, 2),
        on=True,
        limit: float | None = None,
        made=object(),
        **kwargs,
    ):
        super().__init__(**kwargs)


class Wide(other.layers.Dense):
    pass


class Pair(_Base):
    def call(self, query, value):
        return query
'''


NO_REST = "import keras\nclass A(keras.Layer):\n    def __init__(self, a):\n        pass\n    def call(self, x): pass\n"
NO_CONFIG = """\
import keras
class A(keras.Loss):
    def __init__(self, a=1, **kwargs):
        super().__init__(**kwargs)
    def call(self, y, p):
        return p
"""


def faults(source: str) -> list[str]:
    return [fault.sentence for fault in read_parts((PartSpec("mine", source),)).faults]


def test_that_the_constructor_becomes_a_form() -> None:
    reading = read_parts((PartSpec("mine", FORM),))
    assert not reading.faults
    assert [part.entry.name for part in reading.parts] == ["Mine", "Wide", "Pair"]
    entry = reading.parts[0].entry
    assert (entry.summary, entry.group, entry.own) == ("Does little.", "Own parts", "mine")
    kinds = {param.name: (param.kind, param.default) for param in entry.params}
    assert kinds == {
        "units": ("int", 32),
        "rate": ("float", 1.0),
        "mode": ("choice", "hard"),
        "kernel_initializer": ("object", "GlorotUniform"),
        "activation": ("object", None),
        "sizes": ("ints", (1, 2)),
        "on": ("bool", True),
        "limit": ("float", None),
        "made": ("value", None),
    }
    assert entry.params[0].required
    assert entry.params[0].help == "How many come out."
    assert entry.params[2].choices == ("soft", "hard")
    dense = load_catalogue().entry("layers", "Dense")
    assert reading.parts[1].entry.params == dense.params
    assert reading.parts[2].entry.call == "pair"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.file)
def test_that_each_template_is_one_part_without_fault(template: Template) -> None:
    reading = read_parts((PartSpec(template.name, template.source),))
    assert not reading.faults
    assert len(reading.parts) == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("class A(:\n", "mine.py, line 1: Python cannot read this"),
        ("x = 1\n", "mine.py: No part begins"),
        ("import keras\nclass Huber(keras.losses.Loss): pass\n", "line 2: Keras has a loss called Huber already"),
        ("import keras\nclass A(keras.Layer): pass\n", "line 2: A has no method call"),
        ("import keras\nclass A(keras.layers.Wrapper): pass\n", "A wrapper cannot be a part"),
        (NO_REST, "line 3: Let __init__ take **kwargs"),
        (NO_CONFIG, "line 3: Write get_config, which returns a dict with a"),
        ("import keras\nclass A(keras.Metric): pass\n", "A has no method update_state"),
        ("(" * 5000, "mine.py"),
    ],
)
def test_that_what_keras_would_stumble_over_is_told_with_its_line(source: str, told: str) -> None:
    assert any(told in sentence for sentence in faults(source))


def test_that_two_parts_of_one_name_are_told_apart() -> None:
    source = TEMPLATES[1].source
    reading = read_parts((PartSpec("one", source), PartSpec("two", source)))
    assert [part.entry.own for part in reading.parts] == ["one"]
    assert "one.py has a layer called Linear too" in reading.faults[0].message
    assert placed(reading.faults[0].sentence) == ("two", reading.faults[0].line)


def project() -> Project:
    parts = tuple(PartSpec(template.name, template.source) for template in TEMPLATES[:2])
    nodes = (
        Layer(id="a", class_name="Linear", params={"units": 3, "activation": "relu"}),
        Layer(id="b", class_name="Dense", params={"units": 1}),
    )
    spec = TrainingSpec(loss=ObjectSpec("SmoothHuber", {"delta": 2.0}))
    return Project(parts=parts, model=ModelTree(nodes=nodes), training=spec)


def test_that_a_project_without_parts_is_written_as_before() -> None:
    assert b"parts" not in project_file.encode(Project())
    assert project_file.decode(project_file.encode(project()), "it") == project()


@pytest.mark.parametrize(
    "parts",
    [
        (PartSpec("../up", "x"),),
        (PartSpec("a", "x" * 70_000),),
        (PartSpec("a", "x"), PartSpec("a", "y")),
        tuple(PartSpec(f"a{number}", "") for number in range(60)),
    ],
)
def test_that_strange_parts_are_refused_when_a_project_is_read(parts: tuple[PartSpec, ...]) -> None:
    with pytest.raises(StoreError, match="not a valid project"):
        project_file.decode(project_file.encode(Project(parts=parts)), "it")


def test_that_parts_are_known_only_where_their_project_is_looked_at() -> None:
    assert not any(problem.code == "unknown_class" for problem in find_problems(project()))
    with pytest.raises(KeyError):
        load_catalogue().entry("layers", "Linear")
    with parts_known(project().parts):
        assert load_catalogue().entry("layers", "Linear").own == "linear"
    assert uses_of(project(), "losses", "SmoothHuber") == 1


def test_that_a_part_that_is_not_allowed_is_a_matter_of_reading_and_not_of_its_parameters() -> None:
    node = next(node for node in project().model.nodes if getattr(node, "class_name", "") == "Linear")
    error = NodeError(node.id, f"Linear is Python code of this project, which {OFF}: read it.")
    (problem,) = (each for each in find_problems(project(), None, ModelSummary(error=error)) if each.node_id == node.id)
    assert problem.code == "own_part", "which leads to the window of own parts"
    assert OFF in problem.message
    assert "Allow" in problem.detail
    assert problem.repairs == (), "there is nothing to disable or to remove"


def test_that_a_broken_part_stops_training_only_where_it_is_used() -> None:
    broken = PartSpec("broken", "import keras\nclass Other(keras.Layer): pass\n")
    parts = (*project().parts, broken)
    wanted = Project(parts=parts, model=project().model)
    assert [(p.severity, p.code) for p in find_problems(wanted) if p.code == "own_part"] == [("warning", "own_part")]
    used = Project(parts=parts, model=ModelTree(nodes=(Layer(id="a", class_name="Other"),)))
    assert [p.severity for p in find_problems(used) if p.code == "own_part"] == ["error"]


def test_that_an_own_layer_that_is_not_built_leads_to_its_code_and_not_to_a_form() -> None:
    found = find_problems(project(), None, ModelSummary(error=NodeError("a", "It has no call.")))
    (problem,) = (each for each in found if "cannot be built" in each.message)
    assert (problem.code, problem.node_id) == ("own_part", "a")
    assert "Own parts" in problem.detail
    found = find_problems(project(), None, ModelSummary(error=NodeError("b", "It is not as it takes it.")))
    assert [each.code for each in found if "cannot be built" in each.message] == ["build"]


def test_that_what_keras_says_is_not_said_twice() -> None:
    found = find_problems(project(), None, ModelSummary(error=NodeError("b", "No axis 3.", "No axis 3")))
    (problem,) = (each for each in found if "cannot be built" in each.message)
    assert "No axis 3" in problem.message
    assert "No axis 3" not in problem.detail
    assert problem.detail, "what to do instead"


def test_that_the_script_imports_the_parts_that_lie_beside_it(tmp_path: Path) -> None:
    script = export_script(project(), table("regression"))
    assert "import parts.linear\nimport parts.smooth_huber\n" in script
    assert "parts.linear.Linear(3, activation=" in script
    assert "loss=parts.smooth_huber.SmoothHuber(delta=2.0)" in script
    written = write_parts(tmp_path, project())
    assert [path.name for path in written] == ["__init__.py", "smooth_huber.py", "linear.py"]
    assert "register_keras_serializable" in written[1].read_text()
    write_parts(tmp_path, project())
    written[1].write_text("mine")
    with pytest.raises(StoreError, match="is there already"):
        write_parts(tmp_path, project())
    assert written[1].read_text() == "mine"


def test_that_each_text_of_parts_is_allowed_by_itself(tmp_path: Path) -> None:
    one, two = (PartSpec("a", "1"),), (PartSpec("a", "2"),)
    assert trust.parts_allowed((), tmp_path)
    assert not trust.parts_allowed(one, tmp_path)
    trust.allow_parts(one, tmp_path)
    assert trust.parts_allowed(one, tmp_path)
    assert not trust.parts_allowed(two, tmp_path)
    assert not trust.parts_allowed(one, tmp_path / "elsewhere")
    trust.allow_parts(two, tmp_path)
    assert trust.parts_allowed(one, tmp_path)
    trust.follow(tmp_path, tmp_path / "copy")
    assert trust.parts_allowed(one, tmp_path / "copy")
    trust.withdraw_parts(tmp_path)
    assert not trust.parts_allowed(one, tmp_path)
    assert free_name("a", ("a", "a_2")) == "a_3"


def test_that_nothing_is_assumed_of_what_an_own_activation_gives() -> None:
    part = PartSpec("mine", "def my_softmax(x):\n    return x\n")
    nodes = (Layer(id="a", class_name="Dense", params={"units": 3, "activation": "my_softmax"}),)
    wanted = Project(parts=(part,), model=ModelTree(nodes=nodes))
    assert resolve(wanted, table()).loss == ObjectSpec("SparseCategoricalCrossentropy")
    assert not [problem for problem in find_problems(wanted, table()) if problem.severity == "error"]
