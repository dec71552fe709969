"""What the probes send in `Probed`: how the arrays and facts are named, so that the engine and the window agree.

`feature_maps` (params: `layer`, a layer's name or None for all; needs a sample) sends for every layer, in order,
  arrays  `activation:<layer>`  (height, width, maps) for pictures, (length, channels) for sequences, (units,) for flat
                                layers; float32, at most 64 maps and 4,096 units, pictures above 64×64 averaged
                                down, of a volume the middle slice
          `kernel:<layer>`      (height, width, in, out) of a convolution, at most 64 out and 8 in; (in, out) of a dense
                                layer up to 128×128
          `input`               what the network got, without the batch
          `prediction`          the output, one number a class or target; of the input's shape where that is learned
          `target`              what the output is compared with: the input without noise where the input itself is
                                learned, or the picture where one is learned and known
          `mask`, `true_mask`   in the place of `prediction`, the class numbers of the dots (height, width) of
                                segmentation, uint8; the right ones where they are known
  facts   `layers`              the names of the layers in order; `<layer>:class`, `<layer>:shape` (full output shape
                                without the batch), `<layer>:maps` (how many maps there are before the bound),
                                `<layer>:min`, `<layer>:max`, `<layer>:mean` over the whole activation,
                                `<layer>:dead` (share of units or maps that are never above zero for this sample; only
                                for layers whose output has been through relu or the like)
          `truth`               the right class number or target, None where it is unknown; of several labels `truths`,
                                the numbers of those that the sample has, in its place; `classes`, their names
                                (empty for regression); `label`, the predicted class' name
                                of several outputs there are `prediction:<head>` and `truth:<head>` for each head of
                                the data in the place of these, a truth None where it is unknown
          `steps`               true where something is told for each step of a sequence: `mask` is (steps,) then, or
                                `prediction` and `target` (steps, numbers)

`decision_surface` (params: `resolution`, 64 by default and at most 256) sends for points with two coordinates
  arrays  `x` (n,), `y` (n,)    the grid in the data's own units
          `surface`             (n_y, n_x, classes) probabilities; for a binary task the one probability of class 1 as
                                (n_y, n_x, 1); for regression the value as (n_y, n_x, 1)
and for points with one coordinate `x` and `curve` (n,), with facts `classes` and `task`.
"""

FEATURE_MAPS = "feature_maps"
DECISION_SURFACE = "decision_surface"

MOST_MAPS = 64
MOST_FLAT_UNITS = 4096
LARGEST_MAP = 64
MOST_KERNEL_INPUTS = 8
LARGEST_DENSE_KERNEL = 128
DEFAULT_RESOLUTION = 64
HIGHEST_RESOLUTION = 256


def activation(layer: str) -> str:
    """The name of a layer's activation among the arrays."""
    return f"activation:{layer}"


def kernel(layer: str) -> str:
    """The name of a layer's kernel among the arrays."""
    return f"kernel:{layer}"


def head_prediction(head: str) -> str:
    """The name of what the output of a head says among the arrays."""
    return f"prediction:{head}"


def head_truth(head: str) -> str:
    """The name of what is right for a head among the facts."""
    return f"truth:{head}"


def fact(layer: str, name: str) -> str:
    """The name of a layer's fact ("class", "shape", "maps", "min", "max", "mean", "dead")."""
    return f"{layer}:{name}"
