"""Where the boxes of the diagram stand: nothing on top of another, arrows down, straight where they can be."""

from itertools import combinations, pairwise
from random import Random

import fast_sugiyama
import pytest

from workbench.domain.diagram import CONTAINERS, Diagram, diagram
from workbench.domain.placing.frames import ROW_GAP, Placement, Rect, Wire, place
from workbench.domain.placing.layers import arrange
from workbench.domain.placing.order import PANICS
from workbench.domain.tree import AnyNode, Block, Branches, Layer, ModelTree, Repeat, Residual, walk
from workbench.ui.pages.model.diagram.walking import Way, next_node, node_at


def layer(node_id: str, *inputs: str) -> Layer:
    return Layer(id=node_id, class_name="Dense", inputs=inputs)


def row(prefix: str, count: int) -> tuple[Layer, ...]:
    return tuple(layer(f"{prefix}{number}") for number in range(count))


def placed(*nodes: AnyNode, folded: tuple[str, ...] = ()) -> tuple[Diagram, Placement]:
    drawn = diagram(ModelTree(nodes), folded)
    return drawn, place(drawn)


RESIDUAL = (layer("a"), Residual(id="r", children=row("b", 3)), layer("c"))
BRANCHES = (
    layer("a"),
    Branches(id="x", branches=tuple(Block(id=f"k{n}", children=row(f"b{n}.", n + 1)) for n in range(3))),
    layer("c"),
)


def apart(one: Rect, two: Rect) -> bool:
    return one.right < two.x or two.right < one.x or one.bottom < two.y or two.bottom < one.y


def crosses(wire: Wire, box: Rect) -> bool:
    """Whether a line may touch a box: the part between two bends lies in the rectangle around them."""
    for (x, y), (other_x, below) in pairwise(wire.points):
        left, right = min(x, other_x) - 1, max(x, other_x) + 1
        if left < box.right and right > box.x and y + 1 < box.bottom and below - 1 > box.y:
            return True
    return False


def inside(inner: Rect, outer: Rect) -> bool:
    return outer.x < inner.x and inner.right < outer.right and outer.y < inner.y and inner.bottom < outer.bottom


def check(drawn: Diagram, places: Placement) -> None:
    """What holds for every placement."""
    sheet = Rect(0, 0, places.width, places.height)
    around = {box.node_id: box.frame for box in drawn.boxes}
    assert places.boxes.keys() == around.keys()
    assert places.frames.keys() == {frame.node_id for frame in drawn.frames}
    for one, two in combinations(places.boxes.values(), 2):
        assert apart(one, two)
    for node_id, rect in places.boxes.items():
        frame = around[node_id]
        assert inside(rect, places.frames[frame] if frame is not None else sheet)
    above = {frame.node_id: frame.frame for frame in drawn.frames}
    for frame_id, outer in above.items():
        assert inside(places.frames[frame_id], places.frames[outer] if outer is not None else sheet)
    for one_id, two_id in combinations(above, 2):
        if above[one_id] == above[two_id]:
            assert apart(places.frames[one_id], places.frames[two_id])
    begins = {wire.points[0] for wire in places.wires if not wire.begins}
    for frame_id, entries in places.entries.items():
        frame_rect = places.frames[frame_id]
        assert all(frame_rect.x < x < frame_rect.right and (x, frame_rect.y) in begins for x in entries)
    for wire in places.wires:
        assert all(y <= below for (_, y), (_, below) in pairwise(wire.points))
        assert not any(crosses(wire, box) for box in places.boxes.values())
        if wire.begins:
            assert wire.points[0] == (places.boxes[wire.source].middle, places.boxes[wire.source].bottom)
        if wire.target is not None:
            end = places.boxes[wire.target]
            assert wire.points[-1] == pytest.approx((end.middle, end.y))


def random_nodes(chance: Random, depth: int, ids: list[str]) -> tuple[AnyNode, ...]:
    """Nodes of all kinds within one another; some layers name what they take."""
    made: list[AnyNode] = []
    kinds = ["layer"] * 5 + (["block", "residual", "repeat", "branches"] if depth else [])
    for kind in chance.choices(kinds, k=chance.randint(0, 5)):
        node_id = f"n{len(ids)}"
        earlier = chance.sample(ids, min(len(ids), chance.choice((0, 0, 1, 3))))
        ids.append(node_id)
        if kind == "layer":
            made.append(layer(node_id, *earlier))
        elif kind == "branches":
            blocks = [Block(id=f"{node_id}.{n}", children=random_nodes(chance, depth - 1, ids)) for n in range(3)]
            made.append(Branches(id=node_id, branches=tuple(blocks)))
        elif kind == "repeat":
            made.append(Repeat(id=node_id, children=random_nodes(chance, depth - 1, ids)))
        else:
            container = Block if kind == "block" else Residual
            made.append(container(id=node_id, children=random_nodes(chance, depth - 1, ids)))
    return tuple(made)


@pytest.mark.parametrize("seed", range(200))
def test_that_nothing_overlaps_in_any_network(seed: int) -> None:
    chance = Random(seed)
    tree = ModelTree(random_nodes(chance, 3, []))
    containers = [node.id for node in walk(tree.nodes) if isinstance(node, CONTAINERS)]
    folded = chance.sample(containers, min(len(containers), chance.choice((0, 0, 2))))
    drawn = diagram(tree, folded)
    places = place(drawn)
    check(drawn, places)
    arrange.cache_clear()
    assert place(drawn) == places, "the same network is drawn the same way"


def test_that_a_sequence_is_one_straight_line() -> None:
    drawn, places = placed(*row("a", 20))
    check(drawn, places)
    assert len({rect.middle for rect in places.boxes.values()}) == 1
    assert list(places.boxes) == ["", *(f"a{n}" for n in range(20))]


def test_that_a_skip_goes_around_its_layers_which_stay_in_line() -> None:
    drawn, places = placed(*RESIDUAL)
    check(drawn, places)
    assert len({rect.middle for rect in places.boxes.values()}) == 1
    skip = next(wire for wire in places.wires if wire.is_long)
    box = places.boxes["b1"]
    assert all(x < box.x or x > box.right for x, y in skip.points if box.y <= y <= box.bottom)


def test_that_branches_stand_side_by_side_in_their_order_and_in_the_middle() -> None:
    drawn, places = placed(*BRANCHES)
    check(drawn, places)
    frames = [places.frames[f"k{n}"] for n in range(3)]
    assert frames[0].right < frames[1].x < frames[1].right < frames[2].x
    assert len({frame.y for frame in frames}) == 1
    assert places.boxes["x"].middle == pytest.approx(frames[1].middle, abs=1)
    assert places.boxes["a"].middle == pytest.approx(places.boxes["x"].middle, abs=1)


def test_that_an_arrow_that_leaves_a_block_early_passes_beside_what_follows_in_it() -> None:
    drawn, places = placed(Block(id="k", children=row("a", 4)), layer("m", "k", "a0"))
    check(drawn, places)
    wire = next(wire for wire in places.wires if wire.source == "a0" and wire.target is None and wire.is_long)
    box = places.boxes["a2"]
    assert all(x < box.x or x > box.right for x, y in wire.points if box.y <= y <= box.bottom)


def test_that_a_tall_block_does_not_make_what_stands_beside_it_wait() -> None:
    tall = Block(id="k", children=row("a", 6))
    drawn, places = placed(tall, layer("b0", ""), *row("c", 3), layer("m", "k", "c2"))
    check(drawn, places)
    assert places.boxes["c0"].y > places.boxes["b0"].bottom
    beside = [places.boxes[node_id] for node_id in ("b0", "c0", "c1", "c2")]
    assert all(below.y - above.bottom == ROW_GAP for above, below in pairwise(beside))
    assert places.boxes["m"].y - places.frames["k"].bottom == ROW_GAP


def test_that_tall_blocks_below_one_another_keep_their_distance() -> None:
    blocks = tuple(Block(id=f"k{n}", children=row(f"a{n}.", n + 1)) for n in range(4))
    _, places = placed(*blocks, layer("m", "k3", "k0"))
    frames = [places.frames[f"k{n}"] for n in range(4)]
    assert all(below.y - above.bottom == ROW_GAP for above, below in pairwise(frames))


SEQUENCE = row("a", 1000)
DEEP = tuple(Residual(id=f"r{n}", children=row(f"a{n}.", 2)) for n in range(333))
WIDE = tuple(
    Branches(id=f"x{n}", branches=tuple(Block(id=f"x{n}.{k}", children=row(f"a{n}.{k}.", k + 1)) for k in range(4)))
    for n in range(90)
)
ALL_TO_ALL = tuple(layer(f"a{n}", *(f"a{k}" for k in range(n))) for n in range(150))


@pytest.mark.parametrize("network", [SEQUENCE, DEEP, WIDE, ALL_TO_ALL], ids=["sequence", "deep", "wide", "all to all"])
@pytest.mark.timeout(60)
def test_that_large_networks_are_laid_out(network: tuple[AnyNode, ...]) -> None:
    drawn, places = placed(*network)
    assert len(places.boxes) == len(drawn.boxes) > 100


def walk_along(places: tuple[Diagram, Placement], current: str | None, *ways: Way) -> list[str | None]:
    found = []
    for way in ways:
        current = next_node(*places, current, way)
        found.append(current)
    return found


def test_that_the_keys_walk_along_the_arrows() -> None:
    made = placed(*RESIDUAL)
    assert walk_along(made, None, "down", "down", "down", "down", "up") == ["", "a", "b0", "b1", "b0"]
    assert walk_along(made, "c", "down") == [None]
    assert walk_along(made, "b1", "first", "last") == ["", "c"]


def test_that_the_keys_go_sideways_and_out_of_frames_and_into_them() -> None:
    made = placed(*BRANCHES)
    assert walk_along(made, "b0.0", "right", "right", "left") == ["b1.0", "b2.0", "b1.0"]
    assert walk_along(made, "b0.0", "left", "left", "left") == ["k0", "x", None]
    assert walk_along(made, "k0", "down", "up") == ["b0.0", "a"]


def test_that_the_innermost_is_found_at_a_point() -> None:
    _, places = placed(*BRANCHES)
    frame, box = places.frames["k1"], places.boxes["b1.0"]
    assert node_at(places, box.middle, box.y + 1) == "b1.0"
    assert node_at(places, frame.x + 2, frame.y + 2) == "k1"
    assert node_at(places, places.frames["x"].x + 2, frame.y + 2) == "x"
    assert node_at(places, -5, -5) is None


def test_that_a_panic_of_the_library_is_an_error_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        __module__ = PANICS

    def panic(*_: object, **__: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(fast_sugiyama, "from_edges", panic)
    arrange.cache_clear()
    with pytest.raises(RuntimeError, match="index out of bounds"):
        placed(*RESIDUAL)
