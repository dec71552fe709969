"""Several targets, each learned by an output of its own: which output learns which, and what one is by itself."""

from collections.abc import Sequence

import msgspec

from workbench.domain.dataset import ColumnInfo, DatasetInfo, HeadInfo
from workbench.domain.graph import Graph


def head_info(info: DatasetInfo, head: HeadInfo) -> DatasetInfo:
    """The data as if this were all that is learned of them."""
    is_number = head.task == "regression"
    return msgspec.structs.replace(
        info,
        task=head.task,
        labels="number" if is_number else "integer",
        target=head.target,
        target_shape=(1,) if is_number else (),
        classes=head.classes,
        class_counts=head.class_counts,
        target_mean=head.mean,
        target_std=head.std,
        target_low=head.low,
        target_high=head.high,
        columns=tuple(
            column if column.role != "target" or column.name == head.target else _ignored(column)
            for column in info.columns
        ),
        heads=(),
    )


def in_order(outputs: Sequence[str], heads: Sequence[HeadInfo]) -> tuple[str, ...]:
    """The outputs of a network, given by the names of their layers, in the order of the heads: by name where each head
    finds its own, else as they are."""
    names = tuple(head.name for head in heads)
    return names if names and sorted(names) == sorted(outputs) else tuple(outputs)


def outputs_of(graph: Graph, info: DatasetInfo) -> tuple[str, ...]:
    """The outputs of a network in the order in which the data have targets for them."""
    return in_order(graph.outputs, info.heads)


def _ignored(column: ColumnInfo) -> ColumnInfo:
    return msgspec.structs.replace(column, role="ignored")
