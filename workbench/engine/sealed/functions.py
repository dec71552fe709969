"""The functions in the graph of a SavedModel, and which operations each could run."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

# By these TensorFlow exchanges functions while it runs, or finds their gradients.
_STANDING_IN = {"api_implements", "forward_function_name", "backward_function_name", "gradient_function_name"}


class Functions:
    """The library of a graph. What saves and restores the weights stands apart: TensorFlow writes these two functions
    into every SavedModel and does not run them when it loads one."""

    def __init__(self, graph: Any) -> None:
        self._main = list(graph.graph_def.node)
        self._nodes = {each.signature.name: list(each.node_def) for each in graph.graph_def.library.function}
        saver = graph.saver_def
        names = {name.split(":")[0] for name in (saver.save_tensor_name, saver.restore_op_name) if name}
        self._savers = {name for node in self._main if node.name in names for name in _called(node, self._nodes)}
        self._saving = names
        library = graph.graph_def.library
        self._stands_in = {each.gradient_func for each in library.gradient}
        self._stands_in |= {each.gradient_func for each in library.registered_gradients}
        self._stands_in |= {each.signature.name for each in library.function if _STANDING_IN.intersection(each.attr)}
        self.concrete = graph.object_graph_def.concrete_functions
        self.reach = cache(self._reach)

    @property
    def count(self) -> int:
        """How many operations there are."""
        return len(self._main) + sum(map(len, self._nodes.values()))

    @property
    def called_savers(self) -> bool:
        """Whether anything but the graph itself calls what saves and restores the weights, or could put it in the place
        of another function."""
        others = (node for node in self._main if node.name not in self._saving)
        inside = (node for nodes in self._nodes.values() for node in nodes)
        called = {name for node in (*others, *inside) for name in _called(node, self._nodes)}
        return bool(self._savers & (called | set(self.concrete) | self._stands_in))

    def kinds(self) -> Iterator[str]:
        """The operations of all that may be run."""
        yield from self._operations(self._main)
        for name, nodes in self._nodes.items():
            if name not in self._savers:
                yield from self._operations(nodes)

    def saver_kinds(self) -> Iterator[str]:
        """The operations of what saves and restores the weights."""
        for name in self._savers & self._nodes.keys():
            yield from self._operations(self._nodes[name])

    def nodes(self) -> Iterator[Any]:
        """All nodes."""
        yield from self._main
        for nodes in self._nodes.values():
            yield from nodes

    def _operations(self, nodes: Iterable[Any]) -> Iterator[str]:
        yield from (node.op for node in nodes if node.op not in self._nodes)

    def _reach(self, name: str) -> frozenset[str]:
        """The operations that a function could run, through all that it calls."""
        seen: set[str] = set()
        waiting, kinds = [name], set()
        while waiting:
            current = waiting.pop()
            if current in seen or current not in self._nodes:
                continue
            seen.add(current)
            for node in self._nodes[current]:
                kinds.add(node.op)
                waiting += _called(node, self._nodes)
        return frozenset(kinds - self._nodes.keys())


def _called(node: Any, known: Any) -> list[str]:
    """The functions that a node calls: by its attributes, or as older graphs do, by its kind."""
    found = [node.op] if node.op in known else []
    for value in node.attr.values():
        match value.WhichOneof("value"):
            case "func":
                found.append(value.func.name)
            case "list":
                found += [each.name for each in value.list.func]
    return found
