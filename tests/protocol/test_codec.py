"""Frames carry every command and event whole, and nothing that is damaged."""

import io
import struct
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.run import Plan
from workbench.protocol import codec
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.commands import AnyCommand, LoadData, Pause, Ping, Predict, Probe, Train
from workbench.protocol.events import AnyEvent, BatchesEnded, Failed, PlanChosen, Probed, RunEnded

texts = st.text(max_size=20)
numbers = st.integers(0, 2**31)
floats = st.floats(allow_nan=False)
arrays = st.binary(max_size=40).map(lambda data: Array("uint8", (len(data),), data))
samples = st.builds(Sample, part=texts, index=numbers, path=st.none() | texts, array=st.none() | arrays)
commands = st.one_of(
    st.builds(Ping, ticket=numbers),
    st.just(Pause()),
    st.builds(LoadData, ticket=numbers, spec=texts.map(lambda kind: DatasetSpec(SourceSpec(kind)))),
    st.builds(Train, project=texts.map(lambda name: Project(name=name)), folder=texts, run=st.none() | texts),
    st.builds(Predict, ticket=numbers, folder=texts, run=texts, samples=st.lists(samples, max_size=3).map(tuple)),
    st.builds(Probe, ticket=numbers, folder=texts, run=texts, probe=texts, params=st.dictionaries(texts, floats)),
)
metrics = st.dictionaries(texts, floats, max_size=3)
events = st.one_of(
    st.builds(Failed, ticket=numbers, message=texts, cancelled=st.booleans()),
    st.builds(
        BatchesEnded,
        run=texts,
        epoch=numbers,
        first_step=numbers,
        losses=st.lists(floats, max_size=5).map(tuple),
        running=metrics,
        seconds=floats,
    ),
    st.builds(PlanChosen, run=texts, plan=st.builds(Plan, kind=st.just("xla"), chunk=numbers, threads=numbers)),
    st.builds(Probed, ticket=numbers, probe=texts, arrays=st.dictionaries(texts, arrays, max_size=2)),
    st.builds(
        RunEnded, run=texts, reason=st.just("completed"), epochs=numbers, seconds=floats, metrics=metrics, message=texts
    ),
)


@given(st.lists(commands, max_size=4), st.data())
def test_that_commands_arrive_whole_however_they_are_cut(sent: list[AnyCommand], data: st.DataObject) -> None:
    stream = b"".join(map(codec.encode, sent))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    splitter = codec.FrameSplitter()
    bodies = [body for piece in pieces for body in splitter.feed(piece)]
    assert [codec.decode_command(body) for body in bodies] == sent


@given(st.lists(events, max_size=4))
def test_that_events_arrive_whole_from_a_blocking_stream(sent: list[AnyEvent]) -> None:
    stream = io.BytesIO(b"".join(map(codec.encode, sent)))
    got = []
    while (body := codec.read_frame(stream)) is not None:
        got.append(codec.decode_event(body))
    assert got == sent


@given(events)
def test_that_an_event_is_one_line_of_json(event: AnyEvent) -> None:
    line = codec.to_json(event)
    assert b"\n" not in line
    assert msgspec.json.decode(line)["event"]


@given(st.binary(max_size=200))
def test_that_no_bytes_break_the_reader(data: bytes) -> None:
    for decode in (codec.decode_command, codec.decode_event):
        try:
            decode(data)
        except codec.FrameError:
            continue
    splitter = codec.FrameSplitter()
    with suppress(codec.FrameError):
        splitter.feed(data)


@pytest.mark.parametrize(
    "body",
    [
        b"\x82\xa7command\xa4pi\xed\xa0\xa6ticket\x01",
        b"\x82\xa7command\xa4ping\xa3foo" + b"\x91" * 1_000_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
    ],
    ids=["no text", "deep", "huge array", "huge bytes"],
)
def test_that_hostile_bodies_are_refused_like_any_other_damage(body: bytes) -> None:
    for decode in (codec.decode_command, codec.decode_event):
        with pytest.raises(codec.FrameError):
            decode(body)


def test_that_an_impossible_length_is_refused_before_anything_is_kept() -> None:
    head = struct.pack("<I", codec.MAX_FRAME + 1)
    with pytest.raises(codec.FrameError, match="damaged"):
        codec.FrameSplitter().feed(head)
    with pytest.raises(codec.FrameError, match="damaged"):
        codec.read_frame(io.BytesIO(head))


@pytest.mark.parametrize("stream", [b"\x01", b"\x05\x00\x00\x00abc"])
def test_that_a_stream_cut_inside_a_frame_is_told(stream: bytes) -> None:
    with pytest.raises(codec.FrameError, match="ended inside"):
        codec.read_frame(io.BytesIO(stream))


@pytest.mark.parametrize("message", [Ping(10**30), Failed(0, "\ud800")], ids=["number", "text"])
def test_that_what_cannot_travel_is_told_as_damage(message: AnyCommand | AnyEvent) -> None:
    with pytest.raises(codec.FrameError, match="cannot be sent"):
        codec.encode(message)


def test_that_a_message_too_large_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_FRAME", 100)
    with pytest.raises(codec.FrameError, match="too large"):
        codec.encode(Failed(1, "x" * 200))
