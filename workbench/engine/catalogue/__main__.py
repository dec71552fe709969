"""`python -m workbench.engine.catalogue` writes `resources/catalogue.json`."""

import sys

from workbench.engine.catalogue.generate import write

if __name__ == "__main__":
    sys.stdout.write(f"Wrote {write()}\n")
