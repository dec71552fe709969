"""Weights that layers start with, as source: the same files as in the project, which lie beside the script."""

from workbench.domain.graph import Graph
from workbench.domain.script.source import Brackets, Doc, Item, call, quoted, render
from workbench.domain.weights import FOLDER

_GIVING = '''\
def start_with(file, layers):
    """Give layers the weights kept in a file; one that they do not fit starts afresh."""
    with np.load(file) as kept:
        for name, source in layers.items():
            layer = model.get_layer(name)
            count = sum(key.startswith(f"{source}/") for key in kept.files)
            weights = [kept[f"{source}/{number}"] for number in range(count)]
            if [w.shape for w in weights] == [tuple(w.shape) for w in layer.weights]:
                layer.set_weights(weights)
FINALIZE'''
_FINALIZE = """\
                if isinstance(layer, keras.layers.Normalization):
                    layer.finalize_state()  # it works with copies of its weights
"""


def has_starts(graph: Graph) -> bool:
    """Whether any layer starts with kept weights."""
    return any(step.start is not None for step in graph.steps)


def start_lines(graph: Graph) -> list[str]:
    """Statements that give the layers of `model` their weights; none where all start afresh."""
    files: dict[str, dict[str, str]] = {}
    for step in graph.steps:
        if step.start is not None:
            files.setdefault(step.start.file, {})[step.name] = step.start.layers[0]
    if not files:
        return []
    normalizes = any(step.start is not None and step.class_name == "Normalization" for step in graph.steps)
    lines = _GIVING.replace("FINALIZE", _FINALIZE if normalizes else "").rstrip().splitlines()
    lines += ["", "", f"# The folder “{FOLDER}” of the project must lie where the script is run."]
    for file, layers in files.items():
        items = (Item(quoted(source), f"{quoted(name)}: ") for name, source in layers.items())
        table: Doc = Brackets("", "{", tuple(items), "}")
        lines += render(call("start_with", quoted(f"{FOLDER}/{file}"), table))
    return lines
