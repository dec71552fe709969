"""Recovers from the calls of a network a tree that is easy to read: sequences, branches, residuals, named blocks.

What has one beginning and one end becomes one piece; where that is not so, a node names what it takes, so that every
network without cycles becomes a tree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from workbench.domain.reading.blocks import grouped
from workbench.domain.reading.calls import Call, Calls
from workbench.domain.reading.repeats import first_of, with_repeats
from workbench.domain.taken import node_in, number_in, taken
from workbench.domain.tree import AnyNode, Block, Branches, Input, Layer, ModelTree, Residual, Shared, Wrapper, new_id
from workbench.domain.values import ObjectSpec

# Merge layers that a Branches or a Residual can end in.
MERGES = frozenset({"Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"})


def tree_of(network: Calls, *, repeats: bool = False) -> tuple[ModelTree, dict[str, str]]:
    """The tree of a network, and the ids of its nodes by those of the calls. It lays out to the same layers with the
    same names, parameters and connections.

    With `repeats`, what stands several times one behind another is laid once, as a Repeat; then names that Keras made
    are others, and the calls of all rounds, in their order, have the ids of the nodes of the first.
    """
    structure = _Structure(network)
    tree = structure.tree()
    if not repeats:
        return tree, structure.ids
    tree, same = with_repeats(tree)
    return tree, {call: first_of(node_id, same) for call, node_id in structure.ids.items()}


@dataclass
class _Piece:
    """Nodes one below another; the first takes what the pieces `taken` give, named as in the inputs of a call. A piece
    is known by the id of its `last` call."""

    nodes: tuple[AnyNode, ...]
    taken: tuple[str, ...]
    last: str


class _Structure:
    def __init__(self, network: Calls) -> None:
        self._calls = {call.id: call for call in network.calls}
        self._order = {call.id: place for place, call in enumerate(network.calls)}
        self._ends = network.outputs
        self._shared = {call.shares for call in network.calls if call.shares is not None}
        self.ids = {call.id: new_id() for call in network.calls}
        self._inputs = {self.ids[call.id]: place for place, call in enumerate(network.calls) if call.is_input}
        self._groups = {self.ids[call.id]: call.group for call in network.calls}
        self._pieces = {call.id: _Piece((self._node(call),), call.inputs, call.id) for call in network.calls}
        self._takers: dict[str, list[str]] = {call.id: [] for call in network.calls}
        for call in network.calls:
            for name in dict.fromkeys(map(node_in, call.inputs)):
                self._takers[name].append(call.id)
        self._outputs = frozenset(map(node_in, network.outputs))

    def tree(self) -> ModelTree:
        for name in sorted(self._pieces, key=self._order.__getitem__):
            self._reduce(name)
        ends: dict[str, AnyNode] = {}
        nodes: list[AnyNode] = []
        above: str | None = None
        for piece in sorted(self._pieces.values(), key=self._place):
            nodes += self._connected(piece, above, ends)
            ends[piece.last] = piece.nodes[-1]
            above = piece.last
        last = nodes[-1].id if nodes else ""
        outputs = tuple(_named(name, ends) for name in self._ends)
        return ModelTree(grouped(tuple(nodes), self._groups), () if outputs == (last,) else outputs)

    def _place(self, piece: _Piece) -> tuple[bool, int]:
        """Where a piece stands: what begins with an input first, so that the inputs keep their order."""
        first = piece.nodes[0]
        begins = isinstance(first, Input)
        return not begins, self._inputs[first.id] if begins else self._order[piece.last]

    def _connected(self, piece: _Piece, above: str | None, ends: dict[str, AnyNode]) -> Iterable[AnyNode]:
        """The nodes of a piece; the first names what it takes where that does not stand right above it."""
        if not piece.taken or piece.taken == (above,):
            return piece.nodes
        taken = tuple(_named(name, ends) for name in piece.taken)
        return (msgspec.structs.replace(piece.nodes[0], inputs=taken), *piece.nodes[1:])

    def _node(self, call: Call) -> AnyNode:
        node_id = self.ids[call.id]
        if call.is_input:
            return Input(id=node_id, name=call.name, shape=call.shape, dtype=call.dtype)
        if call.shares is not None:
            return Shared(id=node_id, name=call.name, layer=self.ids[call.shares])
        layer = Layer(
            id=node_id, name=call.name, class_name=call.class_name, params=call.params, trainable=call.trainable
        )
        if call.inner is None:
            return layer
        inner = call.inner
        child = Layer(
            id=new_id(), name=inner.name, class_name=inner.class_name, params=inner.params, trainable=inner.trainable
        )
        return Wrapper(
            id=node_id,
            name=call.name,
            class_name=call.class_name,
            child=child,
            params=call.params,
            trainable=call.trainable,
        )

    def _reduce(self, name: str) -> None:
        """Make one piece of this one and what stands above it, as long as that is possible."""
        piece = self._pieces[name]
        while self._merge_branches(piece) or self._join_above(piece):
            pass

    def _join_above(self, piece: _Piece) -> bool:
        """Put a piece below the only one that it takes, which nothing else takes."""
        if len(piece.taken) != 1 or number_in(piece.taken[0]):
            return False
        upper = self._pieces[piece.taken[0]]
        if self._takers[upper.last] != [piece.last] or upper.last in self._outputs:
            return False
        if self._stands_alone(upper) or self._stands_alone(piece):
            return False
        piece.nodes, piece.taken = upper.nodes + piece.nodes, upper.taken
        self._replace(upper, piece)
        return True

    def _merge_branches(self, piece: _Piece) -> bool:
        """Make Branches or a Residual of a merge layer that stands at the beginning of a piece, and what it joins."""
        merge = piece.nodes[0]
        if not isinstance(merge, Layer) or merge.class_name not in MERGES or len(piece.taken) < 2:
            return False
        if any(number_in(name) for name in piece.taken):
            return False
        fork = self._fork(piece)
        if fork is None or self._stands_alone(piece) or not merge.trainable:
            return False
        paths = [() if name == fork else self._pieces[name].nodes for name in piece.taken]
        spec = ObjectSpec(merge.class_name, merge.params)
        node: AnyNode
        if len(paths) == 2 and not paths[0] and paths[1]:
            node = Residual(id=merge.id, name=merge.name, merge=spec, children=grouped(paths[1], self._groups))
        else:
            branches = tuple(Block(id=new_id(), children=grouped(path, self._groups)) for path in paths)
            node = Branches(id=merge.id, name=merge.name, merge=spec, branches=branches)
        inner = [self._pieces[name] for name in piece.taken if name != fork]
        piece.nodes, piece.taken = (node, *piece.nodes[1:]), (fork,)
        for branch in inner:
            del self._pieces[branch.last]
        self._takers[fork] = [taker for taker in self._takers[fork] if taker not in {each.last for each in inner}]
        if piece.last not in self._takers[fork]:
            self._takers[fork].append(piece.last)
        return True

    def _stands_alone(self, piece: _Piece) -> bool:
        """Whether a layer is called several times, here for one: such calls stay in their order, the first of them
        above the others, which share its weights."""
        return piece.last in self._shared or self._calls[piece.last].shares is not None

    def _fork(self, piece: _Piece) -> str | None:
        """Where all that a merge joins comes from: the one piece that each path takes, directly or by one other piece
        that nothing else takes. None where there is no such."""
        forks: set[str] = set()
        direct = [name for name in piece.taken if self._takers[name] != [piece.last] or name in self._outputs]
        if len(set(piece.taken)) < len(piece.taken) or len(set(direct)) > 1:
            return None
        for name in piece.taken:
            path = self._pieces[name]
            if name in direct:
                forks.add(name)
            elif len(path.taken) == 1 and not number_in(path.taken[0]) and not self._stands_alone(path):
                forks.add(path.taken[0])
            else:
                return None
        return forks.pop() if len(forks) == 1 else None

    def _replace(self, gone: _Piece, piece: _Piece) -> None:
        """`piece` stands for `gone` too, which had no other taker."""
        del self._pieces[gone.last]
        for name in dict.fromkeys(map(node_in, gone.taken)):
            self._takers[name] = [piece.last if taker == gone.last else taker for taker in self._takers[name]]


def _named(name: str, ends: Mapping[str, AnyNode]) -> str:
    """An output of a call as one of the node that it became."""
    return taken(ends[node_in(name)].id, number_in(name))
