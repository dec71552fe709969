"""Python as people have it becomes calls of layers without being run."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_snippets import SNIPPETS

from workbench.domain import project_file
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.graph import MAX_STEPS, layout
from workbench.domain.project import Project
from workbench.domain.reading import tree_of
from workbench.domain.reading.python import read_python
from workbench.domain.training import EarlyStopping
from workbench.domain.tree import Block, Branches, Residual
from workbench.domain.values import ObjectSpec


@pytest.mark.parametrize("name", SNIPPETS)
def test_that_a_snippet_of_a_course_is_read(name: str) -> None:
    snippet = SNIPPETS[name]
    script = read_python(snippet.text)
    assert script.calls is not None, [str(each) for each in script.unread]
    read = [call.class_name for call in script.calls.calls if not call.is_input]
    assert read == snippet.classes.split()
    told = [str(each) for each in script.unread]
    assert len(told) == len(snippet.unread), told
    for part in snippet.unread:
        assert any(part in sentence for sentence in told), (part, told)
    tree, _ = tree_of(script.calls)
    assert len(layout(tree).steps) >= len(read)


HOSTILE = {
    "parentheses": "(" * 100_000,
    "balanced parentheses": "(" * 90 + "1" + ")" * 90,
    "signs": "x = " + "-" * 100_000 + "1",
    "sum": "x = " + "1+" * 100_000 + "1\nDense(3)",
    "long sum": "x = " + "+".join(["y"] * 2_000) + "\nmodel = Sequential([Dense(3)])",
    "attributes": "x" + ".a" * 100_000,
    "calls": "x" + "()" * 50_000,
    "power": "n = 10**10**10\nmodel = Sequential([Dense(n)])",
    "tower": "n = 2\nfor i in range(900):\n    n = n ** n\nmodel = Sequential([Dense(n)])",
    "shift": "model = Sequential([Dense(1 << 10**9)])",
    "digits": "model = Sequential([Dense(" + "9" * 5_000 + ")])",
    "endless": "model = Sequential()\nwhile True:\n    model.add(Dense(3))",
    "endless without layers": "while True:\n    pass\nmodel = Sequential([Dense(3)])",
    "many rounds": "model = Sequential()\nfor i in range(10**12):\n    model.add(Dense(3))",
    "loops": "x = 0\n"
    + "".join("    " * i + f"for i{i} in range(1000):\n" for i in range(15))
    + "    " * 15
    + "x += 1",
    "layers in loops": "m = Sequential()\nfor i in range(999):\n  for j in range(999):\n    m.add(Dense(3))",
    "recursion": "def f(x):\n    return f(Dense(3)(x))\ny = f(Input((3,)))",
    "two recursions": "def f(x):\n    return f(f(Dense(3)(x)))\ny = f(Input((3,)))",
    "itself": "m = Sequential([Dense(3)])\nm.add(m)\n",
    "models of models": "m = Sequential([Dense(3)])\n" + "m = Sequential([m, m])\n" * 40,
    "empty models": "m = Sequential([])\n" + "m = Sequential([m, m])\n" * 40,
    "nested models": "m = Sequential([Dense(3)])\n" + "m = Sequential([m])\n" * 3_000,
    "nested functional": "i = Input((3,))\nm = Model(i, Dense(3)(i))\n" + "m = Model(i, m(m(i)))\n" * 40,
    "text": "s = 'a' * 10**9\nmodel = Sequential([Dense(3, name=s)])",
    "doubled text": "s = 'a'\nfor i in range(900):\n    s = s + s\nmodel = Sequential([Dense(3, name=s)])",
    "doubled list": "s = [1]\nfor i in range(900):\n    s = s + s\nmodel = Sequential([Dense(3)])",
    "doubled tuple": "s = (1,)\nfor i in range(60):\n    s = (s, s)\nb = s == s\nx = Input(s)\ny = Dense(s)(x)",
    "list in itself": "s = []\ns.append(s)\ny = Dense(3)(s)\nz = Concatenate()(s)\nm = Sequential(s)",
    "padding": "model = Sequential([Dense(3, name=f'{1:>999999999}'), Dense(3, name='%0999999999d' % 1)])",
    "format": "model = Sequential([Dense(3, name='{:>999999999}'.format(1), units='{0.__class__}'.format(1))])",
    "comprehension": "m = [[[Dense(a) for a in range(999)] for b in range(999)] for c in range(999)]",
    "long line": "model = Sequential([" + "Dense(3)," * 20_000 + "])",
    "many lines": "model = Sequential()\n" + "model.add(Dense(u))\n" * 40_000,
    "long word": "x = '" + "a" * 999_000 + "'",
    "zero bytes": "model = Sequential([Dense(3)])\nx = '\0'",
    "half a letter": "x = '\ud800'\nmodel = Sequential([Dense(3, name='\ud800')])",
    "code": "__import__('os').system('exit 1')\nmodel = Sequential([Dense(__import__('os').getpid())])",
    "much taken": "x = Input((3,))\n" + "x = add([x, x])\n" * 6_000,
    "own names": "range = Dense\nlen = 3\nmodel = Sequential([range(len)])",
    "self": "class A:\n    def f(self):\n        return self\na = A()\nmodel = Sequential([a.f.g.h(3), Dense(3)])",
    "nothing": "",
    "stars": "def f(*a, **k):\n    return Dense(*a, **k)\nm = Sequential([f(3, **{'activation': 'relu'}), f(*[4])])",
    "partials": "f = partial(Dense, 3)\n" + "f = partial(f, name='a')\n" * 3_000 + "m = Sequential([f()])",
    "elifs": "if x:\n    pass\n" + "elif y:\n    pass\n" * 2_000 + "model = Sequential([Dense(3)])",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_hostile_text_ends_quickly_with_sentences(name: str) -> None:
    begun = time.process_time()
    script = read_python(HOSTILE[name])
    assert time.process_time() - begun < 6
    assert all(each.line >= 1 and each.sentence.endswith(".") for each in script.unread)
    assert all(len(each.sentence) < 300 for each in script.unread)
    if script.calls is not None:
        assert len(script.calls.calls) <= MAX_STEPS
        project = Project(name="x", data=DatasetSpec(SourceSpec("digits")), model=tree_of(script.calls)[0])
        assert project_file.decode(project_file.encode(project), "x") == project


def test_that_a_syntax_error_is_told_with_its_line() -> None:
    script = read_python("model = Sequential()\nmodel.add(Dense(3)\nmodel.add(Dense(4))\n")
    assert script.calls is None
    assert str(script.unread[0]).startswith("Line 2: This is no valid Python")


@given(st.text(alphabet="Dense()=[]x,.1 \n+*:'forinage", max_size=60))
def test_that_any_text_is_read_without_an_error(text: str) -> None:
    read_python(f"x = Input((3,))\n{text}\ny = Dense(3)(x)")


@given(st.data())
@settings(max_examples=60)
def test_that_damaged_snippets_are_read_without_an_error(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([each.text for each in SNIPPETS.values()]))
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(st.sampled_from(["", lines[other], lines[place].replace("x", "z"), "x = 3", "x = []"]))
    read_python("\n".join(lines))


def test_that_a_class_whose_code_calls_its_layers_is_told() -> None:
    script = read_python(
        "class Net(tf.keras.Model):\n    def call(self, x):\n        return Dense(3)(x)\nmodel = Net()\n"
    )
    assert script.calls is None
    assert [str(each) for each in script.unread] == [
        "Line 1: Net is a class whose own code calls its layers; this cannot be read."
    ]


def test_that_functions_become_blocks_and_sums_residuals() -> None:
    script = read_python(SNIPPETS["residual_function"].text)
    assert script.calls is not None
    tree, _ = tree_of(script.calls)
    blocks = [node for node in tree.nodes if isinstance(node, Block)]
    assert [block.name for block in blocks] == [f"residual_block{end}" for end in ("", "_2", "_3", "_4")]
    assert isinstance(blocks[0].children[0], Residual)
    assert isinstance(blocks[2].children[0], Branches)


def test_that_compile_and_fit_are_read() -> None:
    text = """
model = Sequential([Dense(1, activation="sigmoid", input_shape=(4,))])
tf.random.set_seed(7)
model.compile(Adam(lr=3e-4), "binary_crossentropy", metrics=["acc", "AUC", my_metric])
stop = EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True)
model.fit(x, y, 16, EPOCHS, callbacks=[stop, board], shuffle=False)
"""
    script = read_python(text)
    training = script.training
    assert training.optimizer == ObjectSpec("Adam", {"learning_rate": 3e-4})
    assert training.loss == ObjectSpec("BinaryCrossentropy")
    assert training.metrics == (
        ObjectSpec("BinaryAccuracy", {"name": "accuracy"}),
        ObjectSpec("AUC", {"name": "AUC"}),
    )
    assert (training.batch_size, training.seed, training.shuffle) == (16, 7, False)
    assert training.early_stopping == EarlyStopping("val_accuracy", 3, 0.0, True)
    assert [str(each) for each in script.unread] == [
        "Line 4: A metric is `my_metric`, which is not known here, so it was left out.",
        "Line 6: epochs of fit is `EPOCHS`, which is not known here.",
    ]


def test_that_losses_of_several_outputs_are_left_to_the_train_page() -> None:
    script = read_python("m = Sequential([Dense(1)])\nm.compile('adam', loss={'a': 'mse', 'b': 'mae'})\n")
    assert [str(each) for each in script.unread] == [
        "Line 2: The loss of several outputs is not read from Python. Choose it on the Train page."
    ]


def test_that_what_python_warns_of_does_not_stop_the_reading() -> None:
    script = read_python("words = re.sub('\\d', '', text)\nmodel = Sequential([Dense(1if 3 else 2)])\n")
    assert script.layers == 1
    assert script.unread == ()


IMPORTS = "import keras\nfrom keras import layers\n"


def test_that_a_second_phase_leaves_the_first_as_it_is_and_is_told() -> None:
    """Layers that are let go after `fit`, and what is compiled and fitted then, are not of the network as it starts."""
    text = """
model = keras.Sequential([keras.Input((4,)), layers.Dense(8, trainable=False), layers.Dense(3)])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
model.fit(x, y, epochs=5)
for layer in model.layers:
    layer.trainable = True
model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="mse")
model.fit(x, y, initial_epoch=5, epochs=12)
"""
    script = read_python(IMPORTS + text)
    assert script.training.epochs == 5
    assert script.training.optimizer == ObjectSpec("Adam"), "its usual rate, and not that of the second phase"
    assert script.calls is not None
    frozen = [call.trainable for call in script.calls.calls if call.class_name == "Dense"]
    assert frozen == [False, True]
    assert ["second phase" in unread.sentence for unread in script.unread] == [True]


def test_that_layers_of_a_trained_model_are_frozen_in_the_next_one() -> None:
    text = """
first = keras.Sequential([keras.Input((4,)), layers.Dense(8), layers.Dense(3)])
first.compile(loss="mse")
first.fit(x, y, epochs=5)
second = keras.Sequential([keras.Input((4,)), *first.layers[:-1], layers.Dense(2)])
for layer in second.layers[:-1]:
    layer.trainable = False
second.compile(loss="mse")
second.fit(x, y, epochs=7)
"""
    script = read_python(IMPORTS + text)
    assert script.training.epochs == 7
    assert script.calls is not None
    assert [call.trainable for call in script.calls.calls if call.class_name == "Dense"] == [False, True]
    assert not any("second phase" in unread.sentence for unread in script.unread)
