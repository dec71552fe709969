"""What can go wrong with data, told to a person."""


class DataError(Exception):
    """Data cannot be used. The message is a sentence that names file, line or column and says what to do; `detail`
    holds what only the log wants."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The person gave up the work; a progress callback raises it and loading lets it through."""
