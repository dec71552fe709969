"""What can go wrong in the engine, told to a person."""

import errno


class EngineError(Exception):
    """Work cannot be done. The message is a sentence for a person that says what to do; `detail` is for the log, or a
    fact that the window or the command line acts on."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Cancelled(Exception):  # noqa: N818 - not an error: the person gave the work up
    """The person gave up the work."""


def disk_sentence(error: OSError) -> str:
    """What a failed write means, in a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and try again."
    where = f" {error.filename}" if error.filename else ""
    return f"The file{where} could not be written: {error.strerror or error}. Check the folder and try again."
