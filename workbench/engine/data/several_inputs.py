"""Which numbers of a prepared sample each of several inputs takes."""

from collections.abc import Sequence

from workbench.domain.dataset import DatasetSpec, InputInfo, InputSpec
from workbench.domain.naming import valid
from workbench.engine.data.errors import DataError
from workbench.engine.data.pipeline import Pipeline
from workbench.engine.data.table import Selection
from workbench.engine.data.table_words import TableWords


def inputs_of(
    spec: DatasetSpec,
    selection: Selection | None,
    masked: Sequence[int],
    pipeline: Pipeline,
    words: TableWords | None = None,
) -> tuple[InputInfo, ...]:
    """The inputs that a project makes of the columns of a table, as they are behind the steps of preparation: what a
    step makes of several columns belongs to the inputs that have all of them, and what tells where one of `masked` is
    missing to those that have it. Behind all of these stand `words`. Empty for what is no table. Raises DataError on a
    name that is no name of a layer, or is there twice."""
    if not spec.inputs or selection is None:
        return ()
    _check_names(spec)
    return tuple(_input(each, selection, masked, pipeline, words) for each in spec.inputs)


def _input(
    spec: InputSpec, selection: Selection, masked: Sequence[int], pipeline: Pipeline, words: TableWords | None
) -> InputInfo:
    belongs = _belongs(frozenset(spec.columns), selection, masked, pipeline)
    plain = tuple(place for place, mine in enumerate(belongs) if mine)
    told = [] if words is None else [each for each in words.told(len(belongs)) if each.column in spec.columns]
    places = (*plain, *(place for each in told for place in each.places))
    sizes = [each.vocabulary_size for each in told if each.vocabulary_size is not None]
    only_tokens = bool(told) and not plain and len(sizes) == len(told)
    return InputInfo(spec.name, (len(places),), places, max(sizes) if only_tokens else None)


def _belongs(columns: frozenset[str], selection: Selection, masked: Sequence[int], pipeline: Pipeline) -> list[bool]:
    """Which of the inputs that are no words are made of these columns."""
    belongs = [feature.column.name in columns for feature in selection.features for _ in feature.names]
    belongs += [belongs[start] for start in masked]
    for step in pipeline.steps:
        if step.made_of:
            belongs = [all(belongs[place] for place in places) for places in step.made_of]
    return belongs


def _check_names(spec: DatasetSpec) -> None:
    names = [each.name for each in spec.inputs]
    for each in spec.inputs:
        if not each.name or valid(each.name) != each.name:
            shown = each.name[:40]
            raise DataError(f"An input cannot be called “{shown}”. Use letters without accents, digits and underlines.")
        if names.count(each.name) > 1:
            raise DataError(f"Two inputs are called “{each.name}”. Rename one of them.")
        if not each.columns:
            raise DataError(f"The input “{each.name}” has no column. Choose some for it, or remove it.")
