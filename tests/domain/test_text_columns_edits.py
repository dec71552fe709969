"""Columns that are read for their words: chosen by edits, and looked at by the checks of a network."""

import msgspec
import pytest
from samples_of_info import table

from workbench.domain.checks import find_problems
from workbench.domain.dataset import (
    ColumnInfo,
    DatasetInfo,
    DatasetSpec,
    InputInfo,
    InputSpec,
    SourceSpec,
    TextColumn,
    TextInfo,
)
from workbench.domain.edits import (
    learn_column,
    learn_columns,
    move_text,
    own_text_input,
    read_words,
    remove_text,
    set_text_params,
    use_columns,
)
from workbench.domain.edits.texts import BAG, ROW
from workbench.domain.first_network import first_network
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.tree import Input, Layer, ModelTree, walk

COLUMNS = (
    ColumnInfo("age", "number"),
    ColumnInfo("review", "category", role="ignored", prose=True),
    ColumnInfo("town", "category"),
    ColumnInfo("y", "category", role="target"),
)
NAMES = tuple(column.name for column in COLUMNS)


def project(model: ModelTree | None = None, **fields: object) -> Project:
    data = msgspec.structs.replace(DatasetSpec(SourceSpec("csv"), target="y"), **fields)
    return Project(data=data) if model is None else Project(data=data, model=model)


def info(*inputs: InputInfo, vocabulary: int | None = 90, width: int = 8) -> DatasetInfo:
    """Three numbers, and behind them the words of the review."""
    texts = (TextInfo("review", 3, width, vocabulary),)
    columns = tuple(msgspec.structs.replace(each, role="feature") for each in COLUMNS[:3])
    return table("binary", 3 + width, 2, inputs=inputs, texts=texts, columns=columns)


OWN = (InputInfo("columns", (3,), (0, 1, 2)), InputInfo("review", (8,), tuple(range(3, 11)), 90))


def codes(model: ModelTree, about: DatasetInfo) -> dict[str, Problem]:
    return {problem.code: problem for problem in find_problems(project(model), about)}


def node(class_name: str, node_id: str = "", inputs: tuple[str, ...] = (), **params: object) -> Layer:
    return Layer(id=node_id or class_name, class_name=class_name, params=params, inputs=inputs)  # type: ignore[arg-type]


END = node("Dense", "end", units=1, activation="sigmoid")


def test_that_a_bag_is_beside_all_else() -> None:
    edit = read_words("review", BAG, COLUMNS)
    data = edit(project()).data
    assert data.texts == (TextColumn("review", dict(BAG)),)
    assert (data.inputs, data.features) == ((), None)
    assert edit(edit(project())).data == data
    chosen = edit(project(features=("age",))).data
    assert chosen.features == ("age", "review")
    assert edit.name == "Read words"


def test_that_a_row_of_tokens_gets_an_input_of_its_own() -> None:
    data = read_words("review", ROW, COLUMNS)(project()).data
    assert data.inputs == (InputSpec("columns", ("age", "town")), InputSpec("review", ("review",)))
    alone = (COLUMNS[1], COLUMNS[3])
    assert read_words("review", ROW, alone)(project()).data.inputs == ()


def test_that_a_row_leaves_what_was_read_just_before_in_use() -> None:
    columns = (*COLUMNS, ColumnInfo("title", "category", role="ignored", prose=True))
    once = read_words("review", BAG, columns)(project())
    data = read_words("title", ROW, columns)(once).data
    assert data.inputs == (InputSpec("columns", ("age", "review", "town")), InputSpec("title", ("title",)))


def test_that_words_enter_by_an_input_of_their_own_where_there_are_several() -> None:
    inputs = (InputSpec("review", ("age",)),)
    for params in (BAG, ROW):
        data = read_words("review", params, COLUMNS)(project(inputs=inputs)).data
        assert data.inputs == (*inputs, InputSpec("review_1", ("review",)))
    odd = (*COLUMNS, ColumnInfo("评论", "category"))
    assert read_words("评论", ROW, odd)(project()).data.inputs[-1] == InputSpec("texts", ("评论",))


@pytest.mark.parametrize("params", [BAG, ROW])
@pytest.mark.parametrize("features", [None, ("age", "town")])
def test_that_a_column_read_no_longer_leaves_no_trace(params: dict[str, object], features: tuple[str, ...]) -> None:
    before = project(features=features)
    read = read_words("review", params, COLUMNS)(before)  # type: ignore[arg-type]
    assert remove_text(0, "review")(read).data == before.data
    assert remove_text(5, "review")(read) is read


def test_that_texts_are_ordered_and_changed_in_their_places() -> None:
    texts = (TextColumn("review"), TextColumn("town"))
    start = project(texts=texts)
    assert move_text(0, 1, "")(start).data.texts == texts[::-1]
    edit = set_text_params(1, {"output": "count"}, "town", "output")
    assert edit(start).data.texts == (texts[0], TextColumn("town", {"output": "count"}))
    assert edit.merge_key == "text/1/output"
    assert set_text_params(7, {}, "")(start) is start


def test_that_what_is_learned_or_left_out_is_not_read() -> None:
    start = project(texts=(TextColumn("review"), TextColumn("town")))
    left = (TextColumn("town"),)
    assert learn_column("review", NAMES, "y")(start).data.texts == left
    assert learn_columns(("review", "y"), NAMES)(start).data.texts == left
    assert use_columns(("age", "town"), NAMES)(start).data.texts == left
    assert use_columns(None, NAMES)(start).data.texts == start.data.texts


def test_that_the_first_network_looks_tokens_up() -> None:
    model = first_network(info(*OWN))
    layers = [each.class_name for each in walk(model.nodes) if isinstance(each, Layer)]
    assert layers == ["Dense", "Embedding", "LSTM", "Concatenate", "Dense", "Dense"]
    assert not find_problems(project(model), info(*OWN))


def test_that_an_embedding_is_held_to_the_tokens_of_its_input() -> None:
    def model(words: int) -> ModelTree:
        nodes = (
            Input(id="a", name="columns"),
            node("Dense", "first", units=4, activation="relu"),
            Input(id="b", name="review"),
            node("Embedding", input_dim=words, output_dim=4),
            node("GlobalAveragePooling1D", "mean"),
            node("Concatenate", inputs=("first", "mean")),
            END,
        )
        return ModelTree(nodes)

    assert not codes(model(90), info(*OWN))
    problem = codes(model(50), info(*OWN))["embedding_range"]
    assert "the data go up to 89" in problem.message


def test_that_tokens_beside_numbers_are_told_and_mended() -> None:
    problem = codes(ModelTree((END,)), info())["tokens_beside_numbers"]
    own, bag = problem.repairs
    start = project(texts=(TextColumn("review", dict(ROW)),))
    assert [each.columns for each in own.edit(start).data.inputs] == [("age", "town"), ("review",)]
    assert bag.edit(start).data.texts[0].params["output"] == "multi_hot"
    assert "tokens_beside_numbers" not in codes(ModelTree((END,)), info(vocabulary=None))
    assert "tokens_beside_numbers" not in codes(ModelTree((END,)), info(*OWN))  # the data have an input for them
    assert "inputs_unused" in codes(ModelTree((END,)), info(*OWN))


def test_that_tokens_taken_out_of_a_mixed_input_get_their_own() -> None:
    start = project(inputs=(InputSpec("all", ("age", "review")), InputSpec("more", ("town",))))
    changed = own_text_input("review", COLUMNS)(start).data.inputs
    assert changed == (InputSpec("all", ("age",)), InputSpec("more", ("town",)), InputSpec("review", ("review",)))


def test_that_the_mean_of_an_empty_text_is_told_and_mended() -> None:
    columns = (ColumnInfo("review", "category", missing=3), ColumnInfo("age", "number"))
    about = msgspec.structs.replace(info(*OWN), columns=columns)

    def model(**params: object) -> ModelTree:
        first = (Input(id="a", name="columns"), node("Dense", "first", units=4, activation="relu"))
        reading = (
            Input(id="b", name="review"),
            node("Embedding", input_dim=90, output_dim=4, **params),
            node("GlobalAveragePooling1D", "mean"),
        )
        return ModelTree((*first, *reading, node("Concatenate", inputs=("first", "mean")), END))

    assert "mean_of_nothing" not in codes(model(), about)
    found = codes(model(mask_zero=True), about)["mean_of_nothing"]
    assert "“review” is empty in 3 rows" in found.message
    mended = found.repairs[0].edit(project(model(mask_zero=True))).model
    assert "mean_of_nothing" not in codes(mended, about)
    long = (OWN[0], msgspec.structs.replace(OWN[1], shape=(300,), places=tuple(range(3, 303))))
    offered = [each for each in walk(first_network(info(*long, width=300)).nodes) if isinstance(each, Layer)]
    assert "mask_zero" not in next(each.params for each in offered if each.class_name == "Embedding")


@pytest.mark.parametrize(("reader", "added"), [("Dense", 2), ("LSTM", 1)])
def test_that_a_layer_that_takes_tokens_as_quantities_is_told_and_mended(reader: str, added: int) -> None:
    alone = msgspec.structs.replace(
        table("binary", 8, 2),
        texts=(TextInfo("review", 0, 8, 90),),
        vocabulary_size=90,
        integer_input=True,
        input_low=0.0,
        input_high=89.0,
        scaling="none",
    )
    model = ModelTree((node(reader, "first", units=4), END))
    found = codes(model, alone)
    assert "unscaled_inputs" not in found
    mended = found["tokens_without_embedding"].repairs[0].edit(project(model))
    assert len(mended.model.nodes) == 2 + added
    assert mended.model.nodes[0].params["input_dim"] == 90  # type: ignore[union-attr]
    assert "tokens_without_embedding" not in codes(mended.model, alone)
