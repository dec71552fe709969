"""Names of Keras as people write them: other names of classes, and the order of constructors' arguments.

Both are generated from the installed Keras; what only older versions of it had is added here.
"""

from functools import cache

import msgspec

from workbench.domain.catalogue import Category, ClassEntry, load_catalogue
from workbench.domain.resources import resource

FILE = "keras_names.json"

_OLD_CLASSES: dict[Category, dict[str, str]] = {
    "layers": {
        "AtrousConvolution1D": "Conv1D",
        "AtrousConvolution2D": "Conv2D",
        "Convolution1D": "Conv1D",
        "Convolution2D": "Conv2D",
        "Convolution3D": "Conv3D",
        "CuDNNGRU": "GRU",
        "CuDNNLSTM": "LSTM",
        "Deconvolution2D": "Conv2DTranspose",
        "Deconvolution3D": "Conv3DTranspose",
        "SyncBatchNormalization": "BatchNormalization",
        "ThresholdedReLU": "ReLU",
    },
    "losses": {"cosine_proximity": "CosineSimilarity", "kullback_leibler_divergence": "KLDivergence"},
    "metrics": {"cosine_proximity": "CosineSimilarity", "kullback_leibler_divergence": "KLDivergence"},
}
_OLD_PARAMS: dict[str, dict[str, str]] = {
    "": {
        "W_constraint": "kernel_constraint",
        "W_regularizer": "kernel_regularizer",
        "b_constraint": "bias_constraint",
        "b_regularizer": "bias_regularizer",
        "bias": "use_bias",
        "border_mode": "padding",
        "dim_ordering": "data_format",
        "filter_length": "kernel_size",
        "init": "kernel_initializer",
        "inner_activation": "recurrent_activation",
        "lr": "learning_rate",
        "nb_filter": "filters",
        "p": "rate",
        "subsample": "strides",
        "subsample_length": "strides",
    },
    "Dense": {"output_dim": "units"},
    "Embedding": {"init": "embeddings_initializer"},
    "GRU": {"output_dim": "units", "dropout_W": "dropout", "dropout_U": "recurrent_dropout"},
    "LSTM": {"output_dim": "units", "dropout_W": "dropout", "dropout_U": "recurrent_dropout"},
    "LeakyReLU": {"alpha": "negative_slope"},
    "MaxPooling1D": {"pool_length": "pool_size", "stride": "strides"},
    "ReLU": {"theta": "threshold"},
    "SimpleRNN": {"output_dim": "units", "dropout_W": "dropout", "dropout_U": "recurrent_dropout"},
}


class KerasNames(msgspec.Struct, frozen=True):
    """For each category of the catalogue: `orders` of the arguments that a class takes by place, separated by spaces,
    and `names` in use for classes beside their own."""

    orders: dict[str, dict[str, str]]
    names: dict[str, dict[str, str]]


@cache
def keras_names() -> KerasNames:
    """The table in resources."""
    return msgspec.json.decode(resource(FILE).read_bytes(), type=KerasNames)


def class_named(category: Category, name: str) -> ClassEntry | None:
    """The entry of a class by any name that Keras or an older version of it knows. None for other names."""
    own = _OLD_CLASSES.get(category, {}).get(name) or keras_names().names.get(category, {}).get(name, name)
    try:
        return load_catalogue().entry(category, own)
    except KeyError:
        return None


def argument_order(entry: ClassEntry) -> tuple[str, ...]:
    """The names of the arguments that a class takes by their place."""
    return tuple(keras_names().orders.get(entry.category, {}).get(entry.name, "").split())


def present_name(entry: ClassEntry, name: str) -> str:
    """What a parameter is called today that an older version called `name`."""
    if entry.param(name) is not None:
        return name
    return _OLD_PARAMS.get(entry.name, {}).get(name) or _OLD_PARAMS[""].get(name, name)
