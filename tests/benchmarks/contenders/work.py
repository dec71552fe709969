"""The work that every contender does: Fashion-MNIST subset, batch 32, Adam, every batch's loss recorded."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 32
EPOCHS = {"mlp": 10, "cnn": 3}
DATA = Path(__file__).parents[3] / "resources" / "data" / "fashion_mnist.npz"


def load(channels_first: bool = False) -> tuple[Any, Any]:
    """Pictures from 0 to 1 as float32 (n, 28, 28, 1), or (n, 1, 28, 28), and labels."""
    with np.load(DATA, allow_pickle=False) as arrays:
        x, y = arrays["x_train"].astype(np.float32) / 255.0, arrays["y_train"].astype(np.int64)
    return (x[:, None] if channels_first else x[..., None]), y


def report(steps: int, seconds: float, losses: list[float]) -> None:
    """One line of JSON on standard output: what the runner reads. `seconds` leave out the first epoch."""
    assert len(losses) >= steps, "every batch's loss is recorded"
    line = {"steps": steps, "seconds": seconds, "first_loss": losses[0], "last_loss": float(np.mean(losses[-100:]))}
    sys.stdout.write(json.dumps(line) + "\n")
