"""Compile, fit and evaluate as source."""

from collections.abc import Sequence

from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import default_monitor, resolve
from workbench.domain.measured import GO_UP, metric_name
from workbench.domain.project import Project
from workbench.domain.script.augmentation import augmented_batches
from workbench.domain.script.balance import has_weights
from workbench.domain.script.inputs import fed, told
from workbench.domain.script.objects import object_doc
from workbench.domain.script.source import Doc, Item, call, keyword_item, listing, quoted, render
from workbench.domain.training import EarlyStopping, ResolvedHead
from workbench.domain.values import ObjectSpec

BATCHES_CLASS = '''\
class Batches(keras.utils.PyDataset):
    """Training samples in batches, in a new order each epoch that the seed decides."""

    def __init__(self):
        super().__init__()
        self.epoch = 0
        self.order = np.arange(len(x_train))

    def on_epoch_begin(self):
        self.order = np.random.default_rng([SEED, self.epoch]).permutation(len(x_train))
        self.epoch += 1

    def __len__(self):
        return math.ceil(len(x_train) / BATCH_SIZE)

    def __getitem__(self, index):
        chosen = self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]
        return INPUTS, TARGETS
'''


def batches_lines(project: Project, info: DatasetInfo) -> list[str]:
    """The class that gives the batches, where they are shuffled or changed."""
    if project.data.augmentation:
        return augmented_batches(project, info)
    taken = fed("x_train[chosen]", project, info)
    learned = told("y_train[chosen]", info)
    text = BATCHES_CLASS.replace("INPUTS", taken).replace("TARGETS", learned)
    return text.rstrip().splitlines() if project.training.shuffle else []


def compile_lines(project: Project, info: DatasetInfo) -> list[str]:
    """`model.compile(…)`. Raises ValueError on a name that cannot stand in Python."""
    resolved = resolve(project, info)
    items = [keyword_item("optimizer", object_doc(resolved.optimizer, "optimizers"))]
    if resolved.heads:
        return render(call("model.compile", *items, *_of_heads(resolved.heads)))
    items.append(keyword_item("loss", object_doc(resolved.loss, "losses")))
    if resolved.metrics:
        items.append(keyword_item("metrics", _metrics(resolved.metrics)))
    return render(call("model.compile", *items))


def _of_heads(heads: Sequence[ResolvedHead]) -> list[Item]:
    """Loss and metrics of each output, in their order."""
    items = [keyword_item("loss", listing(*(object_doc(head.loss, "losses") for head in heads)))]
    if any(head.weight != 1.0 for head in heads):
        items.append(keyword_item("loss_weights", listing(*(repr(head.weight) for head in heads))))
    return [*items, keyword_item("metrics", listing(*(_metrics(head.metrics) for head in heads)))]


def _metrics(metrics: Sequence[ObjectSpec]) -> Doc:
    return listing(*(object_doc(metric, "metrics") for metric in metrics))


def fit_lines(project: Project, info: DatasetInfo) -> list[str]:
    """`history = model.fit(…)` with its callbacks."""
    callbacks = _callbacks(project, info)
    lines = render(listing(*callbacks), "callbacks = ") if callbacks else []
    if project.training.phases and is_batched(project):
        lines.append("batches = Batches()")
    fit = fit_call(project, info, "batches" if project.training.phases else "Batches()")
    return [*lines, *render(call("model.fit", *fit), "history = ")]


def is_batched(project: Project) -> bool:
    """Whether the samples come from the class `Batches`."""
    return project.training.shuffle or bool(project.data.augmentation)


def fit_call(
    project: Project, info: DatasetInfo, batches: str, epochs: Sequence[Item] = (Item("EPOCHS", "epochs="),)
) -> list[Item | Doc]:
    """What `fit` takes; `batches` are the samples where these come in batches of their own."""
    items: list[Item | Doc] = [batches]
    batched = is_batched(project)
    if not batched:
        items = [fed("x_train", project, info), told("y_train", info), keyword_item("batch_size", "BATCH_SIZE")]
    # Batches come in their own order; fit would shuffle them once more.
    items.append(keyword_item("shuffle", "False"))
    if info.sizes.get("validation", 0):
        learned = told("y_validation", info)
        items.append(keyword_item("validation_data", f"({fed('x_validation', project, info)}, {learned})"))
        if batched:
            items.append(keyword_item("validation_batch_size", "BATCH_SIZE"))
    items += epochs
    if has_weights(project, info):
        items.append(keyword_item("class_weight", "class_weight"))
    if _callbacks(project, info):
        items.append(keyword_item("callbacks", "callbacks"))
    return items


def _callbacks(project: Project, info: DatasetInfo) -> list[Item]:
    training = project.training
    callbacks: list[Item] = []
    if training.keep_best:
        monitor = training.early_stopping.monitor if training.early_stopping else default_monitor(info)
        checkpoint = call(
            "keras.callbacks.ModelCheckpoint",
            quoted("best.weights.h5"),
            keyword_item("monitor", quoted(monitor)),
            *_mode(monitor, project, info),
            keyword_item("save_best_only", "True"),
            keyword_item("save_weights_only", "True"),
        )
        callbacks.append(Item(checkpoint, comments=("# Keeps the weights of the best epoch in a file.",)))
    if training.early_stopping is not None:
        note = "# Ends the training once it no longer gets better."
        callbacks.append(Item(_early_stopping(training.early_stopping, project, info), comments=(note,)))
    return [*callbacks, *(Item(object_doc(each, "callbacks")) for each in training.callbacks)]


def _mode(monitor: str, project: Project, info: DatasetInfo) -> list[Item]:
    """Which way is better, where Keras cannot tell: it does not know the metrics of one of several outputs by name."""
    for head in resolve(project, info).heads:
        name = monitor.removeprefix("val_").removeprefix(f"{head.output}_")
        if name != monitor.removeprefix("val_"):
            goes_up = any(name == metric_name(metric) and metric.class_name in GO_UP for metric in head.metrics)
            return [keyword_item("mode", quoted("max" if goes_up else "min"))]
    return []


def _early_stopping(stopping: EarlyStopping, project: Project, info: DatasetInfo) -> Doc:
    items = [
        keyword_item("monitor", quoted(stopping.monitor)),
        *_mode(stopping.monitor, project, info),
        keyword_item("patience", repr(stopping.patience)),
    ]
    if stopping.min_delta:
        items.append(keyword_item("min_delta", repr(stopping.min_delta)))
    if stopping.restore_best:
        items.append(keyword_item("restore_best_weights", "True"))
    return call("keras.callbacks.EarlyStopping", *items)


def evaluate_lines(project: Project, info: DatasetInfo) -> list[str]:
    """What prints loss and metrics on the part that training never saw."""
    part = next((part for part in ("test", "validation") if info.sizes.get(part, 0)), "train")
    statement = call(
        "model.evaluate",
        fed(f"x_{part}", project, info),
        told(f"y_{part}", info),
        keyword_item("batch_size", "BATCH_SIZE"),
        keyword_item("verbose", "0"),
        keyword_item("return_dict", "True"),
    )
    note = {
        "test": "# The test part was not used until now: so well does the network on new data.",
        "validation": "# There is no test part, so the validation part shows how well it does.",
        "train": "# There is no other part; on new data the network may do far worse.",
    }[part]
    lines = [note, *render(statement, "results = ")]
    return [*lines, "for name, value in results.items():", '    print(f"{name}: {value:.4f}")']
