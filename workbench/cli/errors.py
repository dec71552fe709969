"""How a verb fails."""


class CommandError(Exception):
    """The work failed; the message is a sentence for standard error: what happened and what to do. Exit code 1."""


class UsageError(Exception):
    """The arguments do not go together; the message says what to type instead. Exit code 2."""
