"""Writes an input pipeline as Python source."""

from workbench.domain.dataset import DatasetInfo
from workbench.domain.input_pipeline import AUTO, NONE, SOURCE, InputPipeline, Stage
from workbench.domain.script.data import data_imports, data_lines
from workbench.domain.values import Value

_SCALED = {
    "none": "x",
    "standardize": "(tf.cast(x, tf.float64) - mean) / deviation",
    "min_max": "(tf.cast(x, tf.float64) - low) / span",
    "divide_255": "{x} / 255.0",
    "divide_max": "{x} / largest",
}
_WAIT = '''\
def slowly(milliseconds):
    """Makes each element wait, so that one sees what the stages behind it can do about that."""

    def wait(x, y):
        tf.numpy_function(lambda: time.sleep(milliseconds / 1000), [], [])
        return x, y

    return wait'''


_SCALING_LINES = ("x_train = scaled(x_train)", 'x_train = x_train.astype("float32")')


def is_scaling_left(info: DatasetInfo) -> bool:
    """Whether the scaling of the training inputs can be left to `map`: it is the last thing that is done with them."""
    lines = [line.strip() for line in info.preparation.splitlines() if "x_train" in line]
    return bool(lines) and lines[-1] in _SCALING_LINES


def stage_code(pipeline: InputPipeline, kind: str) -> str:
    """What makes a stage, as it stands in the source behind `dataset = `; the source's own stage for its name."""
    if kind == SOURCE:
        return f"tf.data.Dataset.{SOURCE}((x_train, y_train))"
    stage = next(each for each in pipeline.stages if each.kind == kind)
    return f"dataset.{kind}({', '.join(_arguments(pipeline, stage))})"


def pipeline_code(pipeline: InputPipeline, info: DatasetInfo, dtype: str) -> str:
    """A script that makes the pipeline over the project's own training part. `dtype` is the type of a sample's numbers
    before `map`, which scales them where that can be left to it."""
    standard, others = data_imports(info)
    if _waits(pipeline):
        standard.add("import time")
    others |= {"import numpy as np", "import tensorflow as tf"}
    sections = ["\n".join(sorted(standard))] if standard else []
    sections.append("\n".join(sorted(others)))
    kept = _unscaled if is_scaling_left(info) else list[str]
    sections += ["\n".join(kept(lines)).strip("\n") for lines in data_lines(info)]
    if not info.script.strip():
        sections.append("# Define x_train and y_train here: these data have no script of their own.")
    head = "\n\n".join(sections)
    parts = [head, "\n".join(_prepare_lines(info, dtype))]
    if _waits(pipeline):
        parts.append(_WAIT)
    parts.append("\n".join(_chain_lines(pipeline, info)))
    return "\n\n\n".join(parts) + "\n"


def _unscaled(lines: list[str]) -> list[str]:
    """The lines of the preparation without the one that scales the training inputs: `map` does that."""
    return [line for line in lines if line not in _SCALING_LINES]


def _prepare_lines(info: DatasetInfo, dtype: str) -> list[str]:
    number = "x" if dtype.startswith("float") else "tf.cast(x, tf.float64)"
    scaled = _SCALED[info.scaling if is_scaling_left(info) else "none"].format(x=number)
    return [
        "def prepare(x, y):",
        '    """A sample, or a batch of them, as the network gets it."""',
        f"    return tf.cast({scaled}, tf.float32), y",
    ]


def _chain_lines(pipeline: InputPipeline, info: DatasetInfo) -> list[str]:
    costs = pipeline.costs
    lines = [f"dataset = {stage_code(pipeline, SOURCE)}"]
    if costs.read_ms:
        lines.append(f"dataset = dataset.map(slowly({costs.read_ms:g}))  # as from a slow disk")
    for stage in pipeline.used:
        if stage.kind == "map" and costs.map_ms:
            slow = ", ".join([f"slowly({costs.map_ms:g})", *_arguments(pipeline, stage)[1:]])
            lines.append(f"dataset = dataset.map({slow})  # as a slow preparation")
        lines.append(f"dataset = {stage_code(pipeline, stage.kind)}")
    lines += ["", "print(dataset.element_spec)", f"# {_fit(pipeline, info)}"]
    return lines


def _fit(pipeline: InputPipeline, info: DatasetInfo) -> str:
    """How a network is trained on it; a pipeline without end must be told how long an epoch is."""
    if pipeline.place("repeat") is None or pipeline.value("repeat", "count") is not None:
        return "model.fit(dataset, epochs=10)"
    batch = pipeline.whole("batch", "batch_size") if pipeline.place("batch") is not None else 1
    samples = info.sizes.get("train", 0)
    steps = samples // batch if pipeline.value("batch", "drop_remainder") else -(-samples // batch)
    return f"model.fit(dataset, epochs=10, steps_per_epoch={max(1, steps)})"


def _waits(pipeline: InputPipeline) -> bool:
    return pipeline.costs.read_ms > 0 or (pipeline.costs.map_ms > 0 and pipeline.place("map") is not None)


def _arguments(pipeline: InputPipeline, stage: Stage) -> list[str]:
    def of(name: str) -> Value:
        return pipeline.value(stage.kind, name)

    match stage.kind:
        case "map":
            calls = of("num_parallel_calls")
            if calls == NONE:
                return ["prepare"]
            order = [] if of("deterministic") else ["deterministic=False"]
            return ["prepare", f"num_parallel_calls={_number(calls)}", *order]
        case "shuffle":
            seed = [] if of("seed") is None else [f"seed={of('seed')}"]
            anew = [] if of("reshuffle_each_iteration") else ["reshuffle_each_iteration=False"]
            return [f"{of('buffer_size')}", *seed, *anew]
        case "batch":
            return [f"{of('batch_size')}", *(["drop_remainder=True"] if of("drop_remainder") else [])]
        case "repeat":
            return [] if of("count") is None else [f"{of('count')}"]
        case "prefetch":
            return [_number(of("buffer_size"))]
        case _:
            return []


def _number(value: Value) -> str:
    return "tf.data.AUTOTUNE" if value == AUTO else str(value)
