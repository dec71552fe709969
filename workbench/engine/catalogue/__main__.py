"""`python -m workbench.engine.catalogue` writes `resources/catalogue.json` and `resources/keras_names.json`."""

import sys

from workbench.engine.catalogue.generate import write
from workbench.engine.catalogue.names import write_names

if __name__ == "__main__":
    sys.stdout.write(f"Wrote {write()}\nWrote {write_names()}\n")
