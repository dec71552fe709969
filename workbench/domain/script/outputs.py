"""What stands on the left of a call in a script: one variable, or one for each output of a layer that gives several."""

from collections.abc import Mapping

from workbench.domain.graph import Graph, GraphStep, made_in
from workbench.domain.script.source import Brackets, Item, call, keyword_item, listing
from workbench.domain.summary import ModelSummary
from workbench.domain.taken import cells_of, outputs_of


class Outputs:
    """The outputs behind the first that are taken of the layers of a graph. `summary` says how many outputs layers have
    of which nothing but Keras can tell that."""

    def __init__(self, graph: Graph, summary: ModelSummary | None) -> None:
        self._taken: dict[str, dict[int, str]] = {}
        for step in graph.steps:
            if step.kind == "output":
                self._taken.setdefault(step.inputs[0], {})[step.output] = step.name
        self._several = {layer.name for layer in summary.layers if layer.further} if summary is not None else set()

    def are_several(self, step: GraphStep) -> bool:
        """Whether the call of a step gives more than one tensor."""
        return len(_names(step)) > 1 or step.name in self._several or step.name in self._taken

    def left_of(self, step: GraphStep, values: Mapping[str, str]) -> str:
        """The variables for what a step gives, by the names of the steps."""
        first = values[step.name]
        if not self.are_several(step):
            return first
        given = self._taken.get(step.name, {})
        names, last = _names(step), max(given, default=0)
        known = len(names) > 1 and all(names) and last < len(names)
        count = len(names) if known and given else last + 1
        variables = [first, *(values[given[place]] if place in given else "_" for place in range(1, count))]
        return ", ".join(variables if known and given else [*variables, "*_"])

    def made_flat(self, step: GraphStep, doc: Brackets) -> Brackets:
        """The call of a step, with what it gives one behind another where it would be lists in lists."""
        names = _names(step)
        plain = all(names) and (len(names) > 1 or not self.are_several(step)) and not _is_stack(step)
        return doc if plain or not self.are_several(step) else call("keras.tree.flatten", Item(doc))


def states_item(step: GraphStep, states: list[str]) -> Item:
    """`initial_state` as a recurrent layer takes it: one behind another, those of stacked cells cell by cell."""
    if not _is_stack(step):
        return keyword_item("initial_state", listing(*states))
    waiting = iter(states)
    cells = [[next(waiting) for _ in cell] for cell in cells_of(*made_in(step))]
    return keyword_item("initial_state", listing(*(cell[0] if len(cell) == 1 else listing(*cell) for cell in cells)))


def _is_stack(step: GraphStep) -> bool:
    directions = 1 if step.inner is None else 2
    return len(cells_of(*made_in(step))) > directions


def _names(step: GraphStep) -> tuple[str, ...]:
    return outputs_of(*made_in(step))
