"""What a training left: the weights, to be compared bit for bit."""

from typing import Any

import numpy as np


def save_weights(model: Any, path: str) -> None:
    """Write the weights of a Keras model in their order."""
    np.savez(path, *model.get_weights())
