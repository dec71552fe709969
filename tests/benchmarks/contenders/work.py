"""The work that every contender does: Fashion-MNIST subset, batch 32, Adam, every batch's loss recorded."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 32
DATA = Path(__file__).parents[3] / "resources" / "data" / "fashion_mnist.npz"


def load(channels_first: bool = False) -> tuple[Any, Any]:
    """Pictures from 0 to 1 as float32 (n, 28, 28, 1), or (n, 1, 28, 28), and labels."""
    with np.load(DATA, allow_pickle=False) as arrays:
        x, y = arrays["x_train"].astype(np.float32) / 255.0, arrays["y_train"].astype(np.int64)
    return (x[:, None] if channels_first else x[..., None]), y


def report(moments: list[float], losses: list[float], asked: float, **facts: object) -> None:
    """One line of JSON on standard output, which the runner reads.

    `moments` are when each epoch ended; the first is left out of steps per second, as it holds what happens once.
    `asked` is when the libraries were imported and the training could be asked for.
    """
    per_epoch = len(losses) // len(moments)
    assert len(losses) == per_epoch * len(moments), "every batch's loss is recorded"
    line = {
        "steps": per_epoch * (len(moments) - 1),
        "seconds": moments[-1] - moments[0],
        "call": moments[-1] - asked,
        "last_loss": float(np.mean(losses[-per_epoch:])),
        **facts,
    }
    sys.stdout.write(json.dumps(line) + "\n")
