"""Ready-made networks that can be a base: those of `keras.applications`, and the one that comes with its weights."""

from dataclasses import dataclass

BUNDLED = "EfficientNetLite0"
"""Its weights lie in `resources/models`; no network is needed for it."""

_FAMILIES = {
    "ConvNeXt": ("Tiny", "Small", "Base", "Large", "XLarge"),
    "DenseNet": ("121", "169", "201"),
    "EfficientNet": ("B0", "B1", "B2", "B3", "B4", "B5", "B6", "B7"),
    "EfficientNetV2": ("B0", "B1", "B2", "B3", "S", "M", "L"),
    "Inception": ("V3", "ResNetV2"),
    "MobileNet": ("", "V2", "V3Small", "V3Large"),
    "NASNet": ("Mobile", "Large"),
    "ResNet": ("50", "101", "152", "50V2", "101V2", "152V2"),
    "VGG": ("16", "19"),
    "Xception": ("",),
}
APPLICATIONS = tuple(f"{family}{name}" for family, names in _FAMILIES.items() for name in names)
_SMALLEST = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}
USUAL = 96
"""The size that pictures too small for an application are brought to."""


@dataclass(frozen=True)
class BaseSource:
    """Where a base comes from. `name` is an application, `BUNDLED`, or the path of a saved model.

    `weights` of an application: "imagenet", "none", or the path of a file that has those of ImageNet. `top` keeps its
    last layers, which tell classes; `cut` is the layer whose output the base gives, empty for the last.
    """

    name: str
    weights: str = "imagenet"
    top: bool = False
    cut: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it is a saved model."""
        return self.name not in APPLICATIONS and self.name != BUNDLED


def smallest_size(name: str) -> int:
    """The smallest height and width of pictures that an application takes."""
    return _SMALLEST.get(name, 32)


def application_shape(name: str, shape: tuple[int, ...]) -> tuple[tuple[int | None, ...], bool]:
    """The shape that an application without its top is made for, on data of this shape, and whether the data fit."""
    if len(shape) == 3 and shape[2] == 3 and min(shape[:2]) >= smallest_size(name):
        return shape, True
    if len(shape) == 3 and min(shape[:2]) >= smallest_size(name):
        return (None, None, 3), False
    size = max(USUAL, smallest_size(name))
    return (size, size, 3), False
