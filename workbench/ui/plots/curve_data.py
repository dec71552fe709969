"""The curves of one metric of one run, kept up with the run's history in small steps."""

from array import array

import numpy as np

from workbench.protocol.history import History
from workbench.ui.plots.names import VALIDATION
from workbench.ui.plots.series import Floats, Series
from workbench.ui.plots.smoothing import Smoother

LOSS = "loss"


class MetricCurves:
    """Series over epochs (batches done ÷ batches an epoch).

    `batches` is each batch's true value (known of the loss only), `smoothed` the same smoothed, `running` the mean of
    the epoch so far, `training` and `validation` have one point an epoch. `epochs_only` leaves out all but these two.
    """

    def __init__(self, metric: str, strength: float = 0.0, *, epochs_only: bool = False) -> None:
        self.metric = metric
        self._epochs_only = epochs_only
        self._strength = strength
        self._known: tuple[History, int] | None = None
        self._clear()

    def follow(self, history: History) -> bool:
        """Take in what is new; True when anything is. Another history, or one that forgot something, is read anew."""
        if self._known is None or self._known[0] is not history or self._known[1] != history.revision:
            self._clear()
            self._known = (history, history.revision)
        if not history.batches_per_epoch:
            return False
        per_epoch = float(history.batches_per_epoch)
        before = self._seen
        if not self._epochs_only:
            if self.metric == LOSS:
                self._take_batches(history.losses, per_epoch)
            self._take_running(history, per_epoch)
        self._take_epochs(history, per_epoch)
        return self._seen != before

    def set_strength(self, strength: float) -> None:
        """Smooth anew, this strongly."""
        self._strength = strength
        self._smoother = Smoother(strength)
        self.smoothed = Series()
        self.smoothed.extend(self.batches.x, self._smoother.extend(self.batches.y))

    @property
    def last_x(self) -> float:
        """The place up to which anything is known, in epochs."""
        series = (self.batches, self.running, self.training, self.validation)
        return max((float(one.x[-1]) for one in series if len(one)), default=0.0)

    def columns(self) -> list[tuple[Floats, Floats]]:
        """Copies of (x, y) of batches, smoothed, running, training and validation, safe to hand to another thread."""
        every = (self.batches, self.smoothed, self.running, self.training, self.validation)
        return [(series.x.copy(), series.y.copy()) for series in every]

    @property
    def _seen(self) -> tuple[int, int, int]:
        return len(self.batches), len(self.running), self._epochs_seen

    def _clear(self) -> None:
        self._epochs_seen = 0
        self._running_seen = 0
        self._smoother = Smoother(self._strength)
        self.batches = Series()
        self.smoothed = Series()
        self.running = Series()
        self.training = Series()
        self.validation = Series()

    def _take_batches(self, losses: "array[float]", per_epoch: float) -> None:
        have = len(self.batches)
        new = _floats(losses[have:])
        if len(new):
            x = np.arange(have + 1, have + 1 + len(new), dtype=np.float64) / per_epoch
            self.batches.extend(x, new)
            self.smoothed.extend(x, self._smoother.extend(new))

    def _take_running(self, history: History, per_epoch: float) -> None:
        means = history.running.get(self.metric)
        if means is None or len(means.steps) == self._running_seen:
            return
        x = _floats(means.steps[self._running_seen :]) / per_epoch
        y = _floats(means.values[self._running_seen :])
        self._running_seen = len(means.steps)
        # The mean begins anew with each epoch, but the line is not broken: two means an epoch would be a loose stub.
        self.running.extend(x, y)

    def _take_epochs(self, history: History, per_epoch: float) -> None:
        new = history.epochs[self._epochs_seen :]
        self._epochs_seen = len(history.epochs)
        for series, name in ((self.training, self.metric), (self.validation, VALIDATION + self.metric)):
            known = [(event.step / per_epoch, event.metrics[name]) for event in new if name in event.metrics]
            if known:
                series.extend([x for x, _ in known], [y for _, y in known])


def metrics_of(history: History) -> list[str]:
    """The names of all metrics a history knows, the loss first, without those of validation."""
    names = [LOSS]
    told = history.started.metric_names if history.started is not None else ()
    for name in (*told, *history.running, *history.metric_names):
        plain = name.removeprefix(VALIDATION)
        if plain not in names:
            names.append(plain)
    return names


def _floats(values: "array[float]") -> Floats:
    return np.frombuffer(values, dtype=np.float64) if len(values) else np.empty(0)
