"""The input itself as the target, with noise on what the network gets where that is wanted."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import PARTS, DatasetSpec, Form, Noise, Part
from workbench.engine.data.errors import DataError
from workbench.engine.data.labels import Target

Floats32 = NDArray[np.float32]
_HIGHEST = 10.0


def is_wanted(spec: DatasetSpec, has_targets: bool) -> bool:
    """Whether the input itself is learned: it is wished, or there is nothing else."""
    return spec.task == "reconstruction" or (spec.task == "auto" and not has_targets)


def itself(form: Form, samples: int) -> Target:
    """What stands for the targets of so many samples until the inputs are prepared. Raises DataError where these are
    texts, whose tokens are no numbers that an output could come near to."""
    if form == "text":
        raise DataError("Tokens of texts cannot be learned as the input itself. Choose another task.")
    return Target("reconstruction", (), np.empty((samples, 0), np.float32))


def check_noise(noise: Noise) -> None:
    """Raises DataError when there is no such noise."""
    highest = _HIGHEST if noise.kind == "gaussian" else 1.0
    if not 0 <= noise.amount <= highest:
        raise DataError(f"The amount of noise is {noise.amount:g}. Choose between 0 and {highest:g}.")
    if not 0 <= noise.seed < 2**31:
        raise DataError(f"The seed of the noise is {noise.seed}. Choose between 0 and {2**31 - 1}.")


def with_noise(noise: Noise, clean: Mapping[Part, Floats32]) -> dict[Part, Floats32]:
    """All parts with noise that the seed decides; `noise_lines` tells the very same."""
    generator = np.random.default_rng(noise.seed)
    low, high = clean["train"].min(), clean["train"].max()
    noisy: dict[Part, Floats32] = {}
    for part in PARTS:
        x = clean[part]
        if noise.kind == "gaussian":
            added = x + generator.normal(0, noise.amount, x.shape).astype("float32")
            noisy[part] = np.clip(added, low, high) if low >= 0 and high <= 1 else added
            continue
        places = generator.random((*x.shape[:-1], 1) if x.ndim > 2 else x.shape)
        if noise.kind == "masking":
            noisy[part] = np.where(places < noise.amount, np.float32(0), x)
        else:
            salted = np.where(places < noise.amount / 2, low, x)
            noisy[part] = np.where(places >= 1 - noise.amount / 2, high, salted)
    return noisy


_NOISY = {
    "gaussian": '    return x + generator.normal(0, {amount}, x.shape).astype("float32")',
    "clipped": '    return np.clip(x + generator.normal(0, {amount}, x.shape).astype("float32"), low, high)',
    "masking": "    return np.where({places} < {amount}, np.float32(0), x)",
    "salt_and_pepper": "    places = {places}\n"
    "    x = np.where(places < {amount} / 2, low, x)\n"
    "    return np.where(places >= 1 - {amount} / 2, high, x)",
}


def target_lines(noise: Noise | None, rank: int, clips: bool) -> str:
    """Source that makes the prepared inputs the targets, and puts noise on them after that. `rank` counts the axes of
    an input with the samples; with `clips` what is added goes nowhere beyond the values of the training part."""
    lines = ["# The input itself is learned."]
    lines += [f"y_{part} = x_{part}" for part in PARTS]
    if noise is None:
        return "\n".join(lines)
    places = "generator.random((*x.shape[:-1], 1))" if rank > 2 else "generator.random(x.shape)"
    body = _NOISY["clipped" if clips and noise.kind == "gaussian" else noise.kind]
    lines += ["", "# Only what the network gets is noisy.", f"generator = np.random.default_rng({noise.seed})"]
    if "low" in body:
        lines.append("low, high = x_train.min(), x_train.max()")
    lines += ["", "", "def noisy(x):", body.format(amount=repr(noise.amount), places=places), "", ""]
    lines += [f"x_{part} = noisy(x_{part})" for part in PARTS]
    return "\n".join(lines)
