"""The catalogue with a project's own parts in it, for as long as something of that project is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import msgspec

from workbench.domain.catalogue import Catalogue, keras_catalogue, using
from workbench.domain.parts.read import read_parts
from workbench.domain.parts.spec import Parts


@lru_cache(maxsize=16)
def catalogue_of(parts: Parts) -> Catalogue:
    """The catalogue of Keras followed by the project's own parts."""
    base = keras_catalogue()
    own = tuple(each.entry for each in read_parts(parts).parts)
    return msgspec.structs.replace(base, classes=(*base.classes, *own)) if own else base


@contextmanager
def parts_known(parts: Parts) -> Iterator[None]:
    """Let `load_catalogue` know these parts, in this thread, until the end of the block."""
    with using(catalogue_of(parts)):
        yield
