"""`compile` and `fit` as the fields of a TrainingSpec."""

from workbench.domain.catalogue import Category
from workbench.domain.reading.keras_names import class_named
from workbench.domain.reading.python.notes import Notes
from workbench.domain.reading.python.values import Arguments, Given, Keras, ModelValue, ObjectValue, Unknown, sequence
from workbench.domain.training import EarlyStopping
from workbench.domain.values import ObjectSpec

_ACCURACIES = {
    "SparseCategoricalCrossentropy": "SparseCategoricalAccuracy",
    "CategoricalCrossentropy": "CategoricalAccuracy",
    "BinaryCrossentropy": "BinaryAccuracy",
}
_MOST = 2**31


def read_compile(model: ModelValue, arguments: Arguments, notes: Notes) -> None:
    """Keep what `compile` says; what is not known is noted."""
    optimizer = arguments.get(0, "optimizer")
    if optimizer is not None:
        _keep(model, "optimizer", _object("optimizers", optimizer, notes, "The optimizer"))
    loss = arguments.get(1, "loss")
    if loss is not None and loss.value is not None:
        _keep(model, "loss", _object("losses", loss, notes, "The loss"))
    metrics = arguments.by_name.get("metrics") or (arguments.by_place[3] if len(arguments.by_place) > 3 else None)
    if metrics is not None and metrics.value is not None:
        _read_metrics(model, metrics, notes)


def _keep(model: ModelValue, field: str, value: object) -> None:
    if value is not None:
        model.training[field] = value


def _object(category: Category, given: Given, notes: Notes, what: str) -> ObjectSpec | None:
    """An object by its name, or as it was made. None, and a note, where it is not known."""
    value = given.value
    if isinstance(value, ObjectValue) and value.category == category:
        return value.spec
    name = value if isinstance(value, str) else value.last if isinstance(value, Keras) else None
    entry = None if name is None else class_named(category, name)
    if entry is None and isinstance(value, list | tuple | dict):
        notes.note(given.line, f"{what} of several outputs is not read from Python. Choose it on the Train page.")
        return None
    if entry is None:
        notes.note(given.line, f"{what} is `{given.text}`, which is not known here, so it was left out.")
        return None
    return ObjectSpec(entry.name)


def _read_metrics(model: ModelValue, given: Given, notes: Notes) -> None:
    items = sequence(given.value)
    found: list[ObjectSpec] = []
    for item in (given.value,) if items is None else items:
        text = repr(item) if isinstance(item, str) else item.text if isinstance(item, Unknown) else given.text
        metric = _metric(model, Given(item, text, given.line), notes)
        if metric is not None:
            found.append(metric)
    if found:
        model.training["metrics"] = tuple(found)


def _metric(model: ModelValue, given: Given, notes: Notes) -> ObjectSpec | None:
    """A metric; “accuracy” is the one that suits the loss, as in Keras."""
    name = given.value.lower() if isinstance(given.value, str) else ""
    if name in ("accuracy", "acc"):
        loss = model.training.get("loss")
        kind = _ACCURACIES.get(loss.class_name) if isinstance(loss, ObjectSpec) else None
        if kind is None:
            notes.note(given.line, "Which accuracy suits the loss is not known here, so it was left out.")
            return None
        return ObjectSpec(kind, {"name": "accuracy"})
    metric = _object("metrics", given, notes, "A metric")
    if metric is not None and isinstance(given.value, str):
        return ObjectSpec(metric.class_name, {"name": given.value[:60]})
    return metric


def read_fit(model: ModelValue, arguments: Arguments, notes: Notes) -> None:
    """Keep what `fit` says of how long is trained, and in which steps; its data are chosen elsewhere."""
    for field, place, names in (("batch_size", 2, ("batch_size",)), ("epochs", 3, ("epochs", "nb_epoch"))):
        given = arguments.get(place, *names)
        if given is None or given.value is None:
            continue
        value = given.value
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST:
            model.training[field] = value
        else:
            notes.note(given.line, f"{field} of fit is `{given.text}`, which is not known here.")
    shuffle = arguments.by_name.get("shuffle")
    if shuffle is not None and shuffle.value is False:
        model.training["shuffle"] = False
    callbacks = arguments.by_name.get("callbacks")
    for item in (sequence(callbacks.value) or ()) if callbacks is not None else ():
        if isinstance(item, ObjectValue) and item.spec.class_name == "EarlyStopping":
            model.training["early_stopping"] = _early_stopping(item.spec)


def _early_stopping(spec: ObjectSpec) -> EarlyStopping:
    """As Keras has it by default where nothing is said."""
    monitor, patience = spec.params.get("monitor", "val_loss"), spec.params.get("patience", 0)
    delta = spec.params.get("min_delta", 0.0)
    return EarlyStopping(
        monitor if isinstance(monitor, str) else "val_loss",
        patience if isinstance(patience, int) else 0,
        float(delta) if isinstance(delta, int | float) else 0.0,
        spec.params.get("restore_best_weights") is True,
    )
