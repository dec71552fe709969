"""What Keras' signatures and docstrings do not say: what is left out and why, kinds, bounds and starting values.

Each table is looked up by the generator; a row that no longer matches anything fails a test.
"""

from typing import Any

from workbench.domain.catalogue import ACTIVATION_LAYERS, Category
from workbench.domain.values import ObjectSpec

EXCLUDED: dict[Category, set[str]] = {
    "layers": {
        *("Layer", "Wrapper", "InputSpec"),  # bases
        *("Input", "InputLayer"),  # a node of its own in the tree
        "Lambda",  # runs code from the project file
        *("TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper"),  # other formats and back ends
        "Equalization",  # gives back its very input when called on a symbolic tensor, which no model can be made of
        "MaxNumBoundingBoxes",  # takes a dictionary of boxes, which no network of a project has
    },
    "activations": {*("get", "serialize", "deserialize"), "threshold"},  # threshold cannot be used without parameters
    "initializers": {"Initializer"},
    "regularizers": {"Regularizer"},
    "constraints": {"Constraint"},
    "optimizers": {*("Optimizer", "OptimizerMap"), "MultiOptimizer"},  # MultiOptimizer takes a function or a map
    "losses": {"Loss"},
    "metrics": {*("Metric", "MeanMetricWrapper"), *("Mean", "Sum")},  # the last two take values, not labels
    "schedules": {"LearningRateSchedule"},
    "callbacks": {
        *("Callback", "CallbackList", "History", "ProgbarLogger"),
        *("LambdaCallback", "LearningRateScheduler"),  # take functions
        *("RemoteMonitor", "OrbaxCheckpoint", "TensorBoard"),  # need the network or packages that are not installed
        *("BackupAndRestore", "CSVLogger", "ModelCheckpoint"),  # write files; the run folder has all of it
    },
}

ALIASES: dict[Category, dict[str, str]] = {
    "initializers": {"uniform": "RandomUniform", "normal": "RandomNormal", "one": "Ones", "zero": "Zeros"},
    "regularizers": {"l1l2": "L1L2"},
    "losses": {
        "bce": "BinaryCrossentropy",
        "kld": "KLDivergence",
        "mae": "MeanAbsoluteError",
        "mse": "MeanSquaredError",
        "mape": "MeanAbsolutePercentageError",
        "msle": "MeanSquaredLogarithmicError",
    },
    "metrics": {
        "bce": "BinaryCrossentropy",
        "mae": "MeanAbsoluteError",
        "mse": "MeanSquaredError",
        "rmse": "RootMeanSquaredError",
        "mape": "MeanAbsolutePercentageError",
        "msle": "MeanSquaredLogarithmicError",
    },
}

_PLAIN = {"name", "dtype"}
HIDDEN: dict[Category, set[str]] = {
    "layers": {
        *(*_PLAIN, "autocast", "trainable", "input_shape", "layer", "backward_layer"),
        *(
            "use_cudnn",
            "renorm_clipping",
            "weights",
            "lora_rank",
            "lora_alpha",
            "quantization_config",
            "gptq_unpacked_column_size",
            "reverse_dtype",
        ),
        *("sparse", "vocabulary_dtype", "ragged"),  # sparse and ragged tensors do not go into other layers
    },
    "activations": {"x"},
    "initializers": set(),
    "regularizers": set(),
    "constraints": set(),
    "optimizers": _PLAIN,
    "losses": _PLAIN,
    "metrics": {"dtype"},
    "schedules": _PLAIN,
    "callbacks": {"verbose"},
}
HIDDEN_OF = {("gelu", "approximate"), ("celu", "alpha"), ("glu", "axis"), ("squareplus", "b"), ("sparsemax", "axis")}
HIDDEN_OF |= {("hard_shrink", "threshold"), ("soft_shrink", "threshold"), ("log_softmax", "axis")}
if any(name in ACTIVATION_LAYERS for name, _ in HIDDEN_OF):
    raise AssertionError("An activation with a layer of its own keeps its parameters.")

CATEGORY_BY_ENDING: dict[str, Category] = {
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
    "activation": "activations",
}

# Shown first in a form, in this order; the rest follows the signature.
FIRST = (
    *("units", "filters", "kernel_size", "pool_size", "rate", "input_dim", "output_dim", "num_heads", "key_dim"),
    *("learning_rate", "strides", "padding", "activation"),
)
BASIC = {"kernel_initializer", "kernel_regularizer", "embeddings_initializer"}
BASIC_OF = {("SeparableConv2D", "depthwise_initializer"), ("PReLU", "alpha_initializer")}
ADVANCED = {
    *("seed", "data_format", "recurrent_activation", "dilation_rate", "groups", "unroll", "go_backwards"),
    *("stateful", "return_state", "reset_after", "unit_forget_bias", "zero_output_for_mask", "noise_shape"),
    *("renorm", "renorm_momentum", "synchronized", "flash_attention", "attention_axes"),
    *("output_padding", "activity_regularizer", "output_shape", "value_dim", "use_gate", "sliding_window"),
    *("use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"),
    *("clipvalue", "global_clipnorm", "epsilon", "amsgrad", "reduction", "name", "input_axes", "output_axes"),
    *("muon_a", "muon_b", "muon_c", "fill_value", "interpolation", "epsilon_1", "epsilon_2"),
    *("ignore_class", "label_weights", "num_labels", "multi_label", "thresholds", "antialias"),
}

HELP = {
    "seed": "A whole number that makes the random values the same each time. Empty: a seed drawn from the project's.",
    "use_bias": "Whether a bias is added to the output.",
    "name": "The name under which the value is shown.",
    "data_format": "Whether the channels are the last axis or the first after the batch. Empty: last.",
    "activity_regularizer": "A penalty on the output of the layer, added to the loss.",
    "keepdims": "Whether the pooled axes stay, with length 1.",
    "reduction": "How the losses of the samples of a batch become one number.",
    "from_logits": "Whether the network gives raw scores rather than probabilities.",
    "ignore_class": "A class number that does not count for the loss. Empty: all classes count.",
    "mask_value": "Time steps in which all values equal this one are skipped.",
    "dilation_rate": "The distance between the values that the filter looks at.",
    "output_padding": "How much larger the output is on one side, where the size is ambiguous.",
    "antialias": "Whether to smooth before making a picture smaller.",
    "value_range": "The smallest and largest value that a pixel can have.",
    "layers": "The layers to apply, one after another.",
}

# Where a class leaves a parameter unexplained that another explains.
HELP_FROM: dict[Category, str] = {"optimizers": "Adam", "initializers": "VarianceScaling", "losses": "Dice"}

_RATE = {"kind": "float", "low": 0.0, "high": 1.0}
_BELOW_ONE = {"kind": "float", "low": 0.0, "high": 0.999999}
_COUNT = {"kind": "int", "low": 1}
_POSITIVE = {"kind": "float", "low": 0.0}
_AXES = {"kind": "ints"}
_FORMAT = {"kind": "choice", "choices": ("channels_last", "channels_first"), "optional": True}
_FACTOR = {"kind": "floats"}
_OPTIONAL_COUNT = {"kind": "int", "low": 1, "optional": True}
_THRESHOLDS = {"kind": "floats", "optional": True}
_FILL = {"kind": "choice", "choices": ("reflect", "constant", "wrap", "nearest")}
_REDUCTION = {"kind": "choice", "choices": ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight")}

BY_NAME: dict[str, dict[str, Any]] = {
    "units": {**_COUNT, "default": 64},
    "filters": {**_COUNT, "default": 32},
    "kernel_size": {"kind": "ints", "low": 1, "default": 3},
    "pool_size": {"kind": "ints", "low": 1, "default": 2},
    "strides": {"kind": "ints", "low": 1},
    "dilation_rate": {"kind": "ints", "low": 1},
    "size": {"kind": "ints", "low": 1},
    "output_size": {"kind": "ints", "low": 1, "default": 4},
    "output_padding": {"kind": "ints", "low": 0, "optional": True},
    "groups": _COUNT,
    "depth_multiplier": _COUNT,
    "data_format": _FORMAT,
    "seed": {"kind": "int", "low": 0, "optional": True},
    "rate": {**_BELOW_ONE, "default": 0.5},
    "dropout": _BELOW_ONE,
    "recurrent_dropout": _BELOW_ONE,
    "axis": _AXES,
    "axes": {**_AXES, "default": -1},
    "momentum": {"kind": "float", "low": 0.0, "high": 1.0},
    "epsilon": _POSITIVE,
    "negative_slope": {"kind": "float"},
    "input_dim": {**_COUNT, "default": 1000},
    "output_dim": {**_COUNT, "default": 32},
    "num_heads": {**_COUNT, "default": 2},
    "key_dim": {**_COUNT, "default": 32},
    "value_dim": _OPTIONAL_COUNT,
    "head_dim": {**_COUNT, "default": 32},
    "num_query_heads": {**_COUNT, "default": 4},
    "num_key_value_heads": {**_COUNT, "default": 2},
    "attention_axes": {"kind": "ints", "optional": True},
    "shared_axes": {"kind": "ints", "optional": True},
    "flash_attention": {"kind": "bool", "optional": True},
    "sliding_window": _OPTIONAL_COUNT,
    "use_gate": {"kind": "bool"},
    "logit_soft_cap": {"kind": "float", "optional": True},
    "stddev": {**_POSITIVE, "default": 0.1},
    "mean": {"kind": "float"},
    "dims": {"kind": "shape", "default": (2, 1)},
    "n": {**_COUNT, "default": 4},
    "target_shape": {"kind": "shape", "default": (-1,)},
    "noise_shape": {"kind": "shape", "optional": True},
    "height": {**_COUNT, "default": 32},
    "width": {**_COUNT, "default": 32},
    "height_factor": {**_FACTOR, "default": 0.1},
    "width_factor": {**_FACTOR, "default": 0.1},
    "fill_mode": _FILL,
    "value_range": {"kind": "floats"},
    "fill_value": {"kind": "float"},
    "offset": {"kind": "float"},
    "bin_boundaries": {"kind": "floats", "optional": True},
    "num_bins": {**_COUNT, "default": 16},
    "num_tokens": {**_OPTIONAL_COUNT, "default": None},
    "max_tokens": _OPTIONAL_COUNT,
    "idf_weights": {"kind": "floats", "optional": True},
    "salt": {"kind": "int", "optional": True},
    "ngrams": {"kind": "int", "low": 1, "optional": True},
    "output_sequence_length": _OPTIONAL_COUNT,
    "learning_rate": {"kind": "float_or_schedule", "low": 0.0},
    "weight_decay": {"kind": "float", "low": 0.0, "optional": True},
    "clipnorm": {"kind": "float", "low": 0.0, "optional": True},
    "clipvalue": {"kind": "float", "low": 0.0, "optional": True},
    "global_clipnorm": {"kind": "float", "low": 0.0, "optional": True},
    "ema_momentum": _RATE,
    "ema_overwrite_frequency": _OPTIONAL_COUNT,
    "loss_scale_factor": {"kind": "float", "low": 0.0, "optional": True},
    "gradient_accumulation_steps": {"kind": "int", "low": 2, "optional": True},
    "beta_1": _RATE,
    "beta_2": _RATE,
    "rho": _RATE,
    "exclude_layers": {"kind": "texts", "optional": True},
    "initial_learning_rate": {"kind": "float", "low": 0.0, "default": 0.001},
    "decay_steps": {**_COUNT, "default": 1000},
    "first_decay_steps": {**_COUNT, "default": 1000},
    "decay_rate": {"kind": "float", "low": 0.0, "default": 0.9},
    "boundaries": {"kind": "ints", "default": (1000, 2000)},
    "values": {"kind": "floats", "default": (0.001, 0.0005, 0.0001)},
    "reduction": _REDUCTION,
    "label_smoothing": _RATE,
    "from_logits": {"kind": "bool"},
    "ignore_class": {"kind": "int", "optional": True},
    "num_classes": {"kind": "int", "low": 2, "default": 2},
    "target_class_ids": {"kind": "ints", "default": (0, 1)},
    "thresholds": _THRESHOLDS,
    "top_k": _OPTIONAL_COUNT,
    "class_id": {"kind": "int", "low": 0, "optional": True},
    "label_weights": {"kind": "floats", "optional": True},
    "num_labels": _OPTIONAL_COUNT,
    "precision": {**_RATE, "default": 0.5},
    "recall": {**_RATE, "default": 0.5},
    "sensitivity": {**_RATE, "default": 0.5},
    "specificity": {**_RATE, "default": 0.5},
    "input_axes": {"kind": "ints", "optional": True},
    "output_axes": {"kind": "ints", "optional": True},
    "l1": _POSITIVE,
    "l2": _POSITIVE,
    "warmup_target": {"kind": "float", "low": 0.0, "optional": True},
    "layers": {"kind": "objects", "category": "layers", "default": (ObjectSpec("Rescaling", {"scale": 1.0}),)},
    "window": {"kind": "choice", "choices": ("hann", "hamming"), "optional": True},
    "scaling": {"kind": "choice", "choices": ("density", "spectrum"), "optional": True},
    "name": {"kind": "text", "optional": True},
}

_LABELS = ("int", "one_hot", "multi_hot", "count", "tf_idf")
_BLEND = {"kind": "choice", "choices": ("bilinear", "nearest")}
_COLOUR = {"kind": "floats", "default": 0.2, "low": 0.0, "high": 1.0}
_JITTER = {"kind": "floats", "optional": True, "low": 0.0, "high": 1.0}

BY_CLASS: dict[tuple[str, str], dict[str, Any]] = {
    ("Activation", "activation"): {"default": "relu"},
    ("AlphaDropout", "rate"): {"default": 0.1},
    ("AveragePooling1D", "pool_size"): {"default": 2},
    ("BatchNormalization", "axis"): {"kind": "int"},
    ("Concatenate", "axis"): {"kind": "int"},
    ("GroupNormalization", "groups"): {"low": -1},
    ("GroupNormalization", "axis"): {"kind": "int"},
    ("CategoryEncoding", "num_tokens"): {"default": 10, "required": True},
    ("CategoryEncoding", "output_mode"): {"kind": "choice", "choices": ("multi_hot", "one_hot", "count")},
    # These can be adapted to data in Keras; in a project they are given what they need.
    ("Discretization", "bin_boundaries"): {"kind": "floats", "default": (0.25, 0.5, 0.75), "required": True},
    ("Discretization", "num_bins"): {"default": None, "optional": True},
    ("Discretization", "output_mode"): {"kind": "choice", "choices": _LABELS[:4]},
    ("HashedCrossing", "output_mode"): {"kind": "choice", "choices": ("int", "one_hot")},
    ("Hashing", "output_mode"): {"kind": "choice", "choices": _LABELS[:4]},
    ("Hashing", "mask_value"): {"kind": "value"},
    ("IntegerLookup", "output_mode"): {"kind": "choice", "choices": _LABELS},
    ("IntegerLookup", "vocabulary"): {"kind": "shape", "default": tuple(range(10)), "required": True},
    ("IntegerLookup", "mask_token"): {"kind": "int", "optional": True},
    ("IntegerLookup", "oov_method"): {"kind": "choice", "choices": ("floormod", "farmhash")},
    ("StringLookup", "output_mode"): {"kind": "choice", "choices": _LABELS},
    ("StringLookup", "vocabulary"): {"kind": "texts", "default": ("yes", "no"), "required": True},
    ("StringLookup", "mask_token"): {"kind": "text", "optional": True},
    ("StringLookup", "encoding"): {"kind": "text"},
    ("TextVectorization", "output_mode"): {"kind": "choice", "choices": ("int", "multi_hot", "count", "tf_idf")},
    ("TextVectorization", "vocabulary"): {"kind": "texts", "default": ("the", "a"), "required": True},
    ("TextVectorization", "encoding"): {"kind": "text"},
    ("TextVectorization", "standardize"): {
        "kind": "choice",
        "choices": ("lower_and_strip_punctuation", "lower", "strip_punctuation"),
        "optional": True,
    },
    ("TextVectorization", "split"): {"kind": "choice", "choices": ("whitespace", "character"), "optional": True},
    ("Dot", "axes"): {"kind": "ints"},
    ("EinsumDense", "equation"): {"kind": "text", "default": "ab,bc->ac"},
    ("EinsumDense", "output_shape"): {"kind": "shape", "default": (64,)},
    ("EinsumDense", "bias_axes"): {"kind": "text", "optional": True},
    ("MultiHeadAttention", "output_shape"): {"kind": "shape", "optional": True},
    ("GaussianDropout", "rate"): {"default": 0.1},
    ("GlobalAveragePooling1D", "keepdims"): {"kind": "bool"},
    ("Masking", "mask_value"): {"kind": "float"},
    ("Normalization", "mean"): {"kind": "floats", "default": 0.0, "required": True},
    ("Normalization", "variance"): {"kind": "floats", "default": 1.0, "required": True, "low": 0.0},
    ("Normalization", "axis"): {"kind": "ints", "optional": True},
    ("RNN", "cell"): {"kind": "object", "category": "layers", "default": ObjectSpec("LSTMCell", {"units": 64})},
    ("StackedRNNCells", "cells"): {
        "kind": "objects",
        "category": "layers",
        "default": (ObjectSpec("LSTMCell", {"units": 64}), ObjectSpec("LSTMCell", {"units": 32})),
    },
    ("ReLU", "max_value"): {"kind": "float", "low": 0.0, "optional": True},
    ("Rescaling", "scale"): {"kind": "floats", "default": 1.0 / 255},
    ("Rescaling", "offset"): {"kind": "floats"},
    ("Bidirectional", "merge_mode"): {"kind": "choice", "choices": ("concat", "sum", "mul", "ave"), "optional": True},
    ("Attention", "score_mode"): {"kind": "choice", "choices": ("dot", "concat")},
    ("UpSampling2D", "interpolation"): {
        "kind": "choice",
        "choices": ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
    },
    ("AugMix", "interpolation"): _BLEND,
    ("RandAugment", "interpolation"): _BLEND,
    ("STFTSpectrogram", "padding"): {"kind": "choice", "choices": ("valid", "same")},
    ("RandomBrightness", "factor"): {**_COLOUR, "low": -1.0},
    ("RandomColorDegeneration", "factor"): _COLOUR,
    ("RandomContrast", "factor"): _COLOUR,
    ("RandomHue", "factor"): _COLOUR,
    ("RandomSaturation", "factor"): _COLOUR,
    ("RandomSharpness", "factor"): _COLOUR,
    ("RandomPosterization", "factor"): {"kind": "int", "default": 4, "low": 1, "high": 8},
    ("RandomRotation", "factor"): {"kind": "floats", "default": 0.1, "low": -1.0, "high": 1.0},
    ("RandomColorJitter", "brightness_factor"): _JITTER,
    ("RandomColorJitter", "contrast_factor"): _JITTER,
    ("RandomColorJitter", "saturation_factor"): _JITTER,
    ("RandomColorJitter", "hue_factor"): _JITTER,
    ("RandomErasing", "scale"): {"kind": "floats"},
    ("RandomErasing", "fill_value"): {"kind": "floats", "optional": True},
    ("RandomFlip", "mode"): {"kind": "choice", "choices": ("horizontal", "vertical", "horizontal_and_vertical")},
    ("RandomElasticTransform", "scale"): {"kind": "floats", "default": 1.0},
    ("RandomPerspective", "scale"): {"kind": "floats", "default": 1.0},
    ("VarianceScaling", "scale"): {"kind": "float", "default": 1.0, "low": 0.0},
    ("RandomZoom", "width_factor"): {"kind": "floats", "default": None, "optional": True},
    ("Resizing", "fill_mode"): {"kind": "choice", "choices": ("constant",)},
    ("STFTSpectrogram", "mode"): {
        "kind": "choice",
        "choices": ("log", "magnitude", "psd", "real", "imag", "angle", "stft"),
    },
    ("STFTSpectrogram", "frame_step"): _OPTIONAL_COUNT,
    ("STFTSpectrogram", "fft_length"): _OPTIONAL_COUNT,
    ("STFTSpectrogram", "window"): {"default": None, "required": True},  # any other needs scipy
    ("STFT", "window"): {"default": None, "required": True},
    ("MelSpectrogram", "sequence_length"): _OPTIONAL_COUNT,
    ("MelSpectrogram", "max_freq"): {"kind": "float", "low": 0.0, "optional": True},
    ("ZeroPadding1D", "padding"): {"kind": "ints", "low": 0, "default": 1},
    ("ZeroPadding2D", "padding"): {"kind": "ints", "low": 0, "default": 1},
    ("ZeroPadding3D", "padding"): {"kind": "ints", "low": 0, "default": 1},
    ("Cropping1D", "cropping"): {"kind": "ints", "low": 0, "default": 1},
    ("Cropping2D", "cropping"): {"kind": "ints", "low": 0, "default": 0},
    ("Cropping3D", "cropping"): {"kind": "ints", "low": 0, "default": 1},
    ("ContrastLimitedAdaptiveHistogramEqualization", "tile_grid_size"): {"kind": "ints", "low": 1},
    ("LossScaleOptimizer", "inner_optimizer"): {
        "kind": "object",
        "category": "optimizers",
        "default": ObjectSpec("Adam"),
    },
    ("Adafactor", "epsilon_2"): _POSITIVE,
    ("BinaryCrossentropy", "axis"): {"kind": "int"},
    ("CategoricalCrossentropy", "axis"): {"kind": "int"},
    ("CategoricalFocalCrossentropy", "axis"): {"kind": "int"},
    ("SparseCategoricalCrossentropy", "axis"): {"kind": "int"},
    ("CosineSimilarity", "axis"): {"kind": "int"},
    ("BinaryFocalCrossentropy", "axis"): {"kind": "int"},
    ("CategoricalFocalCrossentropy", "alpha"): {"kind": "floats"},
    ("Dice", "axis"): {"kind": "ints", "optional": True},
    ("Tversky", "axis"): {"kind": "ints", "optional": True},
    ("F1Score", "average"): {"kind": "choice", "choices": ("micro", "macro", "weighted"), "optional": True},
    ("FBetaScore", "average"): {"kind": "choice", "choices": ("micro", "macro", "weighted"), "optional": True},
    ("F1Score", "threshold"): {"kind": "float", "low": 0.0, "high": 1.0, "optional": True},
    ("FBetaScore", "threshold"): {"kind": "float", "low": 0.0, "high": 1.0, "optional": True},
    ("AUC", "curve"): {"kind": "choice", "choices": ("ROC", "PR")},
    ("AUC", "summation_method"): {"kind": "choice", "choices": ("interpolation", "minoring", "majoring")},
    ("AUC", "num_thresholds"): {"kind": "int", "low": 2},
    ("R2Score", "class_aggregation"): {
        "kind": "choice",
        "choices": ("uniform_average", "variance_weighted_average"),
        "optional": True,
    },
    ("Constant", "value"): {"kind": "float"},
    ("STFT", "side"): {"kind": "choice", "choices": ("real", "imag")},
    ("RandomUniform", "minval"): {"kind": "float"},
    ("RandomUniform", "maxval"): {"kind": "float"},
    ("VarianceScaling", "distribution"): {
        "kind": "choice",
        "choices": ("truncated_normal", "untruncated_normal", "uniform"),
    },
    ("VarianceScaling", "mode"): {"kind": "choice", "choices": ("fan_in", "fan_out", "fan_avg")},
    ("OrthogonalRegularizer", "mode"): {"kind": "choice", "choices": ("rows", "columns")},
    ("MaxNorm", "max_value"): {"kind": "float", "low": 0.0},
    ("MinMaxNorm", "rate"): {"kind": "float", "low": 0.0, "high": 1.0, "default": 1.0},
    ("EarlyStopping", "baseline"): {"kind": "float", "optional": True},
    ("EarlyStopping", "mode"): {"kind": "choice", "choices": ("auto", "min", "max")},
    ("ReduceLROnPlateau", "mode"): {"kind": "choice", "choices": ("auto", "min", "max")},
    ("ReduceLROnPlateau", "min_delta"): _POSITIVE,
    ("relu", "max_value"): {"kind": "float", "low": 0.0, "optional": True},
}
