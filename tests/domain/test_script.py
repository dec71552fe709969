"""The exported script: what a learner reads, and that nothing of a person's texts can become code."""

import ast
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dataset import DatasetInfo
from workbench.domain.project import Project
from workbench.domain.samples import samples
from workbench.domain.script import export_script
from workbench.domain.training import EarlyStopping, TrainingSpec
from workbench.domain.tree import (
    AnyNode,
    Block,
    Branches,
    Input,
    Layer,
    ModelTree,
    Repeat,
    Residual,
    Shared,
    Wrapper,
)
from workbench.domain.values import ObjectSpec, Value

INFO = DatasetInfo(
    title="Pictures",
    form="pictures",
    task="multiclass",
    input_shape=(8, 8, 1),
    target_shape=(),
    labels="integer",
    sizes={"train": 1000, "validation": 200, "test": 200},
    classes=("a", "b", "c"),
    script="""\
import csv

import numpy as np

DATA = "data.csv"

with open(DATA) as file:
    x = np.array(list(csv.reader(file)))
""",
    preparation="""\
x_train, x_validation, x_test = np.split(x[:, :-1], 3)
y_train, y_validation, y_test = np.split(x[:, -1], 3)
""",
)


def layer(node_id: str, class_name: str, **params: Value) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params)


def project(*nodes: AnyNode, training: TrainingSpec | None = None, name: str = "Test") -> Project:
    return Project(name=name, model=ModelTree(nodes), training=training or TrainingSpec())


HEAD = (layer("h1", "Flatten"), layer("h2", "Dense", units=3, activation="softmax"))


def script(*nodes: AnyNode, training: TrainingSpec | None = None) -> str:
    return export_script(project(*nodes, training=training), INFO)


def test_that_a_chain_is_a_sequential_model_with_only_what_differs_from_keras_defaults() -> None:
    text = script(
        layer("a", "Conv2D", filters=8, kernel_size=3, strides=1, padding="same", use_bias=True, activation="relu"),
        layer("b", "MaxPooling2D", pool_size=(2, 2)),
        *HEAD,
    )
    assert "model = keras.Sequential(" in text
    assert 'keras.layers.Conv2D(8, 3, padding="same", activation="relu"),' in text
    assert "keras.layers.MaxPooling2D()," in text
    assert 'keras.layers.Dense(3, activation="softmax"),' in text


def test_that_objects_are_written_as_calls_and_names_as_text() -> None:
    text = script(
        layer(
            "a",
            "Dense",
            units=4,
            kernel_initializer=ObjectSpec("HeNormal"),
            bias_initializer="Ones",
            kernel_regularizer=ObjectSpec("L2", {"l2": 0.5}),
            activation=ObjectSpec("leaky_relu", {"negative_slope": 0.1}),
        ),
        *HEAD,
    )
    assert "kernel_initializer=keras.initializers.HeNormal()" in text
    assert 'bias_initializer="ones"' in text
    assert "kernel_regularizer=keras.regularizers.L2(l2=0.5)" in text
    assert "activation=keras.layers.LeakyReLU(negative_slope=0.1)" in text


def test_that_a_network_with_a_skip_is_written_in_the_functional_style() -> None:
    text = script(
        layer("a", "Conv2D", filters=8, kernel_size=3, padding="same"),
        Residual(id="r", children=(layer("b", "Conv2D", filters=8, kernel_size=3, padding="same"),)),
        *HEAD,
    )
    assert "conv2d = keras.layers.Conv2D(" in text
    assert "x = keras.layers.Add()([conv2d, x])" in text
    assert "model = keras.Model(inputs, outputs)" in text


def test_that_a_shared_layer_is_made_once_and_called_twice() -> None:
    first, second = Input(id="i1", shape=(4,)), Input(id="i2", shape=(4,))
    both = Layer(id="d", class_name="Dense", params={"units": 4}, inputs=("i1",))
    again = Shared(id="s", layer="d", inputs=("i2",))
    merged = Layer(id="m", class_name="Concatenate", inputs=("d", "s"))
    text = script(first, second, both, again, merged, layer("o", "Dense", units=3))
    assert text.count("keras.layers.Dense(4)") == 1
    assert "dense_layer(input_layer_1)" in text or "dense_layer(inputs)" in text
    assert "keras.Model([" in text


def test_that_wrappers_hold_their_layer_and_branches_their_merge() -> None:
    inside = Layer(id="l", class_name="LSTM", params={"units": 4})
    text = script(
        layer("f", "Reshape", target_shape=(64, 1)), Wrapper(id="w", class_name="Bidirectional", child=inside), HEAD[1]
    )
    assert "keras.layers.Bidirectional(keras.layers.LSTM(4))" in text
    branches = Branches(
        id="b",
        branches=(
            Block(id="b1", children=(layer("x1", "Dense", units=4),)),
            Block(id="b2", children=(layer("x2", "Dense", units=4),)),
        ),
    )
    assert "keras.layers.Concatenate()([" in script(HEAD[0], branches, HEAD[1])


def test_that_titles_of_blocks_become_headings() -> None:
    text = script(Block(id="b", name="Features", children=(layer("a", "Dense", units=4),)), *HEAD)
    assert "        # Features\n        keras.layers.Dense(4),\n" in text
    again = script(Repeat(id="r", times=3, children=(layer("a", "Dense", units=4),)), *HEAD)
    assert again.count("keras.layers.Dense(4)") == 3
    assert again.count("# Repeat ×3") == 1


def test_that_frozen_and_named_layers_say_so() -> None:
    frozen = Layer(id="a", name="first look", class_name="Dense", params={"units": 4}, trainable=False)
    assert 'keras.layers.Dense(4, trainable=False, name="first_look"),' in script(frozen, *HEAD)


def test_that_layers_which_draw_seeds_when_they_are_built_are_not_put_in_a_list() -> None:
    inside = layer("d", "Dense", units=4)
    text = script(HEAD[0], Wrapper(id="w", class_name="SpectralNormalization", child=inside), HEAD[1])
    assert "keras.Sequential" not in text


def test_that_training_is_complete() -> None:
    training = TrainingSpec(
        optimizer=ObjectSpec(
            "SGD", {"learning_rate": ObjectSpec("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 9})}
        ),
        epochs=7,
        seed=3,
        batch_size=64,
        early_stopping=EarlyStopping(patience=4),
    )
    text = script(*HEAD, training=training)
    for part in (
        "SEED = 3\nBATCH_SIZE = 64\nEPOCHS = 7\n",
        "keras.utils.set_random_seed(SEED)",
        "keras.optimizers.schedules.CosineDecay(",
        "loss=keras.losses.SparseCategoricalCrossentropy(),",
        'keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)',
        '"best.weights.h5"',
        "validation_data=(x_validation, y_validation)",
        "model.evaluate(",
    ):
        assert part in text


def test_that_an_unshuffled_training_needs_no_class_of_batches() -> None:
    text = script(*HEAD, training=TrainingSpec(shuffle=False, keep_best=False))
    assert "PyDataset" not in text
    assert "import math" not in text
    assert "callbacks" not in text
    assert "shuffle=False" in text


def test_that_imports_stand_sorted_at_the_top_once() -> None:
    lines = script(*HEAD).splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert imports == ["import csv", "import math", "import keras", "import numpy as np"]


def test_that_without_data_the_script_says_so_and_still_reads_as_python() -> None:
    text = export_script(project(*HEAD), None)
    assert "# The data are not loaded yet." in text
    ast.parse(text)


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ((layer("a", "Dense(1); import os", units=1),), "The network cannot be written yet."),
        ((Layer(id="a", class_name="Dense", inputs=("gone",)),), "which is not there"),
        ((layer("a", "Dense", **{"units=print(1), x": 1}),), "cannot be used as a name"),
    ],
)
def test_that_a_broken_network_is_told_in_a_comment(nodes: tuple[AnyNode, ...], said: str) -> None:
    text = export_script(project(*nodes), INFO)
    ast.parse(text)
    comments = " ".join(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
    assert "The network cannot be written yet." in comments
    assert "import os" not in "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert said in comments or "there any more" in comments


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            '"""\nimport os\n"""',
            "\\",
            '\\"""',
            "a\rimport os",
            "# -*- coding: utf-7 -*-",
            "x\u2028import os",
            "\x00",
            "\ud800",
            "'); import os; ('",
            "{0}",
            "print",
            "keras",
            "x_train",
            "len",
            "class",
        ]
    ),
)


def shape_of(text: str) -> str:
    """The structure of a script: its syntax tree without texts and names of variables."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        elif isinstance(node, ast.keyword) and node.arg == "name":
            node.arg = "name"
        elif isinstance(node, ast.Name):
            node.id = "v"
    return ast.dump(tree)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_that_no_text_of_a_person_becomes_code(name: str, block: str, text: str) -> None:
    def made(name: str, block: str, text: str) -> str:
        nodes = (
            Block(id="b", name=block, children=(layer("a", "Conv2D", filters=8, kernel_size=3, padding="same"),)),
            Residual(id="r", name="res", children=(layer("c", "Conv2D", filters=8, kernel_size=3, padding=text),)),
            *HEAD,
        )
        training = TrainingSpec(early_stopping=EarlyStopping(monitor=text))
        return export_script(project(*nodes, training=training, name=name), INFO)

    assert shape_of(made(name, block, text)) == shape_of(made("plain", "plain", "plain"))


@given(HOSTILE)
def test_that_names_of_layers_never_hide_names_the_script_needs(name: str) -> None:
    node = Layer(id="a", name=name, class_name="Conv2D", params={"filters": 8, "kernel_size": 3, "padding": "same"})
    text = script(node, Residual(id="r", children=(layer("c", "Conv2D", filters=8, kernel_size=3),)), *HEAD)
    assigned = {
        target.id
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert not assigned & {"keras", "np", "math", "len", "print", "super"}


def test_that_the_scripts_of_all_samples_are_formatted_as_ruff_would(tmp_path: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    for entry in samples():
        shown = msgspec.structs.replace(entry.project.training, early_stopping=EarlyStopping())
        text = export_script(msgspec.structs.replace(entry.project, training=shown), INFO)
        (tmp_path / f"{entry.id}.py").write_text(text, encoding="utf-8")
    (tmp_path / "functional.py").write_text(
        script(
            layer("a", "Conv2D", filters=8, kernel_size=3, padding="same", kernel_initializer=ObjectSpec("HeNormal")),
            Residual(
                id="r",
                children=(
                    layer("b", "Conv2D", filters=8, kernel_size=3, padding="same", kernel_regularizer=ObjectSpec("L2")),
                ),
            ),
            *HEAD,
        ),
        encoding="utf-8",
    )
    for words in (("format", "--check"), ("check", "--select", "E,F,W,I", "--ignore", "E501")):
        done = subprocess.run(
            [ruff, *words, "--isolated", "--no-cache", "--line-length", "100", tmp_path], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
