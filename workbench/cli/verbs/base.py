"""`workbench base PROJECT NAME`: put a ready-made or saved model into a project's network."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.domain.applications import BaseSource

EXAMPLES = (
    "workbench base my-photos EfficientNetLite0                (its weights come with the workbench)",
    "workbench base my-photos ResNet50                         (with those of ImageNet, which are loaded)",
    "workbench base my-photos ResNet50 --weights resnet50.h5",
    "workbench base my-photos MobileNetV2 --weights none",
    "workbench base my-photos trained.keras --cut block3",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, the base, and what of it."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument(
        "base", metavar="BASE", help="EfficientNetLite0, one of keras.applications, or a .keras or .h5 file"
    )
    add_choices(parser)


def add_choices(parser: argparse.ArgumentParser) -> None:
    """What of a base is taken, which `new --base` asks too."""
    parser.add_argument(
        "--weights",
        metavar="WEIGHTS",
        default="imagenet",
        help="for keras.applications: imagenet (default), none, or a file with those of ImageNet",
    )
    parser.add_argument("--top", action="store_true", help="keep the last layers, which tell classes")
    parser.add_argument("--cut", metavar="LAYER", default="", help="end with the output of this layer")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Make the base, and put it at the top of the network."""
    from workbench.cli.documents import BaseDocument
    from workbench.cli.engine import Engine
    from workbench.cli.projects import open_project
    from workbench.domain.edits.bases import add_base
    from workbench.domain.tree import walk
    from workbench.protocol.commands import LoadData, MakeBase
    from workbench.protocol.events import BaseMade, DataLoaded

    folder, project = open_project(arguments.project)
    source = source_of(arguments.base, arguments)
    with Engine(output) as engine:
        info = engine.ask(DataLoaded, lambda ticket: LoadData(ticket, project.data, str(folder.path))).info
        base = engine.ask(BaseMade, lambda ticket: MakeBase(ticket, source, str(folder.path), info.input_shape)).base
    folder.save(add_base(base)(project))
    layers = sum(not hasattr(node, "children") for node in walk(base.children))
    output.document(BaseDocument(str(folder.path), base.name, base.source, layers))
    output.say(f"{base.name} stands at the top of the network, frozen ({base.source}; {layers:,} layers).")
    output.say(f"Look at it: workbench summary {arguments.project}")
    return 0


def source_of(name: str, arguments: argparse.Namespace) -> "BaseSource":
    """What the command line asks for. Raises CommandError on a name that is neither known nor a file."""
    from workbench.cli.errors import CommandError
    from workbench.domain.applications import APPLICATIONS, BUNDLED, BaseSource

    known = {each.lower(): each for each in (*APPLICATIONS, BUNDLED)}
    if name.lower() in known:
        weights = arguments.weights
        if weights not in ("imagenet", "none"):
            weights = str(Path(weights).expanduser().absolute())
        return BaseSource(known[name.lower()], weights, arguments.top, arguments.cut)
    path = Path(name).expanduser().absolute()
    if not path.exists():
        raise CommandError(f"There is no base {name!r}. Give one of keras.applications, {BUNDLED}, or a model file.")
    return BaseSource(str(path), "imagenet", arguments.top, arguments.cut)
