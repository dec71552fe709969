"""What the views of the pipeline and of a tensor ask and are answered travels whole."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.input_pipeline import STAGE_KINDS, Costs, InputPipeline, Stage, StageRate
from workbench.protocol import codec
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowPipeline, ShowTensor
from workbench.protocol.events import PipelineShown, TensorShown
from workbench.protocol.payloads import ElementSpec, StageShown

SPEC = DatasetSpec(SourceSpec("digits"))
values = st.none() | st.booleans() | st.integers(0, 2**31) | st.text(max_size=8)
params = st.dictionaries(st.text(max_size=8), values, max_size=3)
stages = st.builds(Stage, st.sampled_from(STAGE_KINDS), st.booleans(), params)
milliseconds = st.floats(0, 100)
pipelines = st.builds(
    InputPipeline,
    st.lists(stages, max_size=6).map(tuple),
    st.builds(Costs, milliseconds, milliseconds, milliseconds),
)
STAGE = StageShown(
    "batch",
    (ElementSpec((None, 8, 8, 1), "float32"), ElementSpec((None,), "int32")),
    Array("uint8", (2,), b"ab"),
    ((0, 3), (2,)),
    ((0, 0), (1,)),
    True,
    StageRate("batch", 10.0, 250.5),
)


@given(pipelines, st.booleans())
def test_that_any_pipeline_arrives_whole(pipeline: InputPipeline, measure: bool) -> None:
    command = ShowPipeline(7, SPEC, pipeline, "folder", measure)
    assert codec.decode_command(codec.encode(command)[4:]) == command


@pytest.mark.parametrize("place", [(), (3,), (1, 2, 3, 4)])
def test_that_a_place_in_a_tensor_arrives_whole(place: tuple[int, ...]) -> None:
    command = ShowTensor(7, SPEC, "test", 5, "batch", "raw", "transposed", 16, place)
    assert codec.decode_command(codec.encode(command)[4:]) == command


def test_that_the_answers_arrive_whole() -> None:
    shown = PipelineShown(7, 100, (STAGE,), (24, 5, 12), "code", 50, 32, None, 1e6, ("note",))
    tensor = TensorShown(
        7, (2, 3), "float32", 4, 24, (-12, 4), False, ("sample", "feature"), (1, 2), 0.5, -4, ("a", "b", "c")
    )
    text = msgspec.structs.replace(tensor, value="a text")
    for event in (shown, tensor, text):
        assert codec.decode_event(codec.encode(event)[4:]) == event


def test_that_an_unknown_stage_is_refused() -> None:
    damaged = codec.encode(ShowPipeline(7, SPEC, InputPipeline((Stage("cache", on=False),))))[4:]
    with pytest.raises(codec.FrameError):
        codec.decode_command(damaged.replace(b"\xa5cache", b"\xa5catch"))
