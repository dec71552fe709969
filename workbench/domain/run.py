"""A run: one training, kept for good in a folder of its own."""

from typing import Literal, TypeAlias

import msgspec

RunStatus: TypeAlias = Literal["running", "paused", "ended"]
EndReason: TypeAlias = Literal["completed", "early_stopping", "stopped", "diverged", "failed"]


class StoredFeatures(msgspec.Struct, frozen=True):
    """What frozen layers give was computed once: by `layers` of them, the last of which is `layer`, for all `samples`
    of the training and the validation part, in `seconds`. It takes `bytes` of memory."""

    layer: str
    layers: int
    samples: int
    bytes: int
    seconds: float


class Plan(msgspec.Struct, frozen=True):
    """How the training loop runs: chunks of `chunk` steps as TensorFlow graph or compiled by XLA, on `threads` threads.

    `keras` falls back to one `train_on_batch` a step. `speedup` is against `fit`'s step, as measured, or None.
    `features` tells of what was computed once before; `no_features` why it was not, in a sentence, where layers are
    frozen.
    """

    kind: Literal["graph", "xla", "keras"]
    chunk: int
    threads: int
    speedup: float | None = None
    features: StoredFeatures | None = None
    no_features: str = ""


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`run.json` of a run folder. A run whose process died still says "running"; readers see that from `pid` and
    `heartbeat` (both None once it ended). Times are ISO 8601 in UTC; `best` and `last` map metric names to values.
    A run on one of several `folds` has its number (from 1) in `fold`, and in `series` what it shares with the other
    folds that were trained together with it. `plan` is that of the first phase, `later_plans` are those of the further
    ones that have begun, and `phases` their names, each with how many epochs were done before."""

    id: str
    name: str
    status: RunStatus
    started: str
    seed: int
    epochs_planned: int
    epochs_done: int = 0
    steps_done: int = 0
    seconds: float = 0.0
    reason: EndReason | None = None
    message: str = ""
    ended: str | None = None
    pid: int | None = None
    heartbeat: str | None = None
    plan: Plan | None = None
    later_plans: tuple[Plan, ...] = ()
    phases: tuple[tuple[str, int], ...] = ()
    environment: dict[str, str] = {}
    last: dict[str, float] = {}
    best: dict[str, float] = {}
    best_epoch: int | None = None
    data: str = ""
    layers: int = 0
    params: int = 0
    series: str = ""
    fold: int = 0
    folds: int = 0
