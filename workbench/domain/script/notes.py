"""What a learner gains from having read above a line of the exported script."""

_LAYERS = {
    "Flatten": "From maps to one row of numbers per sample.",
    "Dropout": "Sets a share of the values to 0 at random, only while training, against overfitting.",
    "SpatialDropout2D": "Sets whole maps to 0 at random, only while training, against overfitting.",
    "BatchNormalization": "Keeps values near mean 0 and deviation 1, which makes training faster and steadier.",
    "GlobalAveragePooling2D": "One number per map: its mean.",
    "GlobalMaxPooling2D": "One number per map: its largest value.",
    "MaxPooling2D": "Keeps the largest value of each small window, so the maps get smaller.",
    "AveragePooling2D": "Keeps the mean of each small window, so the maps get smaller.",
    "Embedding": "Looks up a learned row of numbers for each whole number.",
    "Bidirectional": "Reads the sequence from both ends.",
    "TimeDistributed": "Applies the same layer to every step of the sequence.",
}


def layer_note(class_name: str) -> str:
    """One short sentence on what a layer is good for; empty where its name says it."""
    return _LAYERS.get(class_name, "")
