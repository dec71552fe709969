"""Ready projects to begin with. Each is a file in `resources/samples`; the file names give their order."""

from functools import cache
from pathlib import Path

import msgspec

from workbench.domain import efficientnet_lite, weights
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.resources import resource

__all__ = ["SampleEntry", "first_network", "notes_of", "sample", "samples"]


class SampleEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sample. `tags` say what its data are ("pictures", "table", "points", "series", "text") and what is learned from
    them; `notes` what it teaches, what it reaches and how long that takes, where there is more to say. `files` is a ZIP
    beside it with what lies in the folder of the project, empty where its data need none. Layers that start with kept
    weights start with those of the bundled base. Samples of one `group` are shown together."""

    id: str
    title: str
    description: str
    tags: tuple[str, ...]
    project: Project
    notes: str = ""
    files: str = ""
    group: str = ""

    def unpack(self, folder: Path) -> None:
        """Put the files that belong to it into the folder of a project. Raises OSError."""
        if self.files:
            from zipfile import ZipFile  # few samples need it, and none before the first paint

            with ZipFile(resource("samples") / self.files) as archive:
                archive.extractall(folder)
        files = weights.files_of(self.project.model)
        if any(not weights.path_of(folder, file).exists() for file in files):
            weights.keep(folder, resource(efficientnet_lite.FILE).read_bytes())


_decoder = msgspec.json.Decoder(SampleEntry)


@cache
def samples() -> tuple[SampleEntry, ...]:
    """All samples, the easiest start first."""
    files = sorted(resource("samples").glob("*.json"))
    return tuple(_decoder.decode(file.read_bytes()) for file in files)


def notes_of(project: Project) -> str:
    """What is to say of the sample that a project was made from and still has the name of; empty for all others."""
    entry = next((entry for entry in samples() if entry.project.name == project.name), None)
    return "" if entry is None else entry.notes or entry.description


def sample(sample_id: str) -> SampleEntry:
    """The sample with this id. Raises KeyError with a sentence that names those there are."""
    for entry in samples():
        if entry.id == sample_id:
            return entry
    known = ", ".join(entry.id for entry in samples())
    raise KeyError(f"There is no sample {sample_id[:100]!r}. There are: {known}.")
