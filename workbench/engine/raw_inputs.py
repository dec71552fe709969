"""What the raw samples of a data set are called and look like as inputs of a Keras model, and how holes in them are
filled there. Made of Keras' own layers and operations, so that a model that holds them opens without the workbench."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from workbench.engine.data.dataset import Dataset
from workbench.engine.data.hashing import bins_of
from workbench.engine.data.missing import Filling
from workbench.engine.data.raw import AnyArray, Floats
from workbench.engine.data.siphash import SALT
from workbench.engine.data.table import Feature, Selection
from workbench.engine.data.table_words import ColumnWords
from workbench.engine.data.tokens import Tokenizer

Feed: TypeAlias = Any
RESERVED = "[UNK]"
"""What Keras calls an unknown token, so that no token of a text can be called so."""
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.-]")
_STANDARDIZE = {
    (True, True): "lower_and_strip_punctuation",
    (True, False): "lower",
    (False, True): "strip_punctuation",
    (False, False): None,
}


@dataclass(frozen=True)
class RawInputs:
    """`inputs` are the `keras.Input`s: a dict by column for a table, else one. `x` is a tensor (batch, *raw_shape), its
    holes filled, None where there are words alone; `words` (batch, width) is what a table's texts make of theirs, None
    without. `hole` (batch, 1) says which samples cannot be answered, None where all can. `renamed` are the columns
    whose names Keras does not take, with those they have here."""

    inputs: Any
    x: Any
    hole: Any = None
    renamed: tuple[tuple[str, str], ...] = ()
    words: Any = None


def raw_inputs(dataset: Dataset, plain_names: bool = False) -> RawInputs:
    """The inputs that take samples of a data set as they come; with `plain_names`, as a SavedModel needs them."""
    import keras

    if dataset.selection is not None:
        return _of_columns(dataset, dataset.selection, input_names(dataset.selection, plain_names))
    if dataset.source.form == "text":
        inputs = keras.Input(shape=(), dtype="string", name="text")
        return RawInputs(inputs, inputs)
    inputs = keras.Input(shape=dataset.raw_shape, dtype=_dtype(dataset), name="picture" if _pictured(dataset) else "x")
    return RawInputs(inputs, inputs)


def as_feed(dataset: Dataset, x: AnyArray, plain_names: bool = False, texts: Sequence[AnyArray] = ()) -> Feed:
    """Raw samples (n, *raw_shape), as `Dataset.inputs` gives them, as what the inputs above take. A missing category is
    an empty text; `texts` (n,) are those in each of the columns that are read for their words."""
    import tensorflow as tf

    if dataset.selection is not None:
        names, count = input_names(dataset.selection, plain_names), len(dataset.selection.features)
        worded = zip(names[count:], texts, strict=True)
        return _columns(dataset.selection, x, names[:count]) | {
            name: tf.constant([[str(text)] for text in each]) for name, each in worded
        }
    if dataset.source.form == "text":
        return tf.constant([str(each) for each in x])
    return tf.constant(x.astype(_dtype(dataset)))


def input_names(selection: Selection, plain: bool) -> tuple[str, ...]:
    """What the inputs of the features are called, and behind them those of the texts that are read for their words: as
    their columns, but for slashes, which part the names of layers; with `plain`, in the letters that TensorFlow
    allows."""
    names: list[str] = []
    columns = [*(feature.column for feature in selection.features), *(text.column for text in selection.texts)]
    for column in columns:
        name = column.name.replace("/", "_")
        if plain:
            name = _NOT_PLAIN.sub("_", name)
            name = name if name[0].isalnum() else f"c{name}"
        while name in names:
            name += "_"
        names.append(name)
    return tuple(names)


def vectorized(tokenizer: Tokenizer, texts: Any, name: str = "tokens") -> Any:
    """Texts (batch,) as the tokenizer makes them: rows (batch, length), or bags (batch, size), by a layer called so."""
    import keras

    cut, known = tokenizer.cut, sorted(tokenizer.numbers, key=lambda token: tokenizer.numbers[token])
    bag = "tf_idf" if tokenizer.weights is not None else "multi_hot" if tokenizer.seen_only else "count"
    is_plain = tokenizer.pad == "post" and tokenizer.drop == "post"
    layer = keras.layers.TextVectorization(
        standardize=_STANDARDIZE[cut.lower, cut.strip],
        split="whitespace" if cut.unit == "words" else "character",
        ngrams=cut.ngrams if cut.ngrams > 1 else None,
        output_mode="int" if tokenizer.length is not None else bag,
        output_sequence_length=tokenizer.length if is_plain else None,
        vocabulary=known,
        idf_weights=None if tokenizer.weights is None else tokenizer.weights[1:],
        name=name,
    )
    tokens = layer(texts)
    return tokens if tokenizer.length is None or is_plain else _placed(tokenizer, tokenizer.length, tokens)


def _placed(tokenizer: Tokenizer, length: int, tokens: Any) -> Any:
    """Rows of tokens, which Keras fills up behind, cut and filled up at the side that the tokenizer says."""
    from keras import ops

    count = ops.sum(ops.cast(ops.not_equal(tokens, 0), "int64"), axis=1, keepdims=True)
    ahead = count - length  # so many tokens are too many; where it is negative, so many are missing
    if tokenizer.pad == "post":
        ahead = ops.maximum(ahead, 0)
    elif tokenizer.drop == "post":
        ahead = ops.minimum(ahead, 0)
    place = ahead + np.arange(length)[None]
    is_token = ops.logical_and(ops.greater_equal(place, 0), ops.less(place, count))
    wide = ops.pad(tokens, [[0, 0], [0, 1]])  # a text without a token has at least this one
    taken = ops.take_along_axis(wide, ops.where(is_token, place, ops.zeros_like(place)), axis=1)
    return ops.where(is_token, taken, ops.zeros_like(taken))


def _of_columns(dataset: Dataset, selection: Selection, names: tuple[str, ...]) -> RawInputs:
    """The inputs of numbers and categories, and those of the texts that are read for their words."""
    count = len(selection.features)
    plain = _of_table(selection, dataset.fill, names[:count]) if count else RawInputs({}, None)
    if dataset.words is None:
        return plain
    given, made, renamed = {}, [], list(plain.renamed)
    for number, (column, name) in enumerate(zip(dataset.words.columns, names[count:], strict=True)):
        given[name], tokens = _worded(selection, column, name, number)
        made.append(tokens)
        renamed += [(column.name, name)] if column.name != name else []
    return RawInputs({**plain.inputs, **given}, plain.x, plain.hole, tuple(renamed), _joined(made))


def _worded(selection: Selection, column: ColumnWords, name: str, number: int) -> tuple[Any, Any]:
    """An input of texts (batch, 1), and the words that the column makes of them; of a missing one those of an empty
    text."""
    import keras
    from keras import ops

    given = keras.Input(shape=(1,), dtype="string", name=name)
    words = vectorized(column.tokenizer, ops.squeeze(given, axis=1), "tokens" if not number else f"tokens_{number + 1}")
    words = ops.cast(words, "float64")
    return given, ops.where(_is_missing(selection, given), ops.zeros_like(words), words)


def _is_missing(selection: Selection, given: Any) -> Any:
    """Which texts (batch, 1) stand for none, in any way to write them."""
    import keras
    from keras import ops

    tokens = {case(token) for token in ("", *selection.table.format.missing) for case in (str, str.lower, str.upper)}
    lookup = keras.layers.StringLookup(vocabulary=sorted(tokens), oov_token=_unused("[text]", tuple(tokens)))
    return ops.greater(lookup(given), 0)


def _of_table(selection: Selection, fill: Filling | None, names: tuple[str, ...]) -> RawInputs:
    """One input a column: numbers (batch, 1), NaN where missing; texts, anything unknown where missing."""
    import keras
    from keras import ops

    width = sum(len(feature.names) for feature in selection.features)
    filling = np.zeros(width) if fill is None else fill.values
    inputs, columns, holes = {}, [], []
    numbers: list[tuple[Any, int]] = []
    places: list[int] = []  # where what `columns` have belongs
    firsts: list[int] = []  # of the features whose holes `holes` tell
    for feature, name, start in zip(selection.features, names, selection.starts, strict=True):
        inputs[name] = keras.Input(shape=(1,), dtype="string" if feature.categories else "float64", name=name)
        if not feature.categories:
            numbers.append((inputs[name], start))
            continue
        place = range(start, start + len(feature.names))
        make = _hashed if feature.bins else _category
        column, hole = make(selection, feature, inputs[name], filling[list(place)])
        columns.append(column)
        holes.append(hole)
        places += place
        firsts.append(start)
    if numbers:
        given, starts = _joined([tensor for tensor, _ in numbers]), [start for _, start in numbers]
        holes.append(ops.isnan(given))
        columns.append(ops.where(holes[-1], filling[starts], given))
        places += starts
        firsts += starts
    x, hole = ops.take(_joined(columns), np.argsort(places), axis=1), _joined(holes)
    if fill is not None and fill.masked:
        masks = ops.take(hole, [firsts.index(start) for start in fill.masked], axis=1)
        x = ops.concatenate([x, ops.cast(masks, x.dtype)], axis=1)
    changed = [(feature.column.name, name) for feature, name in zip(selection.features, names, strict=True)]
    renamed = tuple(pair for pair in changed if pair[0] != pair[1])
    return RawInputs(inputs, x, None if fill is not None else ops.any(hole, axis=1, keepdims=True), renamed)


def _joined(tensors: list[Any]) -> Any:
    from keras import ops

    return tensors[0] if len(tensors) == 1 else ops.concatenate(tensors, axis=1)


def _category(selection: Selection, feature: Feature, given: Any, fill: Floats) -> tuple[Any, Any]:
    """A row of 0 and 1 for each category, and what is missing (batch, 1); that, and what training did not know, takes
    the filling."""
    import keras
    from keras import ops

    categories = list(feature.categories)
    number = keras.layers.StringLookup(vocabulary=categories, oov_token=_unused("[unknown]", feature.categories))(given)
    rows = np.vstack([fill, np.eye(len(categories))])
    return ops.take(rows, ops.squeeze(number, axis=1), axis=0), ops.equal(number, 0)


def _hashed(selection: Selection, feature: Feature, given: Any, fill: Floats) -> tuple[Any, Any]:
    """A row of 0 and 1 for each bin, and what is missing (batch, 1), which takes the filling."""
    import keras
    from keras import ops

    hole = _is_missing(selection, given)
    number = keras.layers.Hashing(feature.bins, salt=SALT)(given)
    rows = np.vstack([fill, np.eye(feature.bins)])
    place = ops.where(hole, ops.zeros_like(number), number + 1)
    return ops.take(rows, ops.squeeze(place, axis=1), axis=0), hole


def _unused(text: str, taken: tuple[str, ...]) -> str:
    while text in taken:
        text = f"[{text}]"
    return text


def _columns(selection: Selection, x: AnyArray, names: tuple[str, ...]) -> dict[str, Any]:
    import tensorflow as tf

    found: dict[str, Any] = {}
    start = 0
    for feature, name in zip(selection.features, names, strict=True):
        end = start + len(feature.names)
        part = x[:, start:end]
        found[name] = tf.constant(_words(feature, part) if feature.categories else part.astype(np.float64))
        start = end
    return found


def _words(feature: Feature, part: AnyArray) -> list[list[str]]:
    known = ~np.isnan(part[:, 0])
    places = np.where(known, part.argmax(axis=1), -1).tolist()
    texts = dict(enumerate(feature.categories))
    if feature.bins:  # any text of the bin
        texts = dict(zip(bins_of(feature.categories, feature.bins).tolist(), feature.categories, strict=True))
    return [[texts[place] if place >= 0 else ""] for place in places]


def _pictured(dataset: Dataset) -> bool:
    return dataset.source.form == "pictures"


def _dtype(dataset: Dataset) -> str:
    """Bytes stay bytes; other pictures take single precision, and numbers double precision, as they are prepared."""
    x = dataset.source.x
    if _pictured(dataset):
        return "uint8" if x is not None and x.dtype == np.uint8 else "float32"
    return "float64"
