"""What a training that failed says to a person."""

import errno

import tensorflow as tf

from workbench.engine.data.errors import DataError
from workbench.engine.errors import EngineError, disk_sentence
from workbench.engine.objects import short_message
from workbench.engine.training.checkpoint import CheckpointError
from workbench.engine.training.state import StateError


def sentence_of(error: Exception) -> str:
    """Why a training ended, for a person."""
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        rest = (
            "The run can be resumed from its last checkpoint." if full else "The run is kept up to its last checkpoint."
        )
        return f"{disk_sentence(error)} {rest}"
    if isinstance(error, (MemoryError, tf.errors.ResourceExhaustedError)):
        return "There was not enough memory. Make the batch or the network smaller; the run keeps its last checkpoint."
    if isinstance(error, (EngineError, DataError, CheckpointError, StateError)):
        return str(error)
    return f"The training failed: {short_message(error)} The log has the details; the run keeps its last checkpoint."


def shown_threads(count: int) -> str:
    """So many threads, in words."""
    return "1 thread" if count == 1 else f"{count} threads"
