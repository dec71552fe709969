"""What events carry beside plain values: texts, findings, stages of a pipeline and predictions."""

from typing import Literal

import msgspec

from workbench.domain.dataset import Part
from workbench.domain.input_pipeline import StageRate
from workbench.protocol.arrays import Array


class TextShown(msgspec.Struct, frozen=True):
    """A text, or as much of it as is shown. `spans` says where the tokens that the network gets begin and end in it,
    and whether each is known; `tokens` counts all that the network gets, `left_out` those beyond its length."""

    text: str
    spans: tuple[tuple[int, int, bool], ...] = ()
    tokens: int = 0
    left_out: int = 0


class Finding(msgspec.Struct, frozen=True):
    """A sentence about the data; `samples` are some of those that it speaks of, each a part and an index in it."""

    text: str
    severity: Literal["good", "warning", "bad"] = "warning"
    samples: tuple[tuple[Part, int], ...] = ()


class ElementSpec(msgspec.Struct, frozen=True):
    """Shape and type of one array of an element; None in a shape is a length that is not known in advance."""

    shape: tuple[int | None, ...]
    dtype: str


class StageShown(msgspec.Struct, frozen=True):
    """What comes out of a stage of a pipeline. `spec` has the inputs, then the targets; `inputs` (n, …) are those of
    the first samples, None where nothing comes out.

    `order` are the numbers of the samples in the elements that come out when the pipeline runs over few samples, and
    `epochs` the epoch that each belongs to, counted from 0; a sample alone is an element of one, unless `batched`.
    """

    kind: str
    spec: tuple[ElementSpec, ...]
    inputs: Array | None = None
    order: tuple[tuple[int, ...], ...] = ()
    epochs: tuple[tuple[int, ...], ...] = ()
    batched: bool = False
    rate: StageRate | None = None


class HeadPrediction(msgspec.Struct, frozen=True):
    """What one of several outputs says of a sample: `label` is the class, None for a number; `values` are the
    probabilities of its classes, or the number."""

    name: str
    values: tuple[float, ...]
    label: str | None = None
    truth: str | None = None


class Prediction(msgspec.Struct, frozen=True):
    """`label` is the class name, of several labels those that are more likely than not, None for numbers; `values` the
    probabilities of `classes`, or the numbers in the order of the output, empty where they are more than 4,096. Of a
    mask they are the shares of the dots that each class has, and `label` is the commonest class but for the first,
    which is mostly the background. `measures` say how near the output is to what is right: "mae" and "mse" are the
    means of the absolute and the squared differences, where the input itself or a picture is learned; "accuracy" and
    "mean_iou" tell of masks. Of a sequence of classes `label` has them all in their order, and `values` are empty.
    Where the network has several outputs `heads` tell each, `label` and `truth` all in a row, and `values` are
    empty."""

    name: str
    values: tuple[float, ...]
    label: str | None = None
    truth: str | None = None
    measures: dict[str, float] = {}
    heads: tuple[HeadPrediction, ...] = ()
