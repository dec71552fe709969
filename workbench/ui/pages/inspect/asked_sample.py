"""Fetches a sample of the project's data for a view, once for each sample that is looked at."""

from collections.abc import Callable
from typing import cast

from workbench.domain.dataset import Part
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import AnyEvent, SamplesShown
from workbench.ui.context import Context


class AskedSample:
    """`arrived` gets the sample asked for last; answers that come too late, and failures, are left out."""

    def __init__(self, context: Context, arrived: Callable[[SamplesShown], None]) -> None:
        self._context = context
        self._arrived = arrived
        self._asked: tuple[object, str, Sample] | None = None

    def ask(self, sample: Sample) -> None:
        """Fetch this sample, unless it was asked for already."""
        spec, folder = self._context.data.loaded_spec, str(self._context.document.path)
        if spec is None or self._asked == (spec, folder, sample):
            return
        self._asked = (spec, folder, sample)
        part, index = cast("Part", sample.part), sample.index
        self._context.client.ask(
            lambda ticket: ShowSamples(ticket, spec, part, index, 1, folder=folder),
            lambda event: self._answered(sample, event),
        )

    def forget(self) -> None:
        """Nothing of the data is looked at."""
        self._asked = None

    def _answered(self, sample: Sample, event: AnyEvent) -> None:
        if isinstance(event, SamplesShown) and self._asked is not None and self._asked[2] == sample:
            self._arrived(event)
