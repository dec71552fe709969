"""The hyperparameters as form entries, in the order a person sets them."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.dataset import DatasetInfo
from workbench.domain.measured import measured_names
from workbench.domain.phases import RATE
from workbench.domain.training import EarlyStopping, PhaseSpec, ResolvedTraining, TrainingSpec
from workbench.domain.values import ObjectSpec, Value

WITHIN = "within"
LARGEST_BATCH = 1_000_000
MOST_EPOCHS = 1_000_000
LARGEST_SEED = 2**31 - 1


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainPage", text)


def training_entries() -> tuple[ParamEntry, ...]:
    """What `compile` and `fit` take, named as the fields of TrainingSpec."""
    spec = TrainingSpec()
    return (
        ParamEntry(
            "optimizer",
            "object",
            category="optimizers",
            help=_tr("The rule that changes the weights after each batch."),
        ),
        ParamEntry("loss", "object", category="losses", help=_tr("The number that training makes small.")),
        ParamEntry(
            "metrics",
            "objects",
            category="metrics",
            help=_tr("Other numbers to watch. They do not change the training."),
        ),
        ParamEntry(
            "batch_size",
            "int",
            low=1,
            high=LARGEST_BATCH,
            help=_tr("How many samples are looked at before the weights are changed."),
        ),
        _epochs(spec.epochs, _tr("How many times all training samples are gone through.")),
        ParamEntry(
            "seed",
            "int",
            default=spec.seed,
            low=0,
            high=LARGEST_SEED,
            help=_tr("The same seed gives the same weights at the start and the same order of samples."),
        ),
        ParamEntry(
            "shuffle",
            "bool",
            default=spec.shuffle,
            help=_tr("Go through the samples in another order in each epoch."),
        ),
        ParamEntry(
            "callbacks",
            "objects",
            default=(),
            category="callbacks",
            help=_tr("Parts of your own that are called between the epochs, in this order."),
        ),
    )


def head_entries() -> tuple[ParamEntry, ...]:
    """How one of several outputs learns, named as the fields of HeadSpec."""
    loss, metrics = (entry for entry in training_entries() if entry.name in ("loss", "metrics"))
    weight = ParamEntry(
        "weight",
        "float",
        default=1.0,
        low=0.0,
        help=_tr("How much the loss of this output counts in the sum that training makes small."),
    )
    return loss, metrics, weight


def phase_entries(places: Sequence[tuple[str, str]]) -> tuple[ParamEntry, ...]:
    """What a further phase is made of, named as the fields of PhaseSpec; `places` are ids and titles of what can be
    named."""
    usual = PhaseSpec()
    return (
        ParamEntry("name", "text", default=usual.name, title=_tr("Name"), help=_tr("What the phase is called.")),
        _epochs(usual.epochs, _tr("How many times all training samples are gone through in this phase.")),
        _rate(None, _tr("How far each step goes in this phase. What has learned already is changed by small steps.")),
        *_thawing_entries(usual, places),
        ParamEntry(
            "keep_normalization",
            "bool",
            default=usual.keep_normalization,
            title=_tr("Keep normalization frozen"),
            help=_tr(
                "Frozen BatchNormalization runs in inference mode: it keeps the mean and variance that it has learned. "
                "Batches of new data would spoil them."
            ),
        ),
    )


def _thawing_entries(usual: PhaseSpec, places: Sequence[tuple[str, str]]) -> tuple[ParamEntry, ...]:
    """Which frozen layers a phase lets learn."""
    trains = {
        "all": _tr("All layers"),
        "top": _tr("The top layers"),
        "chosen": _tr("Chosen layers"),
        "same": _tr("The same as before"),
    }
    return (
        ParamEntry(
            "trains",
            "choice",
            default=usual.trains,
            choices=tuple(trains),
            choice_titles=tuple(trains.values()),
            title=_tr("Frozen layers that learn now"),
            help=_tr("What the tree lets learn does so in every phase. Which frozen layers learn in this one?"),
        ),
        ParamEntry(
            "top",
            "int",
            default=usual.top,
            low=0,
            high=MOST_EPOCHS,
            title=_tr("How many"),
            help=_tr("This many layers at the end learn. A layer in a repetition counts once."),
        ),
        ParamEntry(
            WITHIN,
            "choice",
            default="",
            choices=tuple(node_id for node_id, _ in places),
            choice_titles=tuple(name for _, name in places),
            title=_tr("Of"),
            help=_tr("The part of the network whose top layers learn."),
        ),
    )


def stopping_entries(choices: Sequence[str]) -> tuple[ParamEntry, ...]:
    """Early stopping, named as the fields of EarlyStopping; `choices` are the values it can watch."""
    usual = EarlyStopping()
    return (
        ParamEntry(
            "monitor",
            "choice",
            default=choices[0] if choices else usual.monitor,
            choices=tuple(choices),
            help=_tr("The value that has to improve."),
        ),
        ParamEntry(
            "patience",
            "int",
            default=usual.patience,
            low=0,
            high=MOST_EPOCHS,
            help=_tr("How many epochs it may stay without improving."),
        ),
        ParamEntry(
            "min_delta",
            "float",
            default=usual.min_delta,
            low=0.0,
            help=_tr("Only a change larger than this counts as an improvement."),
        ),
        ParamEntry(
            "restore_best",
            "bool",
            default=usual.restore_best,
            help=_tr("Go back to the weights of the best epoch when stopping."),
        ),
    )


def monitors(training: ResolvedTraining | None, chosen: str | None, info: DatasetInfo | None) -> list[str]:
    """The values that early stopping can watch; those of validation first where there is such a part."""
    names = ["loss"] if training is None else measured_names(training)
    if info is None or info.sizes.get("validation", 0):
        names = [f"val_{name}" for name in names] + names
    return names if chosen is None or chosen in names else [chosen, *names]


def rate_entry(catalogue: Catalogue, optimizer: ObjectSpec | None) -> ParamEntry:
    """The learning rate of an optimizer as a plain number."""
    default: Value = 0.001
    if optimizer is not None:
        try:
            found = catalogue.entry("optimizers", optimizer.class_name).param(RATE)
        except KeyError:
            found = None
        default = found.default if found is not None else default
    return _rate(default, _tr("How far each step goes. It may be changed while it trains."))


def rate_of(optimizer: ObjectSpec | None, entry: ParamEntry) -> Value:
    """The learning rate that is set: a number, or an ObjectSpec for a schedule."""
    return entry.default if optimizer is None else optimizer.params.get(RATE, entry.default)


def _epochs(default: int, text: str) -> ParamEntry:
    return ParamEntry("epochs", "int", default=default, low=1, high=MOST_EPOCHS, help=text)


def _rate(default: Value, text: str) -> ParamEntry:
    return ParamEntry(RATE, "float", default=default, low=0.0, help=text)
