"""Parameter values: what a layer, optimizer or loss can be given, as plain immutable data."""

from typing import TypeAlias

import msgspec

Scalar: TypeAlias = bool | int | float | str | None


class ObjectSpec(msgspec.Struct, frozen=True, omit_defaults=True):
    """A Keras object described by its class and parameters, for example an initializer or an optimizer.

    Only parameters that differ from the constructor's defaults need to be given.
    """

    class_name: str
    params: dict[str, "Value"] = {}


Item: TypeAlias = Scalar | ObjectSpec | tuple[Scalar, ...]
Value: TypeAlias = Scalar | ObjectSpec | tuple[Item, ...]
