"""What belongs to values: attributes of models, layers and tensors, items of lists."""

from workbench.domain.reading.python.literals import NotKnownError
from workbench.domain.reading.python.values import (
    Entry,
    LayerValue,
    Made,
    ModelValue,
    OwnClass,
    Tensor,
    Unknown,
    is_plain,
)


def member(owner: object, name: str) -> object:
    """An attribute of a value; None for what may be a method."""
    if isinstance(owner, ModelValue):
        return _of_model(owner, name)
    if isinstance(owner, OwnClass):
        return owner.held.get(name)
    if isinstance(owner, LayerValue) and name in ("name", "trainable"):
        return getattr(owner, name)
    if isinstance(owner, Tensor) and name == "shape" and isinstance(owner.made.callee, Entry):
        shape = owner.made.callee.shape
        return None if shape is None else (None, *shape)
    return None


def _of_model(model: ModelValue, name: str) -> object:
    if name in ("input", "inputs"):
        return _one_or_all(model.inputs, name == "input")
    if name in ("output", "outputs"):
        return _one_or_all(model.outputs, name == "output")
    if name == "layers":
        return layers_of(model)
    return getattr(model, name) if name in ("name", "trainable") else None


def _one_or_all(tensors: tuple[Tensor, ...], single: bool) -> object:
    if not tensors:
        return None
    return tensors[0] if single and len(tensors) == 1 else list(tensors)


def layers_of(model: ModelValue) -> list[object]:
    """The layers of a model, in their order."""
    if model.items is not None:
        return [item for item in model.items if not isinstance(item, Entry)]
    callees = dict.fromkeys(made.callee for made in made_in(model) if not isinstance(made.callee, Entry))
    return list(callees)


def made_in(model: ModelValue) -> list[Made]:
    """The calls between the inputs and the outputs of a model, in the order in which they were made."""
    begun = {(tensor.made, tensor.index) for tensor in model.inputs}
    found: dict[Made, None] = {}
    waiting = list(model.outputs)
    while waiting:
        tensor = waiting.pop()
        if (tensor.made, tensor.index) in begun or tensor.made in found:
            continue
        found[tensor.made] = None
        waiting += tensor.made.taken
    return sorted(found, key=lambda made: made.place)


def item_of(owner: object, index: object, unknown: Unknown) -> object:
    """An item or a part of a list, tuple, text or dictionary. Raises NotKnownError."""
    if isinstance(owner, dict) and is_plain(index) and index in owner:
        return owner[index]
    if isinstance(owner, list | tuple | str):
        try:
            if isinstance(index, slice):
                return owner[index]
            if isinstance(index, int):
                return owner[index]
        except (IndexError, ValueError) as error:
            raise NotKnownError from error
    if isinstance(owner, Tensor):
        return Unknown(unknown.text, unknown.line, owner)
    if isinstance(owner, Unknown) and owner.tensor is not None:
        return Unknown(unknown.text, unknown.line, owner.tensor)
    raise NotKnownError
