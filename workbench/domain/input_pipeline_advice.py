"""What is to be said of an input pipeline: what its order brings about, and which stage holds it up."""

from collections.abc import Sequence

import msgspec

from workbench.domain.input_pipeline import NONE, InputPipeline, StageKind, StageRate

_IDLE = frozenset({"repeat", "prefetch"})  # what they seem to cost is the waiting of one thread for another


class Hint(msgspec.Struct, frozen=True):
    """A sentence about a stage; `caution` says that this is not what people usually want."""

    text: str
    caution: bool = True


class Bottleneck(msgspec.Struct, frozen=True):
    """The stage that takes the largest share of the time in the later epochs, and what to do about it. `waits` is the
    share of the time for which a network waits for data, None where no training step was tried."""

    kind: str
    share: float
    sentence: str
    waits: float | None = None


def hints(pipeline: InputPipeline, samples: int) -> dict[str, tuple[Hint, ...]]:
    """For each stage, what its place and its parameters bring about. `samples` are those of the training part."""
    said: dict[str, list[Hint]] = {}
    for kind, sentence in (*_of_shuffle(pipeline, samples), *_of_batch(pipeline, samples), *_of_others(pipeline)):
        said.setdefault(kind, []).append(Hint(sentence))
    for kind, sentence in _plain(pipeline):
        said.setdefault(kind, []).append(Hint(sentence, caution=False))
    return {kind: tuple(sentences) for kind, sentences in said.items()}


def _of_shuffle(pipeline: InputPipeline, samples: int) -> list[tuple[StageKind, str]]:
    found: list[tuple[StageKind, str]] = []
    if pipeline.place("shuffle") is None:
        return found
    buffer = pipeline.whole("shuffle", "buffer_size")
    if pipeline.is_before("batch", "shuffle"):
        found.append(("shuffle", "It stands behind batch, so it mixes whole batches: the same samples stay together."))
    elif buffer == 1:
        found.append(("shuffle", "A buffer of 1 mixes nothing."))
    elif buffer < samples:
        found.append(
            ("shuffle", f"The buffer holds {buffer:,} of {samples:,} samples, so a late sample never comes early.")
        )
    if pipeline.is_before("repeat", "shuffle"):
        found.append(
            ("shuffle", "It stands behind repeat, so epochs mix: a sample may come twice before another once.")
        )
    if pipeline.is_before("shuffle", "cache"):
        found.append(("cache", "It stands behind shuffle, so it keeps the order of the first epoch for all others."))
    return found


def _of_batch(pipeline: InputPipeline, samples: int) -> list[tuple[StageKind, str]]:
    if pipeline.place("batch") is None:
        return [("batch", "Without it the network gets single samples, without the axis of the batch that it expects.")]
    size = pipeline.whole("batch", "batch_size")
    found: list[tuple[StageKind, str]] = []
    if pipeline.value("batch", "drop_remainder"):
        left = samples % size
        if size > samples:
            found.append(
                ("batch", f"No batch of {size:,} becomes full with {samples:,} samples, so nothing comes out.")
            )
        elif left and not pipeline.is_before("repeat", "batch"):
            found.append(("batch", f"The last {left:,} samples of each epoch are left out."))
    if pipeline.is_before("repeat", "batch"):
        found.append(("batch", "It stands behind repeat, so a batch can hold samples of two epochs."))
    return found


def _of_others(pipeline: InputPipeline) -> list[tuple[StageKind, str]]:
    found: list[tuple[StageKind, str]] = []
    if pipeline.is_before("repeat", "cache") and pipeline.value("repeat", "count") is None:
        found.append(("cache", "It stands behind a repeat without end, so it fills the memory and is never used."))
    place = pipeline.place("prefetch")
    if place is not None and place < len(pipeline.used) - 1:
        found.append(("prefetch", "It is not the last stage, so what stands behind it is not done in advance."))
    return found


def _plain(pipeline: InputPipeline) -> list[tuple[StageKind, str]]:
    found: list[tuple[StageKind, str]] = []
    if pipeline.is_before("cache", "map"):
        found.append(("map", "It stands behind cache, so it runs again in each epoch, as random augmentation must."))
    if pipeline.is_before("batch", "map"):
        found.append(("map", "It stands behind batch, so one call prepares a whole batch."))
    if not pipeline.value("map", "deterministic") and pipeline.value("map", "num_parallel_calls") == NONE:
        found.append(("map", "Without parallel calls the order is kept anyway."))
    return found


def shares(pipeline: InputPipeline, rates: Sequence[StageRate]) -> tuple[float, ...]:
    """For each stage its own share of the time that a sample takes in the later epochs, from 0 to 1. What stands before
    a cache that is full takes none; neither does a stage that hides the time of those before it, nor one that does
    nothing with a sample."""
    cached = any(stage.kind == "cache" for stage in pipeline.used) and not _is_cache_useless(pipeline)
    own: list[float] = []
    before = 0.0
    for rate in rates:
        if rate.kind == "cache" and cached:
            own, before = [0.0] * len(own), 0.0
        seconds = 1.0 / rate.later
        own.append(0.0 if rate.kind in _IDLE else max(0.0, seconds - before))
        before = seconds
    total = sum(own) or 1.0
    return tuple(each / total for each in own)


def bottleneck(pipeline: InputPipeline, rates: Sequence[StageRate], trained: float | None) -> Bottleneck:
    """The stage that holds the pipeline up. `trained` are the samples a second with a training step of
    `pipeline.costs.step_ms` behind it, None without one."""
    own = shares(pipeline, rates)
    place = max(range(len(own)), key=own.__getitem__)
    kind, share = rates[place].kind, own[place]
    waits = _waits(pipeline, trained)
    if waits is not None and waits < 0.05:
        sentence = "The network hardly ever waits for data: the training step is the bottleneck, not the pipeline."
    else:
        sentence = f"{kind} takes {round(share * 100)} % of the time: {_remedy(pipeline, kind)}"
        if waits is not None:
            sentence = f"The network waits for data {round(waits * 100)} % of the time. {sentence}"
            if pipeline.place("prefetch") is None:
                sentence += " With prefetch the next batch is made while the network trains."
    return Bottleneck(kind, share, sentence, waits)


def _waits(pipeline: InputPipeline, trained: float | None) -> float | None:
    if not pipeline.costs.step_ms or not trained:
        return None
    size = pipeline.whole("batch", "batch_size") if pipeline.place("batch") is not None else 1
    return max(0.0, 1.0 - trained * pipeline.costs.step_ms / 1000 / size)


def _is_cache_useless(pipeline: InputPipeline) -> bool:
    return pipeline.is_before("repeat", "cache") and pipeline.value("repeat", "count") is None


def _remedy(pipeline: InputPipeline, kind: str) -> str:
    match kind:
        case "map":
            return _remedy_of_map(pipeline)
        case "from_tensor_slices":
            if pipeline.costs.read_ms and pipeline.place("cache") is None:
                return "switch cache on, so that only the first epoch reads, or prefetch while the network trains."
            if pipeline.costs.read_ms:
                return "put cache before the repeat, so that only the first epoch reads."
            return "the data come from memory, so there is little to gain."
        case "cache":
            return "that is the copy out of memory, so there is little to gain."
        case "shuffle" if not pipeline.is_before("batch", "shuffle"):
            return "that is the draw of each sample; a smaller buffer starts sooner, but mixes less."
        case "batch":
            return "that is the copy of samples into batches; larger batches cost less for each sample."
        case _:
            return "there is little to gain here."


def _remedy_of_map(pipeline: InputPipeline) -> str:
    if pipeline.value("map", "num_parallel_calls") == NONE:
        advice = "set parallel calls"
        if pipeline.place("cache") is None or pipeline.is_before("cache", "map"):
            advice += ", or put cache behind it"
        if not pipeline.is_before("batch", "map") and pipeline.place("batch") is not None:
            advice += ", or put it behind batch so that one call prepares a whole batch"
        return f"{advice}."
    if pipeline.place("cache") is None or pipeline.is_before("cache", "map"):
        return "put cache behind it, so that later epochs need it no more."
    if not pipeline.is_before("batch", "map") and pipeline.place("batch") is not None:
        return "put it behind batch, so that one call prepares a whole batch."
    return "it runs in parallel already; a cheaper preparation is all that helps."
