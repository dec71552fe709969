"""A folder of pictures too large to be held, read piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.errors import DataError
from workbench.engine.data.picture_folder import Broken, File, Layout, Listing, choose_layout
from workbench.engine.data.pictures import BrokenPictureError, read_picture
from workbench.engine.data.raw import Indices, Progress, RawData
from workbench.engine.data.stream import Stream, choose_sampled, refuse_few

_PIECE = 64
_LOOKED_AT = 500
_MOST_SAMPLED = 2_000

Pictures: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.int64]]


@dataclass(frozen=True)
class PicturePieces:
    """The pictures in an order without a pattern, those of a test set last; `first_test` is the first piece of it."""

    title: str
    files: tuple[File, ...]
    bounds: Indices
    first_test: int
    layout: Layout
    strict: bool

    def read(self, pieces: Sequence[int], broken: Broken) -> tuple[NDArray[np.uint8], NDArray[np.int64], Indices]:
        """Pictures, class numbers, and the piece that each is of. Broken ones are left out, and told in `broken`; they
        are an error where the person said so."""
        pictures: list[NDArray[np.uint8]] = []
        labels: list[int] = []
        owners: list[int] = []
        for piece in pieces:
            for path, label in self.files[self.bounds[piece] : self.bounds[piece + 1]]:
                try:
                    pictures.append(read_picture(path, self.layout.size, self.layout.channels))
                except BrokenPictureError as error:
                    broken[path] = str(error)
                    if self.strict:
                        raise DataError(f"{path.name} cannot be used: {error}. Remove the file.") from error
                    continue
                labels.append(label)
                owners.append(int(piece))
        shape = (len(pictures), *self.layout.size, self.layout.channels)
        return np.array(pictures, np.uint8).reshape(shape), np.array(labels, np.int64), np.array(owners, np.int64)


def read_picture_stream(
    listing: Listing, size: tuple[int, int] | None, colour: str, strict: bool, progress: Progress
) -> tuple[RawData, Layout, Broken]:
    """A sample of the pictures, and the stream of all of them; how they are made alike, and which of the sample are
    broken. Raises DataError."""
    rng = np.random.default_rng(0)
    train, test = ([files[place] for place in rng.permutation(len(files))] for files in (listing.train, listing.test))
    looked_at = [*train[:_LOOKED_AT], *test[: _LOOKED_AT // 10]]
    layout, _ = choose_layout(looked_at, size, colour, progress)
    bounds = [*range(0, len(train), _PIECE), *range(len(train), len(train) + len(test), _PIECE), len(train) + len(test)]
    first_test = -(-len(train) // _PIECE)
    made = PicturePieces(listing.root.name, (*train, *test), np.array(bounds), first_test, layout, strict)
    counts = np.diff(made.bounds)
    refuse_few(listing.root.name, len(counts))
    sampled = choose_sampled(counts, _MOST_SAMPLED)
    broken: Broken = {}
    progress("Reading a sample of the pictures", None)
    x, y, owners = made.read(sampled.tolist(), broken)
    if not len(x):
        raise DataError(f"None of the pictures of {listing.root.name} that were looked at can be read.")
    raw = RawData(title=listing.root.name, form="pictures", classes=listing.classes, target="class", full_scale=255.0)
    stream = Stream(
        counts=counts,
        read=lambda piece: _piece(made, raw, piece),
        sampled=sampled,
        owners=owners,
        own_test=np.arange(first_test, len(counts)),
    )
    return replace(raw, x=x, y=y, stream=stream), layout, broken


def _piece(made: PicturePieces, raw: RawData, piece: int) -> RawData:
    x, y, _ = made.read([piece], {})
    return replace(raw, x=x, y=y)
