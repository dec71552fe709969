"""The form of the output where something is learned for each place: a picture, a mask, the input itself."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.first_network import first_network
from workbench.domain.problem import Problem, Repair

OF_OUTPUT = True


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, on the layer that decides what comes out at each place."""
    shape, wanted, info = case.output_shape, case.wanted_shape, case.info
    if shape is None or wanted is None or info is None or not case.has_layers or shape in wanted:
        return
    if case.summary is not None and case.summary.total_params == 0:
        return  # Said already: there is nothing that learns.
    node_id = case.end.units_id if case.end.units_id in case.nodes else None
    yield Problem(
        "output_form",
        "error",
        f"The network gives {shown_shape(shape)} for each sample, but {shown_shape(wanted[0])} are to be learned."
        " Change what it ends with.",
        "Each number that comes out is compared with the one at the same place. What was made smaller by pooling or "
        "strides has to become as large again, by UpSampling or a transposed convolution.",
        node_id=node_id,
        field=case.end.units_param if node_id is not None and shape[:-1] == wanted[0][:-1] else None,
        repairs=tuple(_offers(case, shape, wanted[0])),
    )


def _offers(case: Case, shape: tuple[int | None, ...], wanted: tuple[int, ...]) -> Iterator[Repair]:
    end, info = case.end, case.info
    assert info is not None
    is_known = end.units_id in case.nodes and end.units_id is not None and end.units_param is not None
    if is_known and shape[:-1] == wanted[:-1] and end.units_id is not None and end.units_param is not None:
        yield _repairs.set_param(case, end.units_id, end.units_param, wanted[-1])
    if end.units_id in case.nodes and end.units_id is not None and len(shape) == len(wanted) == 3 and not end.behind:
        yield _repairs.insert_before(case, end.units_id, _repairs.layer("Resizing", height=wanted[0], width=wanted[1]))
    yield _repairs.use_model(first_network(info), "Use a first network for these data")
