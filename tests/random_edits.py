"""What a person might do with a network, at random: most of it sensible, some of it not."""

from collections.abc import Callable

from hypothesis import strategies as st

from workbench.domain import edits
from workbench.domain.catalogue import load_catalogue
from workbench.domain.edits import NamedEdit
from workbench.domain.project import Project
from workbench.domain.taken import taken
from workbench.domain.tree import (
    AnyNode,
    Block,
    Branches,
    Exposed,
    Input,
    Repeat,
    Residual,
    Shared,
    Target,
    new_id,
    walk,
)
from workbench.domain.tree_tools import params_of
from workbench.domain.values import ObjectSpec, Value

CLASSES = [entry for entry in load_catalogue().of("layers") if entry.group != "Recurrent cells"]
VALUES: tuple[tuple[str, Value], ...] = (
    *(("units", value) for value in (1, 3, 10, 0)),
    *(("filters", value) for value in (2, 8)),
    *(("strides", value) for value in (1, 2)),
    *(("kernel_size", value) for value in (1, 3, 9)),
    *(("padding", value) for value in ("same", "valid")),
    *(("activation", value) for value in ("relu", "softmax", None)),
    *(("rate", value) for value in (0.1, 2.0)),
    ("return_sequences", True),
    ("return_state", True),
    ("kernel_initializer", ObjectSpec("HeNormal")),
)


@st.composite
def an_edit(draw: st.DrawFn, project: Project) -> NamedEdit:
    """One edit of the network of a project."""
    nodes = list(walk(project.model.nodes))
    ids = [node.id for node in nodes] or ["gone"]
    one = draw(st.sampled_from(ids))
    some = tuple(dict.fromkeys(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3))))
    holders = [node.id for node in nodes if isinstance(node, Block | Repeat | Residual | Branches)]
    parent = draw(st.sampled_from([None, None, *holders]))
    index = draw(st.none() | st.integers(0, 6))
    name, value = draw(st.sampled_from(VALUES))
    fitting = [node.id for node in nodes if name in params_of(node)] or [one]

    def added() -> NamedEdit:
        return edits.add_nodes((draw(a_node(ids)),), parent, index)

    def set_value() -> NamedEdit:
        return edits.set_param((draw(st.sampled_from(fitting)),), name, value)

    def reusable() -> NamedEdit:
        inside = next((node for node in nodes if node.id == one and isinstance(node, Block)), None)
        targets = [
            Target(node.id, each) for node in (walk(inside.children) if inside else ()) for each in params_of(node)
        ]
        return edits.make_reusable(one, "mine", (Exposed("size", (targets[0],)),) if targets else ())

    makers: tuple[Callable[[], NamedEdit], ...] = (
        *(added, added, added, set_value, set_value, set_value),
        lambda: edits.remove(some[:1]),
        lambda: edits.move(some, parent, index),
        lambda: edits.duplicate(some),
        lambda: edits.wrap_in_block(some),
        lambda: edits.wrap_in_residual(some),
        lambda: edits.wrap_in_repeat(some),
        lambda: edits.wrap_in_layer(some[:1], draw(st.sampled_from(["Bidirectional", "TimeDistributed"]))),
        lambda: edits.share(some),
        lambda: edits.replace_class(some, load_catalogue().entry("layers", draw(st.sampled_from(["Dense", "LSTM"])))),
        lambda: edits.unwrap(some),
        lambda: edits.unroll(some),
        lambda: edits.rename(one, draw(st.sampled_from(["", "head", "other"]))),
        lambda: edits.set_enabled(some, draw(st.booleans())),
        lambda: edits.set_trainable(some, draw(st.booleans())),
        lambda: edits.set_inputs(one, some[:2]),
        lambda: edits.set_inputs(one, tuple(taken(each, place) for place, each in enumerate(some))),
        lambda: edits.start_with_states(one, some[-1]),
        lambda: edits.toggle_outputs((one,)),
        lambda: edits.detach(some),
        reusable,
    )
    return draw(st.sampled_from(makers))()


@st.composite
def a_node(draw: st.DrawFn, ids: list[str]) -> AnyNode:
    """A layer of the palette as it comes, or a part of a tree."""
    kind = draw(st.integers(0, 9))
    if kind > 3:
        return edits.new_node(draw(st.sampled_from(CLASSES)))
    made: tuple[AnyNode, ...] = (
        Block(id=new_id(), children=(edits.new_node(CLASSES[0]),)),
        Residual(id=new_id(), children=(edits.new_node(CLASSES[0]),)),
        Branches(id=new_id(), branches=(Block(id=new_id()), Block(id=new_id()))),
        draw(st.sampled_from([Input(id=new_id()), Shared(id=new_id(), layer=draw(st.sampled_from(ids)))])),
    )
    return made[kind]
