"""The random changes of training pictures as source: the layers, MixUp and CutMix with numpy, and their batches."""

from workbench.domain.augmentation import DotTargets, change, completed, dot_targets, moves
from workbench.domain.dataset import MIXING, DatasetInfo
from workbench.domain.project import Project
from workbench.domain.script.inputs import fed
from workbench.domain.script.objects import object_doc
from workbench.domain.script.source import Brackets, Item, call, keyword_item, listing, render
from workbench.domain.values import ObjectSpec

_MIX_UP = '''\
def mix_up(x, y, random, alpha):
    """Blends each picture of a batch with another one, and their labels alike (Zhang et al., 2018)."""
    partner = random.permutation(len(x))
    weight = random.beta(alpha, alpha, len(x)).astype("float32")
    share = weight.reshape(-1, 1, 1, 1)
    x = share * x + (1 - share) * x[partner]
    share = weight.reshape(-1, 1)
    return x, share * y + (1 - share) * y[partner]
'''
_CUT_MIX = '''\
def cut_mix(x, y, random, low, high):
    """Pastes a piece of another picture of the batch into each one; its label counts as much as the
    piece is large (Yun et al., 2019)."""
    height, width = x.shape[1:3]
    partner = random.permutation(len(x))
    alpha = random.uniform(low, high) + 1e-6
    side = np.sqrt(1 - random.beta(alpha, alpha, len(x)))
    tall, wide = np.rint(side * height).astype(int), np.rint(side * width).astype(int)
    top, left = random.integers(height - tall + 1), random.integers(width - wide + 1)
    weight = (1 - tall * wide / (height * width)).astype("float32")
    rows, columns = np.arange(height)[:, None], np.arange(width)
    top, bottom, left, right = (
        edge[:, None, None] for edge in (top, top + tall, left, left + wide)
    )
    inside = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    x = np.where(inside[..., None], x[partner], x)
    share = weight.reshape(-1, 1)
    return x, share * y + (1 - share) * y[partner]
'''
# What is learned for each dot is moved by the same draws.
_MOVED: dict[DotTargets, str] = {
    "masks": '''\
def moved(layer, x, y):
    """Pictures and the classes of their dots, changed alike; what comes from outside is of the first class."""
    fill = getattr(layer, "fill_value", 0.0)
    both = layer({"images": x, "segmentation_masks": y.astype("float32") + fill}, training=True)
    x, y = (keras.ops.convert_to_numpy(both[name]) for name in ("images", "segmentation_masks"))
    return x, np.rint(y - fill).astype("int32")
''',
    "one_hot": '''\
def moved(layer, x, y):
    """Pictures and the classes of their dots, changed alike; what comes from outside is of the first class."""
    fill = getattr(layer, "fill_value", 0.0)
    both = layer({"images": x, "segmentation_masks": y + np.float32(fill)}, training=True)
    x, y = (keras.ops.convert_to_numpy(both[name]) for name in ("images", "segmentation_masks"))
    y = y - np.float32(fill)
    outside = 1 - y.sum(axis=-1, keepdims=True)
    return x, np.concatenate([y[..., :1] + outside, y[..., 1:]], axis=-1)
''',
    "pictures": '''\
def moved(layer, x, y):
    """Pictures and those that are learned from them, changed alike."""
    both = keras.ops.convert_to_numpy(layer(np.concatenate([x, y], axis=-1), training=True))
    return both[..., : x.shape[-1]], both[..., x.shape[-1] :]
''',
}
# Labels of whole pictures, and of their dots.
_SHARES = {"share = weight.reshape(-1, 1)\n": "share = weight.reshape(-1, 1, 1, 1)\n"}
_PASTED = {
    "    share = weight.reshape(-1, 1)\n    return x, share * y + (1 - share) * y[partner]\n": (
        "    return x, np.where(inside[..., None], y[partner], y)\n"
    ),
    "; its label counts as much as the\n    piece is large (Yun": ", with the\n    labels of its dots (Yun",
    '    weight = (1 - tall * wide / (height * width)).astype("float32")\n': "",
}


def augmentation_lines(project: Project, info: DatasetInfo) -> list[str]:
    """The functions that `Batches` uses; nothing without augmentation. Raises ValueError on a name that cannot stand in
    Python."""
    specs = project.data.augmentation
    if not specs:
        return []
    parts = []
    layers = [completed(spec, info) for spec in specs if spec.class_name not in MIXING]
    if layers:
        parts.append(_random_layers(layers))
    names = [spec.class_name for spec in specs]
    kind = dot_targets(info)
    if kind is not None and any(moves(spec) for spec in specs):
        parts.append(_MOVED[kind].splitlines())
    mix_up, cut_mix = _MIX_UP, _CUT_MIX
    if kind is not None:
        mix_up, cut_mix = _replaced(_MIX_UP, _SHARES), _replaced(_CUT_MIX, _PASTED)
    parts += [text.splitlines() for name, text in (("MixUp", mix_up), ("CutMix", cut_mix)) if name in names]
    parts.append(_changed(specs, kind is not None))
    lines: list[str] = []
    for part in parts:
        lines += [*part, "", ""]
    return lines[:-2]


def _replaced(text: str, changes: dict[str, str]) -> str:
    for before, after in changes.items():
        text = text.replace(before, after)
    return text


def _given(changed: str, inputs: str) -> list[str]:
    if inputs == "x":
        return [f"        return {changed}"]
    return [f"        x, y = {changed}", f"        return {inputs}, y"]


def augmented_batches(project: Project, info: DatasetInfo) -> list[str]:
    """The class that gives changed batches."""
    specs = project.data.augmentation
    order = "np.random.default_rng([SEED, epoch]).permutation(len(x_train))"
    seeded = len([spec for spec in specs if _is_seeded(spec)])
    layers = any(spec.class_name not in MIXING for spec in specs)
    mixes = any(spec.class_name in MIXING for spec in specs)
    begin = [f"        self.order = {order if project.training.shuffle else 'np.arange(len(x_train))'}"]
    if layers:
        begin.append(f"        seeds = np.random.default_rng([SEED, epoch, 1]).integers(2**31, size={seeded}).tolist()")
        begin.append("        self.layers = random_layers(seeds)")
    chosen = "        chosen = self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]"
    random = ["        random = np.random.default_rng([SEED, self.epoch, 2 + index])"] if mixes else []
    taken = ", ".join(["self.layers"] * layers + ["random"] * mixes)
    return [
        "class Batches(keras.utils.PyDataset):",
        '    """Training samples in batches, changed at random; the seed decides the changes and the order."""',
        "",
        "    def __init__(self):",
        "        super().__init__()",
        "        self.next_epoch = 0",
        "        self.begin(0)",
        "",
        "    def begin(self, epoch):",
        "        self.epoch = epoch",
        *begin,
        "",
        "    def on_epoch_begin(self):",
        "        self.begin(self.next_epoch)",
        "        self.next_epoch += 1",
        "",
        "    def __len__(self):",
        "        return math.ceil(len(x_train) / BATCH_SIZE)",
        "",
        "    def __getitem__(self, index):",
        chosen,
        *random,
        *_given(f"changed(x_train[chosen], y_train[chosen], {taken})", fed("x", project, info)),
    ]


def _random_layers(layers: list[ObjectSpec]) -> list[str]:
    items = []
    number = 0
    for spec in layers:
        extra: list[Item] = []
        if _is_seeded(spec):
            extra.append(keyword_item("seed", f"seeds[{number}]"))
            number += 1
        items.append(object_doc(spec, "layers", extra))
    return [
        "def random_layers(seeds):",
        '    """Layers that change training pictures at random; each epoch has seeds of its own."""',
        *render(listing(*items), "return ", "    "),
    ]


def _changed(specs: tuple[ObjectSpec, ...], has_dots: bool) -> list[str]:
    body: list[str] = []
    number = 0
    for spec in specs:
        if spec.class_name in MIXING:
            body += render(_mix(spec), "x, y = ", "    ")
        elif has_dots and moves(spec):
            body.append(f"    x, y = moved(layers[{number}], x, y)")
            number += 1
        else:
            body.append(f"    x = keras.ops.convert_to_numpy(layers[{number}](x, training=True))")
            number += 1
    mixes = any(spec.class_name in MIXING for spec in specs)
    taken = ", ".join(["x", "y", *["layers"] * (number > 0), *["random"] * mixes])
    return [
        f"def changed(x, y, {taken.removeprefix('x, y, ')}):",
        '    """A batch as the network learns from it. No other part is changed, nor are new pictures."""',
        *body,
        "    return x, y",
    ]


def _mix(spec: ObjectSpec) -> Brackets:
    """The call of a function above, with all its parameters: they are too few to leave defaults to a look above."""
    if spec.class_name == "MixUp":
        return call("mix_up", "x", "y", "random", keyword_item("alpha", repr(spec.params.get("alpha", 0.2))))
    factor = spec.params.get("factor", 1.0)
    low, high = sorted(factor) if isinstance(factor, tuple) and len(factor) == 2 else (0.0, factor)  # type: ignore[type-var]
    return call("cut_mix", "x", "y", "random", keyword_item("low", repr(low)), keyword_item("high", repr(high)))


def _is_seeded(spec: ObjectSpec) -> bool:
    entry = change(spec.class_name)
    return spec.class_name not in MIXING and entry is not None and entry.param("seed") is not None
