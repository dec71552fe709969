"""Reads a network out of Python as people write it with Keras. Nothing of it is ever run."""

from workbench.domain.reading.python.notes import Unread
from workbench.domain.reading.python.read import Script, looks_like_python, read_python

__all__ = ["Script", "Unread", "looks_like_python", "read_python"]
