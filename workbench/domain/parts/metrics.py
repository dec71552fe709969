"""Names for own metrics: Keras counts up those of metrics that say none, so that they would change with each run."""

from workbench.domain.naming import snake
from workbench.domain.parts.read import read_parts
from workbench.domain.parts.spec import Parts
from workbench.domain.values import ObjectSpec


def named_metrics(metrics: tuple[ObjectSpec, ...], parts: Parts) -> tuple[ObjectSpec, ...]:
    """The same metrics; those of the project's own parts with the name under which their values are shown."""
    return tuple(_named(metric, parts) for metric in metrics) if parts else metrics


def _named(metric: ObjectSpec, parts: Parts) -> ObjectSpec:
    part = read_parts(parts).find("metrics", metric.class_name)
    if part is None or metric.params.get("name"):
        return metric
    param = part.entry.param("name")
    name = param.default if param is not None and param.default else snake(metric.class_name)
    return ObjectSpec(metric.class_name, {**metric.params, "name": name})
