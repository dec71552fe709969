"""A project: data, network and training in one immutable value."""

import msgspec

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import ModelTree

FORMAT_VERSION = 1


class Project(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is needed to train. Edits are pure functions `Project -> Project` (see `edits`)."""

    version: int = FORMAT_VERSION
    name: str = "Untitled"
    data: DatasetSpec = DatasetSpec(SourceSpec("digits"))
    model: ModelTree = ModelTree()
    training: TrainingSpec = TrainingSpec()
