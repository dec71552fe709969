"""A project: data, network and training in one immutable value."""

from typing import Annotated

import msgspec

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.parts.spec import MOST_PARTS, Parts
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
    parts: Annotated[Parts, msgspec.Meta(max_length=MOST_PARTS)] = ()
