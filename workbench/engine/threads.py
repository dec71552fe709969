"""How many threads TensorFlow uses. It fixes that at its start, so what is best is learned once a machine, in processes
of their own, and remembered."""

import argparse
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

import msgspec

from workbench.domain.files import UNREADABLE, StoreError, read_bounded, write_atomically
from workbench.domain.places import cache_folder

_VARIABLE = "WORKBENCH_THREADS"
_LIMIT_SECONDS = 120
_IDLE_SECONDS = 20.0
_FEW_CORES = 4
_MAX_BYTES = 65536

_log = logging.getLogger(__name__)
_applied: int | None = None


class Learned(msgspec.Struct, frozen=True):
    """What was measured: seconds a step of a small dense and a small convolutional network, by number of threads."""

    machine: str
    threads: int
    dense: dict[int, float] = {}
    convolution: dict[int, float] = {}


def machine() -> str:
    """What the best number depends on."""
    return f"{os.cpu_count() or 1} cores, TensorFlow {version('tensorflow')}"


def chosen_threads() -> int:
    """The number to use: as the environment variable WORKBENCH_THREADS says, as learned, or the number of cores."""
    wanted = os.environ.get(_VARIABLE, "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    known = learned()
    return known.threads if known is not None else os.cpu_count() or 1


def apply_threads(threads: int | None = None) -> int:
    """Tell TensorFlow, before its first operation; the number that holds is returned. Later calls change nothing."""
    global _applied
    if _applied is None:
        import tensorflow as tf

        count = threads or chosen_threads()
        try:
            tf.config.threading.set_intra_op_parallelism_threads(count)
            tf.config.threading.set_inter_op_parallelism_threads(count)
        except RuntimeError:  # something in this process has used TensorFlow before
            count = tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count() or 1
        _applied = count
    return _applied


def learned() -> Learned | None:
    """What was learned on this machine, None when nothing was."""
    try:
        found = msgspec.json.decode(read_bounded(_file(), _MAX_BYTES), type=Learned, strict=False)
    except (StoreError, OSError, *UNREADABLE):  # OSError: there is no place for it, as where a home cannot be written
        return None
    return found if found.machine == machine() and found.threads > 0 else None


def learn() -> Learned:
    """Measure, remember and return. Takes some seconds a number of threads; each is tried in a process of its own.
    Raises OSError or subprocess.SubprocessError when that is not possible."""
    cores = os.cpu_count() or 1
    dense: dict[int, float] = {}
    convolution: dict[int, float] = {}
    for threads in sorted({1, max(1, cores // 2), cores}):
        dense[threads], convolution[threads] = _measured_elsewhere(threads)
    best = _best(dense, convolution)
    found = Learned(machine(), best, dense, convolution)
    write_atomically(_file(), msgspec.json.format(msgspec.json.encode(found)))
    return found


def _best(dense: dict[int, float], convolution: dict[int, float]) -> int:
    """All cores, unless another number is clearly faster. Convolutions count most, as they take longest and XLA makes
    dense networks quick on any number."""
    every = max(dense)

    def score(count: int) -> float:
        return 0.8 * convolution[count] / convolution[every] + 0.2 * dense[count] / dense[every]

    fastest = min(dense, key=score)
    return fastest if score(fastest) < 0.9 else every


def _file() -> Path:
    return cache_folder() / "threads.json"


def _measured_elsewhere(threads: int) -> tuple[float, float]:
    result = subprocess.run(
        [*_python(), "--measure", str(threads)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_LIMIT_SECONDS,
        check=True,
    )
    dense, convolution = msgspec.json.decode(result.stdout.splitlines()[-1], type=tuple[float, float])
    return dense, convolution


def _python() -> list[str]:
    return [sys.executable, "-m", "workbench.engine.threads"]


class Learner:
    """Learns in the background while the engine has nothing to do, on machines with so many cores that it matters: on
    a few, all of them is the answer. `stop` gives up; then it is tried again another day."""

    def __init__(self, wait: float = _IDLE_SECONDS) -> None:
        self._wait = wait
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless there is nothing to learn."""
        settled = os.environ.get(_VARIABLE) or getattr(sys, "frozen", False) or (os.cpu_count() or 1) <= _FEW_CORES
        if self._thread is None and not settled and learned() is None:
            self._thread = threading.Thread(target=self._run, name="learn threads")
            self._thread.start()

    def stop(self) -> None:
        """Give up, if it still goes on."""
        self._stopped.set()
        process = self._process
        if process is not None:
            process.terminate()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        if self._stopped.wait(self._wait):
            return
        try:
            with subprocess.Popen(
                _python(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                self._process = process
                if self._stopped.is_set():
                    process.terminate()
        except OSError as error:
            _log.warning("The number of threads could not be learned: %s", error)


def measure(threads: int) -> tuple[float, float]:
    """Seconds a step of a dense and of a convolutional network on so many threads, in this process."""
    import keras
    import numpy as np

    from workbench.engine.training.plans import Data, prepare, runner

    apply_threads(threads)
    layers = keras.layers
    random = np.random.default_rng(0)
    data = Data.of(random.random((1024, 28, 28, 1), np.float32), random.integers(0, 10, 1024).astype(np.int32))
    dense = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]
    convolution = [
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10),
    ]
    seconds = []
    for stack, steps in ((dense, 256), (convolution, 48)):
        model = keras.Sequential([keras.Input((28, 28, 1)), *stack])
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        prepare(model, data, 32)
        chunks = runner(model, data, 32, "train_step", "graph")
        chunks.run(0, 8)
        tries = []
        for _ in range(3):
            start = time.perf_counter()
            for first in range(0, steps, 32):
                chunks.run(first % 32, min(32, steps - first))
            tries.append((time.perf_counter() - start) / steps)
        seconds.append(min(tries))
    return seconds[0], seconds[1]


def main() -> int:
    """Learn the best number, or, as a child of that, measure one."""
    parser = argparse.ArgumentParser(prog="python -m workbench.engine.threads", description=main.__doc__)
    parser.add_argument("--measure", type=int, metavar="THREADS", help="measure this number and print two times")
    wanted = parser.parse_args().measure
    # An exit by exception takes the child along that measures.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    answer = measure(wanted) if wanted else learn()
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
