"""Numbers of epochs and samples that cannot be, or hardly make sense."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem

EPOCHS = 20
LARGEST_SEED = 2**32 - 1


def check(case: Case) -> Iterator[Problem]:
    """Problems of the training."""
    training = case.project.training
    if training.epochs < 1:
        yield Problem(
            "epochs",
            "error",
            f"{training.epochs} epochs are no training. Train for at least one.",
            "An epoch goes once through all training samples.",
            field="epochs",
            repairs=(
                _repairs.training(case, "epochs", EPOCHS, f"Set {EPOCHS}", f"epochs: {training.epochs} → {EPOCHS}"),
            ),
        )
    if not 0 <= training.seed <= LARGEST_SEED:
        yield Problem(
            "seed",
            "error",
            f"The seed {training.seed} is not possible. Choose one from 0 to {LARGEST_SEED:,}.",
            "The same seed gives the same random numbers, and so the same run.",
            field="seed",
            repairs=(_repairs.training(case, "seed", 1, "Set 1", f"seed: {training.seed} → 1"),),
        )
    yield from _batch_size(case)
    if case.info is not None and case.info.sizes.get("train", 0) < 1:
        yield Problem(
            "no_samples",
            "error",
            "The training part has no samples. Give less to validation and test.",
            "What is left of the data after validation and test is for training.",
            field="split",
        )


def _batch_size(case: Case) -> Iterator[Problem]:
    size = case.project.training.batch_size
    samples = None if case.info is None else case.info.sizes.get("train", 0)
    if size is None:
        return
    repair = _repairs.training(case, "batch_size", None, "Use the default", f"batch size: {size} → the default")
    if size < 1:
        yield Problem(
            "batch_size",
            "error",
            f"A batch of {size} samples is not possible. Take at least 1.",
            "A batch is how many samples are looked at before the weights change.",
            field="batch_size",
            repairs=(repair,),
        )
    elif samples and size > samples:
        yield Problem(
            "batch_size",
            "warning",
            f"A batch of {size:,} is more than the {samples:,} training samples, so an epoch is one step. Take less.",
            "More steps in each epoch mostly learn faster.",
            field="batch_size",
            repairs=(repair,),
        )
