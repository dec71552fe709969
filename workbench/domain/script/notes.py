"""What a learner gains from having read above a line of the exported script."""

_LAYERS = {
    "Flatten": "From maps to one row of numbers per sample.",
    "Dropout": "Zeroes some values at random while training, against overfitting.",
    "SpatialDropout2D": "Zeroes some maps at random while training, against overfitting.",
    "BatchNormalization": "Keeps values near mean 0 and deviation 1: steadier training.",
    "GlobalAveragePooling2D": "One number per map: its mean.",
    "GlobalMaxPooling2D": "One number per map: its largest value.",
    "MaxPooling2D": "The largest value of each small window: smaller maps.",
    "AveragePooling2D": "The mean of each small window: smaller maps.",
    "Embedding": "Looks up a learned row of numbers for each whole number.",
    "Bidirectional": "Reads the sequence from both ends.",
    "TFSMLayer": "A SavedModel as it is. Its folder must lie where the script is run.",
    "TimeDistributed": "Applies the same layer to every step of the sequence.",
}


def layer_note(class_name: str) -> str:
    """One short sentence on what a layer is good for; empty where its name says it."""
    return _LAYERS.get(class_name, "")
