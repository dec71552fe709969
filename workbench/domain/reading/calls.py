"""A network as calls of layers: what is known of one that was not made here."""

from dataclasses import dataclass, field

from workbench.domain.values import Value


@dataclass(frozen=True)
class Call:
    """One layer called on what other calls gave. `id` names the call, `inputs` the calls whose outputs it takes, in the
    order in which the layer wants them, with the number of the output where it is not the first (`domain/taken.py`).

    `name` is that of the layer, empty where it has none of its own; `shares` is the id of the call in which the same
    layer was made, None where this one makes it. `inner` is the layer that a wrapper takes. An Input has the class
    "InputLayer", a `shape` without the batch, and no inputs. `group` are the names of the models inside one another
    that the layer belongs to, the outermost first.
    """

    id: str
    class_name: str
    params: dict[str, Value] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    name: str = ""
    trainable: bool = True
    shares: str | None = None
    inner: "Call | None" = None
    shape: tuple[int | None, ...] | None = None
    dtype: str | None = None
    group: tuple[str, ...] = ()

    @property
    def is_input(self) -> bool:
        """Whether the network begins here."""
        return self.class_name == "InputLayer"


@dataclass(frozen=True)
class Calls:
    """All calls of a network, each behind those that it takes, and what gives its outputs, named as in `inputs`."""

    calls: tuple[Call, ...]
    outputs: tuple[str, ...]
