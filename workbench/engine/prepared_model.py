"""A trained model with the preparation of its data inside: raw samples in, predictions out."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.domain.dataset import PARTS, DatasetInfo, Part
from workbench.domain.defaults import gives_logits
from workbench.domain.ending import Ending, ending, graph_ending
from workbench.domain.graph import layout
from workbench.domain.heads import head_info, outputs_of
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.pipeline import steps_of
from workbench.engine.data.raw import AnyArray
from workbench.engine.data.scaling import Scaler
from workbench.engine.data.steps import step
from workbench.engine.errors import EngineError
from workbench.engine.kept_weights import finalize_model
from workbench.engine.model_files import PREPARED
from workbench.engine.outputs import probabilities, values_of_heads
from workbench.engine.parts.scope import tell_keras
from workbench.engine.probes.base import Subject
from workbench.engine.raw_inputs import RESERVED, RawInputs, as_feed, raw_inputs, vectorized
from workbench.engine.sealed.exports import built_anew, is_sealed_in
from workbench.engine.steps import BUILDING

_ROUNDING = 1e-4
_MOST_COLUMNS = 1_000
_MOST_COMPARED = 256
_MOST_NUMBERS = 20_000_000
_MOST_NAMED = 12


@dataclass(frozen=True)
class Prepared:
    """The model, and sentences that tell a person what it takes and how it differs."""

    model: Any
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """How far the answers of two models lie apart at most, over so many samples; `largest` is the size of the largest
    answer."""

    samples: int
    worst: float
    largest: float

    @property
    def sentence(self) -> str:
        """For a person."""
        told = (
            f"On {self.samples:,} raw samples, its answers differ from those of the workbench by {self.worst:.1g} "
            "at most."
        )
        is_rounding = self.worst <= _ROUNDING * max(1.0, self.largest)
        return told if is_rounding else f"{told} That is more than rounding: look at it before you use the model."


def with_preparation(subject: Subject, plain_names: bool = False) -> Prepared:
    """A model that takes raw samples: a dict of columns for a table, texts, bytes of pictures. It fills holes, leads
    through the steps and scales with the numbers that were fitted in training, and gives probabilities where the
    network gives logits. With `plain_names` columns are called as a SavedModel needs it. Raises EngineError that names
    what cannot be put into layers."""
    import keras

    dataset = subject.dataset
    _refuse(subject)
    with BUILDING:
        tell_keras()
        raw = raw_inputs(dataset, plain_names)
        x = _scaled(dataset.scaler, _beside_words(_stepped(dataset, raw.x), raw.words))
        is_sealed = is_sealed_in(subject.project)
        network = built_anew(subject) if is_sealed else keras.models.clone_model(subject.model)
        network.set_weights(subject.model.get_weights())
        finalize_model(network)
        outputs = _all_told(subject, network(subject.fed(x)), raw)
        model = keras.Model(raw.inputs, outputs, name=PREPARED)
    return Prepared(model, _notes(dataset, raw))


def compare(subject: Subject, call: Any, plain_names: bool = False) -> Comparison:
    """How far `call`, which takes what the inputs of the model above take, is from the workbench's own answers: on raw
    samples of the test part (else of the training part), and, where holes are filled, on some with a hole in each
    column."""
    dataset = subject.dataset
    part = next(part for part in reversed(PARTS) if dataset.info.sizes[part])
    size = max(1, int(np.prod(dataset.raw_shape, dtype=np.int64)))
    count = min(dataset.info.sizes[part], _MOST_COMPARED, max(1, _MOST_NUMBERS // size))
    x = _with_holes(dataset, dataset.inputs(part, np.arange(count)))
    texts = _texts(dataset, part, count, len(x) - count)
    outputs = subject.model.predict(subject.fed(dataset.prepare(x)), verbose=0)
    answers = call(as_feed(dataset, x, plain_names, texts))
    if dataset.info.heads:
        expected = values_of_heads(subject.project, dataset.info, outputs)
        pairs = list(zip(expected, _in_order(subject, answers), strict=True))
    else:
        pairs = [(probabilities(subject.project, dataset.info, np.asarray(outputs, np.float32)), answers)]
    apart = max(_apart(each, np.asarray(given, np.float32)) for each, given in pairs)
    return Comparison(len(x), apart, max(float(np.abs(each).max()) for each, _ in pairs))


def _apart(expected: AnyArray, given: AnyArray) -> float:
    if given.shape[-1] == 1 and expected.shape[-1] == 2:
        given = np.concatenate([1 - given, given], axis=-1)
    return float(np.abs(given.reshape(len(given), -1) - expected.reshape(len(given), -1)).max())


def _in_order(subject: Subject, answers: Any) -> list[Any]:
    """What several outputs say, in the order of the heads: a SavedModel tells them by name."""
    if not isinstance(answers, dict):
        return list(answers)
    return [answers[name] for name in subject.model.output_names]


def _with_holes(dataset: Dataset, x: AnyArray) -> AnyArray:
    if dataset.selection is None or dataset.fill is None:
        return x
    more, start = [], 0
    for feature in dataset.selection.features:
        end = start + len(feature.names)
        row = x[:1].copy()
        row[:, start:end] = np.nan
        more.append(row)
        start = end
    return np.concatenate([x, *more])


def _texts(dataset: Dataset, part: Part, count: int, more: int) -> list[AnyArray]:
    """What stands in the columns that are read for their words, in the first samples of a part; those behind them are
    like the first."""
    if dataset.selection is None or dataset.words is None:
        return []
    rows = dataset.selection.rows[dataset.indices[part][[*range(count), *([0] * more)]]]
    return [column.feature.texts(rows) for column in dataset.words.columns]


def _refuse(subject: Subject) -> None:
    dataset = subject.dataset
    columns = len(dataset.selection.features) if dataset.selection is not None else 0
    worded = () if dataset.words is None else dataset.words.columns
    if columns > _MOST_COLUMNS:
        raise EngineError(
            f"A model with its preparation takes at most {_MOST_COLUMNS:,} columns, and these data have {columns:,}. "
            "Choose fewer columns, or export it without."
        )
    specs = steps_of(dataset.spec.steps, dataset.source)
    tokenizers = [each for each in (dataset.pipeline.tokenizer, *(column.tokenizer for column in worded)) if each]
    if any(RESERVED in tokenizer.numbers for tokenizer in tokenizers):
        raise EngineError(
            f"“{RESERVED}” is a word of these texts, and Keras calls unknown words so. Leave out punctuation and train "
            "again, or export without the preparation."
        )
    hashed_column = next((column.name for column in worded if column.tokenizer.hashed), None)
    if hashed_column is not None:
        raise EngineError(
            f"The hashed words of “{hashed_column}” cannot be put into layers of Keras, so the model cannot be "
            "exported with its preparation. Export it without, or as a script."
        )
    for spec, fitted in zip(specs, dataset.pipeline.steps, strict=True):
        hashed = fitted.tokenizer is not None and fitted.tokenizer.hashed
        if hashed or (fitted.on_tensors is None and fitted.tokenizer is None):
            raise EngineError(
                f"The step “{step(spec.kind).ENTRY.title}” cannot be put into layers of Keras, so the model cannot be "
                "exported with its preparation. Export it without, or as a script."
            )


def _stepped(dataset: Dataset, x: Any) -> Any:
    from keras import ops

    for fitted in dataset.pipeline.steps:
        if fitted.tokenizer is not None:
            x = vectorized(fitted.tokenizer, x)
        else:
            assert fitted.on_tensors is not None
            x = fitted.on_tensors(ops, x)
    return x


def _beside_words(x: Any, words: Any) -> Any:
    """The other inputs with those that words make behind them."""
    from keras import ops

    if x is None or words is None:
        return words if x is None else x
    return ops.concatenate([ops.cast(x, "float64"), words], axis=1)


def _scaled(scaler: Scaler, x: Any) -> Any:
    """The fitted scaling, in double precision as it was fitted: a Normalization layer would round its numbers."""
    import keras
    from keras import ops

    if scaler.kind in ("divide_255", "divide_max"):
        return keras.layers.Rescaling(1.0 / float(np.max(scaler.divisor)), name="scaling")(x)
    if scaler.shift is not None:
        shifted = ops.subtract(ops.cast(x, "float64"), np.asarray(scaler.shift))
        x = ops.divide(shifted, np.asarray(scaler.divisor))
    return ops.cast(x, "float32")


def _all_told(subject: Subject, outputs: Any, raw: RawInputs) -> Any:
    """The outputs, each as below."""
    info, model = subject.dataset.info, subject.project.model
    if not info.heads:
        return _told(info, ending(model), outputs, raw, "probability")
    graph = layout(model)
    return [
        _told(head_info(info, head), graph_ending(graph, name), output, raw, head.name)
        for head, name, output in zip(info.heads, outputs_of(graph, info), outputs, strict=True)
    ]


def _told(info: DatasetInfo, end: Ending, outputs: Any, raw: RawInputs, name: str) -> Any:
    """An output as probabilities, or as the numbers that were learned; no number where a sample cannot be answered."""
    import keras
    from keras import ops

    if info.classes and gives_logits(end):
        single = outputs.shape[-1] == 1 and len(info.classes) == 2
        each = single or info.task == "multilabel"
        outputs = keras.layers.Activation("sigmoid" if each else "softmax", name=name)(outputs)
    if raw.hole is None:
        return outputs
    gap = ops.cast(ops.reshape(raw.hole, (-1, *([1] * (len(outputs.shape) - 1)))), "float32")
    return outputs + ops.sqrt(-gap)  # the root of -1 is no number, and that of 0 changes nothing


def _notes(dataset: Dataset, raw: RawInputs) -> tuple[str, ...]:
    notes = [_takes(dataset, raw)]
    notes += [f"Column “{name}” is called “{here}” there." for name, here in raw.renamed[:_MOST_NAMED]]
    if dataset.selection is not None and dataset.selection.has_dates:
        notes.append("A date goes in as its numbers: days since 1970, day of the year, day of the week (Monday is 0).")
    if raw.hole is not None:
        notes.append(
            "A row with a hole, or with a category that training did not know, gives no number (NaN): the project "
            "leaves such rows out."
        )
    elif dataset.selection is not None and any(
        each.categories and not each.bins for each in dataset.selection.features
    ):
        notes.append("A category that training did not know counts as missing.")
    worded = () if dataset.words is None else dataset.words.columns
    tokenizers = [each for each in (dataset.pipeline.tokenizer, *(column.tokenizer for column in worded)) if each]
    if any(each.cut.lower and not all(token.isascii() for token in each.numbers) for each in tokenizers):
        notes.append("It makes only the capitals A to Z small, so other alphabets should come in small letters.")
    return tuple(notes)


def _takes(dataset: Dataset, raw: RawInputs) -> str:
    if dataset.selection is not None:
        names = list(raw.inputs)
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        told = f"It takes a dict of columns: {', '.join(names[:_MOST_NAMED])}{more}."
        has_texts = dataset.selection.groups or dataset.words is not None
        return f"{told} Each goes in as tf.constant." if has_texts else told
    if dataset.source.form == "text":
        return "It takes texts, as tf.constant."
    shape = "×".join(map(str, dataset.raw_shape))
    what = "pictures" if dataset.source.form == "pictures" else "samples"
    return f"It takes raw {what} of the shape {shape} ({raw.inputs.dtype})."
