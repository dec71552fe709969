"""An activation: a function of what a layer gives."""

from keras import ops


def soft_square(x):
    """Grows as a square near 0 and straight further out."""
    return x * ops.tanh(x)
