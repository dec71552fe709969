"""The base whose weights come with the workbench: no network and no download is needed for it."""

from pathlib import Path

import msgspec

from workbench.domain import weights
from workbench.domain.applications import BaseSource, application_shape
from workbench.domain.efficientnet_lite import FILE, NAME, efficientnet_lite0
from workbench.domain.resources import resource
from workbench.domain.tree import Base
from workbench.engine.errors import EngineError, disk_sentence


def bundled_base(source: BaseSource, folder: Path, shape: tuple[int, ...]) -> Base:
    """EfficientNet-Lite0 for data of this shape with its weights kept in a project's folder. Raises EngineError."""
    if source.top:
        raise EngineError(f"{NAME} comes without its top. Put a head of your own behind it.")
    try:
        base = efficientnet_lite0(weights.keep(folder, resource(FILE).read_bytes()), source.cut)
    except ValueError as error:
        raise EngineError(str(error)) from error
    except OSError as error:
        raise EngineError(disk_sentence(error), str(error)) from error
    wanted, fits = application_shape(NAME, shape)
    return base if fits else msgspec.structs.replace(base, shape=wanted)
