"""Sub-folders of classes as what pictures can be split by: where each is of one person, no person is in two parts."""

from collections.abc import Collection
from pathlib import Path

import numpy as np

from workbench.engine.data.class_folders import shown_name
from workbench.engine.data.picture_folder import Listing
from workbench.engine.data.raw import Column, SplitKey

NAME = "folder"


def folder_key(listing: Listing, broken: Collection[Path]) -> SplitKey:
    """The sub-folder of its class that each picture of the training set lies in, missing for those in none."""
    places = [
        path.parent.relative_to(listing.train_root / listing.classes[label]).as_posix()
        for path, label in listing.train
        if path not in broken
    ]
    names, codes = np.unique(["" if place == "." else shown_name(place) for place in places], return_inverse=True)
    first = int(names[0] == "")
    column = Column(NAME, codes=(codes - first).astype(np.int32), categories=tuple(names[first:].tolist()))
    return SplitKey(column, ('key = np.array(["" if place == "." else place for place in places])',))
