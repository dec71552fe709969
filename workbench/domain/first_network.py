"""A sensible first network for any data set, by the form of the data and the task."""

import math

import msgspec

from workbench.domain.coder import autoencoder, marker
from workbench.domain.dataset import DatasetInfo, HeadInfo
from workbench.domain.heads import head_info
from workbench.domain.tree import AnyNode, Base, Input, Layer, ModelTree, Wrapper, new_id
from workbench.domain.values import Value

MAX_STAGES = 4
SMALLEST_PICTURE = 4
LARGEST_FLATTENED = 8
LONG_SEQUENCE = 200
# From this many different whole numbers on, in rows of at least this length, they are taken for numbers of words.
FEWEST_WORDS, SHORTEST_TEXT = 20, 8
MOST_WORDS = 100_000
WIDE_RANGE = 20.0
# A target that spreads no more and no less than this, around zero, is learned as it is.
WIDEST_TARGET, NARROWEST_TARGET = 5.0, 0.05


def first_network(info: DatasetInfo) -> ModelTree:
    """A network that learns something from these data within seconds; not the best one, but a good start."""
    if info.task == "reconstruction":
        return ModelTree(autoencoder(info))
    if info.learns_steps:
        return ModelTree(_sequence_to_sequence(info))
    if info.learns_places and len(info.input_shape) == len(info.target_shape):
        return ModelTree(marker(info))
    body = _joined(info) if len(info.inputs) > 1 else _body(info)
    if info.heads:
        return with_heads(body, info)
    return ModelTree((*body, *head(info), *_to_target(info)))


def head_on(base: Base, info: DatasetInfo) -> tuple[AnyNode, ...]:
    """What follows a base that makes features of pictures: their mean over the picture, and the last layers."""
    pooled = _layer("GlobalAveragePooling2D") if base.shape is None or len(base.shape) == 3 else _layer("Flatten")
    return (pooled, *head(info), *_to_target(info))


def with_heads(body: tuple[AnyNode, ...], info: DatasetInfo) -> ModelTree:
    """A body that ends in an output for each of several targets."""
    ends = [head_nodes(info, each, body[-1].id) for each in info.heads]
    return ModelTree((*body, *(node for nodes in ends for node in nodes)), tuple(nodes[-1].id for nodes in ends))


def head_nodes(info: DatasetInfo, learned: HeadInfo, taken: str) -> tuple[AnyNode, ...]:
    """The layers of one of several outputs, behind the node `taken`; the last of them has the output's name."""
    alone = head_info(info, learned)
    nodes = (*head(alone), *_to_target(alone))
    first = msgspec.structs.replace(nodes[0], inputs=(taken,))
    nodes = (first, *nodes[1:])
    return (*nodes[:-1], msgspec.structs.replace(nodes[-1], name=learned.name))


def head(info: DatasetInfo) -> tuple[AnyNode, ...]:
    """The last layers that the task asks for: one output a class, a label or a number."""
    if info.learns_numbers:
        count = math.prod(info.target_shape)
        last = _layer("Dense", units=max(1, count))
        return (last, _layer("Reshape", target_shape=info.target_shape)) if len(info.target_shape) > 1 else (last,)
    if info.task == "multilabel":
        return (_layer("Dense", units=len(info.classes), activation="sigmoid"),)
    if info.task == "binary" and info.labels != "one_hot":
        return (_layer("Dense", units=1, activation="sigmoid"),)
    return (_layer("Dense", units=max(2, len(info.classes)), activation="softmax"),)


def _to_target(info: DatasetInfo) -> tuple[AnyNode, ...]:
    """From numbers around zero to those of a target that is far from them, such as prices: weights that Adam moves by
    a thousandth a step would not get there. Loss, metrics and predictions keep the unit of the target."""
    if info.task != "regression":
        return ()
    if info.targets and not all(_is_near_zero(each.mean, each.std) for each in info.targets):
        scale = tuple(_round(each.std) or 1.0 for each in info.targets)
        return (_layer("Rescaling", scale=scale, offset=tuple(_round(each.mean) for each in info.targets)),)
    mean, std = info.target_mean, info.target_std
    if math.prod(info.target_shape) != 1 or mean is None or not std or _is_near_zero(mean, std):
        return ()
    return (_layer("Rescaling", scale=_round(std), offset=_round(mean)),)


def _is_near_zero(mean: float, std: float) -> bool:
    return NARROWEST_TARGET <= std <= WIDEST_TARGET and abs(mean) <= WIDEST_TARGET


def _round(value: float) -> float:
    """Two digits that count: it is where learning begins, not a result."""
    return float(f"{value:.2g}")


def _layer(class_name: str, **params: Value) -> Layer:
    return Layer(id=new_id(), class_name=class_name, params=params)


def _body(info: DatasetInfo) -> tuple[AnyNode, ...]:
    shape = info.input_shape
    match len(shape):
        case 0:
            return (_layer("Reshape", target_shape=(1,)), *_dense(16, 16))
        case 1:
            return _flat(info)
        case 2:
            return (_layer("GRU", units=32),) if info.form == "series" else _sequence(shape)
        case 3 if min(shape[:2]) >= SMALLEST_PICTURE:
            return _picture(shape)
        case 4 if min(shape[:3]) >= SMALLEST_PICTURE:
            return _volume()
    return (_layer("Flatten"), *_dense(64, 32))


def _joined(info: DatasetInfo) -> tuple[AnyNode, ...]:
    """A layer for each input, and one for what they say together."""
    nodes: list[AnyNode] = []
    ends: list[str] = []
    for each in info.inputs:
        if each.vocabulary_size is not None:
            readers = _tokens(each.vocabulary_size, each.shape[0], may_be_empty=True)
        else:
            dense = _layer("Dense", units=32, activation="relu")
            readers = (msgspec.structs.replace(dense, name=f"{each.name}_dense"),)
        nodes += [Input(id=new_id(), name=each.name), *readers]
        ends.append(readers[-1].id)
    join = Layer(id=new_id(), class_name="Concatenate", inputs=tuple(ends))
    return (*nodes, join, *_dense(32))


def _sequence_to_sequence(info: DatasetInfo) -> tuple[AnyNode, ...]:
    """Reads a sequence in both directions and tells something at each of its steps."""
    nodes: list[AnyNode] = []
    if info.integer_input and len(info.input_shape) == 1:
        nodes.append(_layer("Embedding", input_dim=info.vocabulary_size or int(info.input_high) + 1, output_dim=32))
    elif len(info.input_shape) == 1:
        nodes.append(_layer("Reshape", target_shape=(*info.input_shape, 1)))
    reader = _layer("LSTM", units=32, return_sequences=True)
    channels, activation = info.target_shape[-1], "linear"
    if info.task == "segmentation":
        single = len(info.classes) == 2 and info.labels != "one_hot"
        channels, activation = (1, "sigmoid") if single else (len(info.classes), "softmax")
    last = _layer("Dense", units=channels, activation=activation)
    return (*nodes, Wrapper(id=new_id(), class_name="Bidirectional", child=reader), last)


def _dense(*units: int) -> tuple[AnyNode, ...]:
    return tuple(_layer("Dense", units=count, activation="relu") for count in units)


def _flat(info: DatasetInfo) -> tuple[AnyNode, ...]:
    if info.form == "points":
        return _dense(32, 32)
    if info.vocabulary_size is not None:
        return _tokens(info.vocabulary_size, info.input_shape[0], may_be_empty=bool(info.texts))
    if _is_text(info):
        words = int(info.input_high) + 1
        return (_layer("Embedding", input_dim=words, output_dim=32), _layer("GlobalAveragePooling1D"), *_dense(32))
    if info.scaling == "none" and max(abs(info.input_low), abs(info.input_high)) > WIDE_RANGE:
        return (_layer("BatchNormalization"), *_dense(64, 32))
    return _dense(64, 32)


def _tokens(vocabulary: int, length: int, may_be_empty: bool) -> tuple[AnyNode, ...]:
    """Rows of tokens, where 0 is padding: read in their order, or, where that would take long, averaged. The mean of
    nothing but padding is no number, so that padding counts where a row can be empty."""
    is_long = length > LONG_SEQUENCE
    masks = not (is_long and may_be_empty)
    embedding = _layer("Embedding", input_dim=vocabulary, output_dim=32, **({"mask_zero": True} if masks else {}))
    if is_long:
        return (embedding, _layer("GlobalAveragePooling1D"), *_dense(32))
    reader = _layer("LSTM", units=32)
    return (embedding, Wrapper(id=new_id(), class_name="Bidirectional", child=reader))


def _is_text(info: DatasetInfo) -> bool:
    return (
        info.integer_input
        and info.form == "arrays"
        and info.scaling == "none"
        and info.input_shape[0] >= SHORTEST_TEXT
        and FEWEST_WORDS <= info.input_high < MOST_WORDS
    )


def _sequence(shape: tuple[int, ...]) -> tuple[AnyNode, ...]:
    if shape[0] <= LONG_SEQUENCE:
        return (_layer("LSTM", units=32),)
    return (
        _layer("Conv1D", filters=32, kernel_size=5, strides=2, activation="relu", padding="same"),
        _layer("MaxPooling1D", pool_size=4),
        _layer("Conv1D", filters=64, kernel_size=5, activation="relu", padding="same"),
        _layer("GlobalAveragePooling1D"),
        *_dense(32),
    )


def _picture(shape: tuple[int, ...]) -> tuple[AnyNode, ...]:
    size = min(shape[:2])
    stages = min(MAX_STAGES, max(1, int(math.log2(size / SMALLEST_PICTURE))))
    nodes: list[AnyNode] = []
    for stage in range(stages):
        filters = 16 * 2**stage
        nodes.append(_layer("Conv2D", filters=filters, kernel_size=3, padding="same", activation="relu"))
        nodes.append(_layer("MaxPooling2D"))
    is_small = max(shape[:2]) >> stages <= LARGEST_FLATTENED
    nodes.append(_layer("Flatten" if is_small else "GlobalAveragePooling2D"))
    return (*nodes, *_dense(64))


def _volume() -> tuple[AnyNode, ...]:
    return (
        _layer("Conv3D", filters=16, kernel_size=3, padding="same", activation="relu"),
        _layer("MaxPooling3D"),
        _layer("Conv3D", filters=32, kernel_size=3, padding="same", activation="relu"),
        _layer("GlobalAveragePooling3D"),
        *_dense(32),
    )
