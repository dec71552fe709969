"""Where each class stands in the palette: its group in the order of learning, its icon, the ranks it accepts."""

import re

from workbench.domain.catalogue import Call, Category

# Group, icon, and the layers in the order in which a learner meets them. What is named nowhere goes by its module.
LAYERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Core", "mdi6.cube-outline", ("Dense", "Flatten", "Dropout", "Embedding", "Masking", "EinsumDense", "Identity")),
    ("Convolution", "mdi6.grid", ("Conv2D", "Conv1D", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose")),
    ("Pooling", "mdi6.arrow-collapse-all", ("MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D")),
    ("Recurrent", "mdi6.sync", ("LSTM", "GRU", "SimpleRNN")),
    ("Normalisation", "mdi6.chart-bell-curve", ("BatchNormalization", "LayerNormalization", "GroupNormalization")),
    ("Regularisation", "mdi6.dots-grid", ("SpatialDropout2D", "GaussianNoise", "GaussianDropout")),
    ("Activation", "mdi6.function-variant", ("Activation", "ReLU", "LeakyReLU", "Softmax", "ELU", "PReLU")),
    ("Attention", "mdi6.eye-outline", ("MultiHeadAttention", "Attention", "AdditiveAttention")),
    ("Reshaping", "mdi6.cube-scan", ("Reshape", "Permute", "RepeatVector", "UpSampling2D", "ZeroPadding2D")),
    ("Merging", "mdi6.call-merge", ("Add", "Concatenate", "Multiply", "Average")),
    ("Preprocessing", "mdi6.tune-variant", ("Normalization", "Rescaling", "Resizing", "CenterCrop")),
    ("Augmentation", "mdi6.image-auto-adjust", ("RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation")),
    ("Wrappers", "mdi6.package-variant", ("Bidirectional", "TimeDistributed", "SpectralNormalization")),
    ("Recurrent cells", "mdi6.hexagon-outline", ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells")),
)
_BY_MODULE = (
    (r"\.image_preprocessing\.(resizing|center_crop)", "Preprocessing"),
    (r"\.image_preprocessing\.", "Augmentation"),
    (r"\.layers\.activations\.", "Activation"),
    (r"\.attention\.", "Attention"),
    (r"\.convolutional\.", "Convolution"),
    (r"\.core\.", "Core"),
    (r"\.merging\.", "Merging"),
    (r"\.normalization\.", "Normalisation"),
    (r"\.pooling\.", "Pooling"),
    (r"\.preprocessing\.", "Preprocessing"),
    (r"\.regularization\.", "Regularisation"),
    (r"\.reshaping\.", "Reshaping"),
    (r"\.rnn\.", "Recurrent"),
)
_FIRST: dict[Category, tuple[str, ...]] = {
    "activations": ("relu", "sigmoid", "tanh", "softmax", "linear", "leaky_relu", "elu", "selu", "gelu", "silu"),
    "initializers": ("GlorotUniform", "HeNormal", "HeUniform", "GlorotNormal", "Zeros", "Ones", "RandomNormal"),
    "regularizers": ("L2", "L1", "L1L2"),
    "constraints": ("MaxNorm", "NonNeg", "UnitNorm"),
    "optimizers": ("Adam", "SGD", "RMSprop", "AdamW", "Nadam", "Adagrad"),
    "losses": (
        *("SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy"),
        *("MeanSquaredError", "MeanAbsoluteError", "Huber"),
    ),
    "metrics": (
        *("SparseCategoricalAccuracy", "CategoricalAccuracy", "BinaryAccuracy", "MeanAbsoluteError"),
        *("RootMeanSquaredError", "Precision", "Recall", "AUC"),
    ),
    "schedules": ("CosineDecay", "ExponentialDecay"),
    "callbacks": ("EarlyStopping", "ReduceLROnPlateau"),
}
_PLAIN_GROUPS: dict[Category, tuple[str, str]] = {
    "activations": ("Activations", "mdi6.function-variant"),
    "initializers": ("Initializers", "mdi6.dice-5-outline"),
    "regularizers": ("Regularizers", "mdi6.weight"),
    "constraints": ("Constraints", "mdi6.arrow-collapse-horizontal"),
    "optimizers": ("Optimizers", "mdi6.trending-down"),
    "schedules": ("Learning-rate schedules", "mdi6.chart-line-variant"),
    "callbacks": ("Callbacks", "mdi6.bell-outline"),
}
_LOSS_GROUPS = (
    (r"Accuracy|Precision|Recall|AUC|Sensitivity|Positives|Negatives|FBeta|F1|IoU", "Classification"),
    (r"rossentropy|CrossEntropy|Hinge|KLDiv|Dice|Tversky|Circle|CTC", "Classification"),
    (r"", "Regression"),
)
_REGRESSION = {"Poisson", "CosineSimilarity", "R2Score"}

WRAPPERS = {"Bidirectional", "TimeDistributed", "SpectralNormalization"}
MERGES = {"Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract", "HashedCrossing"}
_CALLS: dict[str, Call] = {
    "Attention": "pair_list",
    "AdditiveAttention": "pair_list",
    "MultiHeadAttention": "pair",
    "GroupQueryAttention": "pair",
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"), "states"),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), "states"),
}
_RANKS: dict[str, tuple[int, ...]] = {
    "LSTM": (3,),
    "GRU": (3,),
    "SimpleRNN": (3,),
    "Bidirectional": (3,),
    "RepeatVector": (2,),
}
_RANKS |= {"ConvLSTM1D": (4,), "ConvLSTM2D": (5,), "ConvLSTM3D": (6,), "Attention": (3,), "AdditiveAttention": (3,)}
_RANKS |= {"RNN": (3,), "Permute": (3,), "STFTSpectrogram": (3,)}
_RANKS |= {"GroupQueryAttention": (3,), "TimeDistributed": (3, 4, 5, 6), "MultiHeadAttention": (3, 4, 5, 6)}


def place(category: Category, name: str, module: str) -> tuple[str, str, tuple[int, int, str]]:
    """Group, icon, and a key that sorts the palette."""
    if category == "layers":
        group = _layer_group(name, module)
        titles = [title for title, _, _ in LAYERS]
        _, icon, order = LAYERS[titles.index(group)]
        return group, icon, (titles.index(group), _position(order, name), name)
    if category in ("losses", "metrics"):
        pattern_group = next(group for pattern, group in _LOSS_GROUPS if re.search(pattern, name))
        group = "Regression" if name in _REGRESSION else pattern_group
        return group, "mdi6.target", (group != "Classification", _position(_FIRST[category], name), name)
    group, icon = _PLAIN_GROUPS[category]
    return group, icon, (0, _position(_FIRST[category], name), name)


def ranks(name: str, group: str) -> tuple[int, ...]:
    """Ranks of input, with the batch, that a layer accepts; empty where any will do."""
    if name in _RANKS:
        return _RANKS[name]
    axes = re.search(r"([123])D(Transpose)?$", name)
    if axes and group in ("Convolution", "Pooling", "Reshaping", "Regularisation"):
        return (int(axes[1]) + 2,)
    return (4,) if group == "Augmentation" or name in ("Resizing", "CenterCrop") else ()


def call(name: str) -> Call:
    """How a layer takes its inputs."""
    return "list" if name in MERGES else _CALLS.get(name, "one")


def _layer_group(name: str, module: str) -> str:
    for title, _, layers in LAYERS:
        if name in layers:
            return title
    return next(group for pattern, group in _BY_MODULE if re.search(pattern, module))


def _position(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)
