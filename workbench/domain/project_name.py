"""What a project is called that nobody named: as its sample, or as its data."""

from pathlib import Path

from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import DatasetSpec
from workbench.domain.project import Project
from workbench.domain.samples import samples


def name_of_data(spec: DatasetSpec) -> str:
    """What data are called: as their file, else as their source. Empty where the source is not known."""
    path = spec.source.params.get("path")
    if isinstance(path, str) and Path(path).stem:
        return Path(path).stem
    return next((entry.title for entry in load_catalogue().sources if entry.kind == spec.source.kind), "")


def is_named_by_itself(project: Project) -> bool:
    """Whether the name is one that the workbench gave, by a sample or by the data."""
    given = {Project().name, name_of_data(project.data), *(entry.project.name for entry in samples())}
    return project.name in given
