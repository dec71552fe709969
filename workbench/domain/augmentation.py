"""Random changes of training pictures: which layers there are, what they start with, and on which data they can work.

`DatasetSpec.augmentation` lists them in their order. They are Keras' own layers, but for MixUp and CutMix, which mix
labels as well; all see the pictures as scaled, during training only.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from workbench.domain.catalogue import ClassEntry, ParamEntry, load_catalogue
from workbench.domain.dataset import MIXING, DatasetInfo
from workbench.domain.tree import Layer, ModelTree, used
from workbench.domain.values import ObjectSpec, Value

# These work on red, green and blue.
_COLOURED = frozenset(
    {"RandAugment", "RandomColorDegeneration", "RandomColorJitter", "RandomGrayscale", "RandomHue"}
    | {"RandomSaturation"}
)
# These move dots to other places, and so what is learned for each dot must be moved along.
_MOVING = frozenset(
    {"RandAugment", "RandomCrop", "RandomFlip", "RandomPerspective", "RandomRotation", "RandomShear"}
    | {"RandomTranslation", "RandomZoom", "Resizing"}
)
DotTargets: TypeAlias = Literal["masks", "one_hot", "pictures"]
"""What is learned for each dot of a picture: its class number, shares of classes, or numbers."""
# What goes wrong in Keras where batches of any size are traced, as training does.
_UNTRACEABLE = {
    "AugMix": "draws its changes once for the whole training, and not from the seed. Use RandAugment in its place.",
    "RandomElasticTransform": "makes every picture of a batch the first one. Use RandomPerspective in its place.",
}
# What a random crop needs behind it, so that the network gets pictures of the size it was made for.
_RESIZES = "Resizing"
# What decides how much is computed for a picture, and how much more than its sides or than this is refused.
_SIZES = frozenset({"height", "width", "kernel_size", "tile_grid_size"})
_MOST_OPERATIONS = 16
_MOST_CHANGES = 32
# Drawn from the seed of the training, and fixed by the shape of the data.
_NOT_CHOSEN = frozenset({"seed", "data_format"})
# Keras' own defaults of these change nothing, or more than one would begin with.
_STARTS: dict[str, dict[str, Value]] = {
    "RandomFlip": {"mode": "horizontal"},
    "RandomShear": {"x_factor": 0.1, "y_factor": 0.1},
    "RandomColorJitter": {
        "brightness_factor": 0.2,
        "contrast_factor": 0.2,
        "saturation_factor": 0.2,
        "hue_factor": 0.05,
    },
    "RandomErasing": {"factor": 0.5},
    "RandomInvert": {"factor": 0.2},
    "RandomPerspective": {"scale": 0.3},
    "Solarization": {"threshold_factor": 0.5},
}


def dot_targets(info: DatasetInfo) -> DotTargets | None:
    """What is learned for each dot of these pictures, None where nothing is."""
    if info.form != "pictures" or len(info.target_shape) != 3:
        return None
    if info.task != "segmentation":
        return "pictures"
    return "one_hot" if info.labels == "one_hot" else "masks"


def moves(spec: ObjectSpec) -> bool:
    """Whether a layer moves dots to other places."""
    return spec.class_name in _MOVING


def changes() -> tuple[ClassEntry, ...]:
    """All layers that an augmentation can have, by name."""
    layers = load_catalogue().of("layers")
    found = [entry for entry in layers if entry.group == "Augmentation" and entry.name not in _UNTRACEABLE]
    found += [entry for entry in layers if entry.name == _RESIZES]
    return tuple(sorted(found, key=lambda entry: entry.name))


def change(name: str) -> ClassEntry | None:
    """The entry of a layer of augmentation, None where there is none of this name."""
    return next((entry for entry in changes() if entry.name == name), None)


def in_network(model: ModelTree) -> tuple[str, ...]:
    """The layers of a network that change pictures at random themselves: each class once, in its order."""
    random = {entry.name for entry in load_catalogue().of("layers") if entry.group == "Augmentation"}
    found = [each for each in used(model.nodes) if isinstance(each, Layer)]
    return tuple(dict.fromkeys(each.class_name for each in found if each.class_name in random))


def choices(entry: ClassEntry) -> tuple[ParamEntry, ...]:
    """The parameters that a person chooses."""
    return tuple(param for param in entry.params if param.name not in _NOT_CHOSEN)


def suits(entry: ClassEntry, info: DatasetInfo) -> bool:
    """Whether a layer can be added to the augmentation of these data."""
    labels = "one_hot" if info.classes and entry.name in MIXING else info.labels
    return why_not(ObjectSpec(entry.name), info, labels) is None


def new_change(entry: ClassEntry, info: DatasetInfo | None) -> ObjectSpec:
    """A layer with values to begin with; one that sets the size of the pictures sets the size that they have."""
    params: dict[str, Value] = {param.name: param.default for param in entry.params if param.required}
    if info is not None and len(info.input_shape) == 3 and {"height", "width"} <= params.keys():
        params |= {"height": info.input_shape[0], "width": info.input_shape[1]}
    return ObjectSpec(entry.name, params | _STARTS.get(entry.name, {}))


def value_range(info: DatasetInfo) -> tuple[float, float]:
    """The smallest and largest value that a dot can have as the network gets it."""
    low, high = info.input_low, info.input_high
    if low >= 0 and (info.scaling in ("divide_255", "divide_max", "min_max") or high <= 1):
        return 0.0, 1.0
    if low >= 0 and high <= 255:
        return 0.0, 255.0
    return (low, high) if high > low else (low, low + 1.0)


def completed(spec: ObjectSpec, info: DatasetInfo) -> ObjectSpec:
    """The layer with the range of these data, where it needs one and the person gave none."""
    entry = change(spec.class_name)
    if entry is None or entry.param("value_range") is None or "value_range" in spec.params:
        return spec
    return ObjectSpec(spec.class_name, {**spec.params, "value_range": value_range(info)})


def refusal(specs: Sequence[ObjectSpec], info: DatasetInfo) -> tuple[int, str] | None:
    """The first layer that cannot be used on these data: its place, and why in a sentence. None where all can."""
    if len(specs) > _MOST_CHANGES:
        return _MOST_CHANGES, f"The augmentation has {len(specs)} layers; at most {_MOST_CHANGES} can be. Remove some."
    for place, spec in enumerate(specs):
        reason = why_not(spec, info, info.labels)
        if reason is not None:
            return place, reason
    return None


def why_not(spec: ObjectSpec, info: DatasetInfo, labels: str) -> str | None:
    """Why a layer cannot be used on these data with these labels, None where it can."""
    name = spec.class_name
    if name in _UNTRACEABLE:
        return f"{name} {_UNTRACEABLE[name]}"
    if change(name) is None:
        return f"{name[:40]} is no layer that changes pictures. Remove it from the augmentation."
    if info.form != "pictures" or len(info.input_shape) != 3:
        return f"{name} changes pictures, which these data are not. Remove it from the augmentation."
    if name in _COLOURED and info.input_shape[-1] != 3:
        return f"{name} changes colours, which these pictures do not have. Remove it from the augmentation."
    if name in _MOVING and len(info.target_shape) > 1:
        reason = _why_not_moved(spec, info)
        if reason is not None:
            return reason
    for given in spec.params:
        if given in _NOT_CHOSEN:
            return f"{given} of {name} cannot be chosen here: the seed of the training decides. Remove it."
    if name in MIXING:
        return _why_not_mixed(name, info, labels)
    return _why_too_much(spec, info)


def _why_not_moved(spec: ObjectSpec, info: DatasetInfo) -> str | None:
    """What is learned for each dot cannot be moved along by everything."""
    name = spec.class_name
    kind = dot_targets(info)
    if kind is None:
        return f"{name} would move the dots of a picture, and not what is learned for each of them. Remove it."
    if name == "RandAugment" and kind == "pictures":
        return f"{name} changes colours too, and not those of the pictures to learn. Use RandomRotation and the like."
    sides = zip((spec.params.get("height"), spec.params.get("width")), info.input_shape, strict=False)
    if name == "RandomCrop" and any(isinstance(side, int | float) and side > most for side, most in sides):
        return f"{name} would make a picture larger, and blur what is learned for each dot. Choose smaller sides."
    return None


def _why_too_much(spec: ObjectSpec, info: DatasetInfo) -> str | None:
    """A project of a stranger must not ask for more memory or time than there is."""
    longest = max(info.input_shape[:2])
    for name, value in spec.params.items():
        numbers = [
            number for number in (value if isinstance(value, tuple) else (value,)) if isinstance(number, int | float)
        ]
        if name in _SIZES and any(number > 2 * longest + 1 for number in numbers):
            return f"{name} of {spec.class_name} is more than twice the side of a picture. Choose a smaller one."
        if name == "num_ops" and any(number > _MOST_OPERATIONS for number in numbers):
            return f"num_ops of {spec.class_name} is more than {_MOST_OPERATIONS}. Choose a smaller one."
    return None


def _why_not_mixed(name: str, info: DatasetInfo, labels: str) -> str | None:
    if not info.classes:
        return f"{name} mixes the labels of classes, which these data do not have. Remove it from the augmentation."
    if labels != "one_hot":
        return f"{name} mixes labels, which must be one-hot for that. Set Labels to one-hot on the Data page."
    return None
