"""How the numbers of a layer come about that is laid several times, as in a repetition."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

import msgspec
from PySide6.QtCore import QCoreApplication

from workbench.domain.growth import GrowthError, Rules, grown, rules_of
from workbench.domain.summary import LayerSummary
from workbench.domain.tree import AnyNode, Layer, ModelTree, Repeat, Residual, Wrapper
from workbench.domain.tree_tools import map_nodes, parents
from workbench.ui.pages.model.rows import sums_of

MOST = 4
"""Of so many different rounds each is told, of more only the first ones and the last."""


def sums_of_all(node: AnyNode | None, layers: Sequence[LayerSummary], tree: ModelTree) -> tuple[str, ...]:
    """The lines of `sums_of` for all rounds of a node: the parameters of each and of all, then what the last gives."""
    if isinstance(node, Residual) and len(layers) > 1:
        return _skip(node, layers)
    if node is None or len(layers) < 2 or not isinstance(node, Layer | Wrapper):
        return sums_of(node, layers[0] if layers else None)
    told = [_split(sums_of(each, layer)) for each, layer in zip(_in_rounds(node, tree), layers, strict=False)]
    if len(told) < len(layers):  # a rule of growth that is none: what stands in the tree is not what was built
        return ()
    counts = [layer.params for layer in layers]
    lines = _alike(told[0][0], counts) if len(set(counts)) == 1 else _growing([count for count, _ in told], counts)
    return (*lines, *told[-1][1])


def _skip(node: Residual, layers: Sequence[LayerSummary]) -> tuple[str, ...]:
    """What the skip goes through where both sides have different sizes."""
    ways = [layer for layer in layers if layer.class_name != node.merge.class_name]
    count = sum(layer.params for layer in ways)
    kinds = ", ".join(dict.fromkeys(layer.class_name for layer in ways))
    return (_tr("Skip through {0}: {1} of them").format(kinds, f"{count:,}"),) if count else ()


def _in_rounds(node: AnyNode, tree: ModelTree) -> Iterator[AnyNode]:
    """A node as it is in each round of the repetitions that it stands in."""
    above, repeats = parents(tree), list[tuple[Rules, int]]()
    outer = above.get(node.id)
    while outer is not None:
        if isinstance(outer, Repeat):
            try:
                repeats.insert(0, (rules_of(outer.grow), outer.times))
            except GrowthError:
                return
        outer = above.get(outer.id)
    for numbers in product(*(range(times) for _, times in repeats)):
        made = node
        for (rules, _), number in zip(repeats, numbers, strict=True):
            made = _grown(made, rules, number)
        yield made


def _grown(node: AnyNode, rules: Rules, number: int) -> AnyNode:
    """A layer, or a wrapper with the layer in it, as it is in a round."""

    def change(each: AnyNode) -> AnyNode:
        if not isinstance(each, Layer | Wrapper):
            return each
        return msgspec.structs.replace(each, params=grown(each.params, rules, number))

    return map_nodes((node,), change)[0]


def _split(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The line of the parameters, empty where there is none, and the others."""
    count = next((line for line in lines if "parameters" in line), "")
    return count, tuple(line for line in lines if line != count)


def _alike(line: str, counts: Sequence[int]) -> list[str]:
    if not line or not counts[0]:
        return [line] if line else []
    each = _tr("{0} rounds: {0} × {1} = {2} parameters")
    return [line, each.format(len(counts), f"{counts[0]:,}", f"{sum(counts):,}")]


def _growing(lines: Sequence[str], counts: Sequence[int]) -> list[str]:
    if not all(lines):
        return []
    shown = range(len(lines)) if len(lines) <= MOST else (*range(MOST - 1), len(lines) - 1)
    told = [_tr("Round {0}: {1}").format(number + 1, lines[number]) for number in shown]
    if len(lines) > MOST:
        told.insert(MOST - 1, "…")
    sums = " + ".join(f"{count:,}" for count in islice(counts, MOST)) if len(counts) <= MOST else _tr("All rounds")
    return [*told, _tr("{0} = {1} parameters").format(sums, f"{sum(counts):,}")]


def _tr(text: str) -> str:
    return QCoreApplication.translate("ModelRows", text)
