"""The picture of a network is a sound drawing, whatever its layers are called, and shows what is known of them."""

from xml.etree import ElementTree as ET

from workbench.domain.picture import picture
from workbench.domain.project import Project
from workbench.domain.summary import LayerSummary, ModelSummary
from workbench.domain.tree import Block, Branches, Layer, ModelTree, Repeat, Shared, Wrapper

SVG = "{http://www.w3.org/2000/svg}"


def layer(node_id: str, class_name: str = "Dense", name: str = "") -> Layer:
    return Layer(id=node_id, class_name=class_name, name=name)


def drawn(*nodes: object, summary: ModelSummary | None = None) -> ET.Element:
    project = Project(name="<my> & yours", model=ModelTree(nodes))  # type: ignore[arg-type]
    return ET.fromstring(picture(project, summary))


def texts(svg: ET.Element) -> list[str]:
    return [each.text or "" for each in svg.iter(f"{SVG}text")]


def test_that_layers_shapes_and_parameters_stand_in_boxes() -> None:
    summary = ModelSummary(layers=(LayerSummary("a", "a", "Dense", (8, 8), (12, None), 1234, 1234),))
    svg = drawn(layer("a", name="<hidden>\x00"), layer("b", "Flatten"), summary=summary)
    assert svg.find(f"{SVG}title") is not None
    assert texts(svg) == ["Input", "<hidden>", "Dense", "12 × ?", "1,234 parameters", "Flatten"]
    view = [float(each) for each in svg.attrib["viewBox"].split()]
    for box in list(svg.iter(f"{SVG}rect"))[1:]:
        assert 0 <= float(box.attrib["x"]) <= view[2] - float(box.attrib["width"])
        assert 0 <= float(box.attrib["y"]) <= view[3] - float(box.attrib["height"])


def test_that_frames_merges_wrappers_and_shared_weights_are_drawn() -> None:
    svg = drawn(
        layer("a"),
        Branches(id="b", branches=(Block(id="l", children=(layer("x"),)), Block(id="r", children=(layer("y"),)))),
        Repeat(id="p", name="tower", times=3, children=(layer("z"),)),
        Wrapper(id="w", class_name="TimeDistributed", child=layer("i", "LSTM")),
        Shared(id="s", layer="a"),
    )
    told = texts(svg)
    assert {"Concatenate", "tower", "Branches"} <= set(told)
    assert any("stroke-dasharray" in each.attrib for each in svg.iter(f"{SVG}path"))


def test_that_long_names_are_cut_and_an_empty_network_is_drawn() -> None:
    svg = drawn(layer("a", name="n" * 100))
    assert max(map(len, texts(svg))) < 40
    assert texts(drawn()) == []
