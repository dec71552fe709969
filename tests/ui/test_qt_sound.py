"""PySide6 6.12.0 aborts on Python below 3.12 after some 5,000 calls that return nothing (`none_dealloc`)."""

import subprocess
import sys

MANY_CALLS = """
from PySide6.QtCore import QObject
thing = QObject()
for _ in range(100_000):
    thing.setObjectName("a name")
print(thing.objectName())
"""


def test_that_the_installed_qt_survives_a_hundred_thousand_calls() -> None:
    result = subprocess.run([sys.executable, "-c", MANY_CALLS], capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, "a name"), result.stderr[-2000:]
