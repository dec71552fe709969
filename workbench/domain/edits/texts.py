"""Edits of which columns of a table are read for their words, and how."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from workbench.domain.dataset import ColumnInfo, DatasetSpec, InputSpec, TextColumn
from workbench.domain.edits.base import NamedEdit
from workbench.domain.edits.inputs import without_columns
from workbench.domain.edits.ordered import moved, replaced, without
from workbench.domain.naming import valid
from workbench.domain.project import Project
from workbench.domain.values import Value

FEW_WORDS = 1_000
BAG: Mapping[str, Value] = {"output": "multi_hot", "vocabulary_size": FEW_WORDS}
ROW: Mapping[str, Value] = {"output": "int"}


def read_words(column: str, params: Mapping[str, Value], columns: Sequence[ColumnInfo]) -> NamedEdit:
    """Read a column for its words, and use it where the columns were chosen by hand. A row of tokens gets an input of
    its own, if there are other features. `columns` are those of the table, in its order."""

    def apply(project: Project) -> Project:
        spec = project.data
        if column in {each.column for each in spec.texts}:
            return project
        texts = (*spec.texts, TextColumn(column, dict(params)))
        return _with(project, _placed(msgspec.structs.replace(spec, texts=texts), column, columns))

    return NamedEdit("Read words", apply)


def remove_text(place: int, title: str) -> NamedEdit:
    """Read a column no longer for its words. It is not used then; an input that had it alone is gone, and so is a
    single one that is left."""

    def apply(project: Project) -> Project:
        spec = project.data
        if place >= len(spec.texts):
            return project
        name = spec.texts[place].column
        inputs = without_columns(spec.inputs, (name,))
        features = spec.features and tuple(each for each in spec.features if each != name)
        changed = msgspec.structs.replace(
            spec,
            texts=without(spec.texts, place),
            inputs=inputs if len(inputs) > 1 or inputs == spec.inputs else (),
            features=features or None,
        )
        return _with(project, changed)

    return NamedEdit(f"Remove {title}", apply)


def move_text(place: int, to: int, title: str) -> NamedEdit:
    """Let the words of a column stand before or behind those of others."""
    return NamedEdit(f"Move {title}", lambda project: _with_texts(project, moved(project.data.texts, place, to)))


def set_text_params(place: int, params: Mapping[str, Value], title: str, key: str = "") -> NamedEdit:
    """Give the words of a column these parameters; edits with one `key` are undone as one."""

    def apply(project: Project) -> Project:
        texts = project.data.texts
        if place >= len(texts):
            return project
        return _with_texts(project, replaced(texts, place, TextColumn(texts[place].column, dict(params))))

    return NamedEdit(f"Change {title}", apply, f"text/{place}/{key}" if key else "")


def bag_of_words(column: str) -> NamedEdit:
    """Make a bag of the words of a column that is read for them."""

    def apply(project: Project) -> Project:
        texts = tuple(
            TextColumn(column, {**each.params, **BAG}) if each.column == column else each for each in project.data.texts
        )
        return _with_texts(project, texts)

    return NamedEdit("Make a bag of words", apply)


def own_text_input(column: str, columns: Sequence[ColumnInfo]) -> NamedEdit:
    """Let a column enter by an input of its own, and the other features by others."""

    def apply(project: Project) -> Project:
        spec = msgspec.structs.replace(project.data, inputs=without_columns(project.data.inputs, (column,)))
        return _with(project, _with_own_input(spec, column, columns))

    return NamedEdit("Give it an input of its own", apply)


def without_texts(texts: Sequence[TextColumn], names: Collection[str]) -> tuple[TextColumn, ...]:
    """The texts but for those of these columns."""
    return tuple(each for each in texts if each.column not in names)


def _placed(spec: DatasetSpec, column: str, columns: Sequence[ColumnInfo]) -> DatasetSpec:
    """The project's data with a column of words among those that are used."""
    is_row = spec.texts[-1].params.get("output", "int") == "int"
    if spec.features is not None:
        features = tuple(each.name for each in columns if each.name in {*spec.features, column})
        spec = msgspec.structs.replace(spec, features=features)
    return _with_own_input(spec, column, columns) if is_row or spec.inputs else spec


def _with_own_input(spec: DatasetSpec, column: str, columns: Sequence[ColumnInfo]) -> DatasetSpec:
    if any(column in each.columns for each in spec.inputs):
        return spec
    inputs = spec.inputs
    if not inputs:
        read = {text.column for text in spec.texts}
        used = [each for each in columns if each.role == "feature" or (each.role == "ignored" and each.name in read)]
        features = [each for each in used if each.name != column]
        if not features:
            return spec
        kinds = {each.kind for each in features if each.name not in read}
        name = "numbers" if kinds == {"number"} else "categories" if kinds == {"category"} else "columns"
        inputs = (InputSpec(name, tuple(each.name for each in features)),)
    own = valid(column) or "texts"
    taken = {each.name for each in inputs}
    names = (own, *(f"{own}_{number}" for number in range(1, len(inputs) + 1)))
    free = next(name for name in names if name not in taken)
    return msgspec.structs.replace(spec, inputs=(*inputs, InputSpec(free, (column,))))


def _with_texts(project: Project, texts: tuple[TextColumn, ...]) -> Project:
    return _with(project, msgspec.structs.replace(project.data, texts=texts))


def _with(project: Project, spec: DatasetSpec) -> Project:
    return project if spec == project.data else msgspec.structs.replace(project, data=spec)
