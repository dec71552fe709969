"""The base whose weights come with the workbench: no network and no download is needed for it."""

from pathlib import Path

from workbench.domain import weights
from workbench.domain.applications import BaseSource
from workbench.domain.efficientnet_lite import NAME, efficientnet_lite0
from workbench.domain.resources import resource
from workbench.domain.tree import Base
from workbench.engine.errors import EngineError, disk_sentence

FILE = "models/efficientnet_lite0.npz"


def bundled_base(source: BaseSource, folder: Path) -> Base:
    """EfficientNet-Lite0 with its weights kept in a project's folder. Raises EngineError."""
    if source.top:
        raise EngineError(f"{NAME} comes without its top. Put a head of your own behind it.")
    try:
        return efficientnet_lite0(weights.keep(folder, resource(FILE).read_bytes()), source.cut)
    except ValueError as error:
        raise EngineError(str(error)) from error
    except OSError as error:
        raise EngineError(disk_sentence(error), str(error)) from error
