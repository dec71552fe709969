"""What the palette offers: every layer of the catalogue, and the parts of a tree that are no layers."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import StructMeta
from PySide6.QtCore import QCoreApplication

from workbench.domain.catalogue import Catalogue, ClassEntry
from workbench.domain.edits import new_node
from workbench.domain.parts.read import GROUP
from workbench.domain.tree import AnyNode, Base, Block, Branches, Input, Repeat, Residual, new_id
from workbench.ui.pages.model.rows import ICONS, class_icon

NEW_PART = "own:new"
NO_LAYERS_OF_THEIR_OWN = ("Recurrent cells",)


@dataclass(frozen=True)
class PaletteEntry:
    """One thing to add. `key` names it while it is dragged; `make` gives a new node."""

    key: str
    title: str
    group: str
    summary: str
    icon: str
    keywords: tuple[str, ...]
    make: Callable[[], AnyNode]

    def rank(self, words: list[str]) -> int | None:
        """How well it fits what is searched: 0 is best, None not at all. All words must be found."""
        ranks = [self._rank(word) for word in words]
        found = [rank for rank in ranks if rank is not None]
        return max(found) if found and len(found) == len(ranks) else None

    def _rank(self, word: str) -> int | None:
        title = self.title.lower()
        if title == word:
            return 0
        if title.startswith(word):
            return 1
        if word in title:
            return 2
        if any(key.lower().startswith(word) for key in self.keywords):
            return 3
        if word in self.group.lower():
            return 4
        if any(word in key.lower() for key in self.keywords):
            return 5
        return 6 if len(word) > 2 and word in self.summary.lower() else None


def palette_entries(catalogue: Catalogue) -> list[PaletteEntry]:
    """Everything to add, group by group."""
    layers = [_layer(entry) for entry in catalogue.of("layers") if entry.group not in NO_LAYERS_OF_THEIR_OWN]
    own = [entry for entry in layers if entry.group == GROUP]
    others = [entry for entry in layers if entry.group != GROUP]
    if own:
        return [*_structure(), *own, _new_part(), *others]
    return [*_structure(), *others, _new_part()]


def _new_part() -> PaletteEntry:
    """The way to the window of own parts, found under the names of what people look for in its place."""
    return PaletteEntry(
        key=NEW_PART,
        title=QCoreApplication.translate("Palette", "Layer of your own…"),
        group=GROUP,
        summary=QCoreApplication.translate(
            "Palette",
            "Write a layer in Python. It takes the place of Keras' Lambda, whose code no form can show and no model "
            "file can hold safely.",
        ),
        icon="language-python",
        keywords=("lambda", "custom", "python", "own", "code", "function"),
        make=_no_node,
    )


def _no_node() -> AnyNode:
    raise KeyError(NEW_PART)


def _layer(entry: ClassEntry) -> PaletteEntry:
    return PaletteEntry(
        key=f"layer:{entry.name}",
        title=entry.name,
        group=entry.group,
        summary=entry.summary,
        icon=class_icon(entry),
        keywords=entry.keywords,
        make=lambda: new_node(entry),
    )


def _structure() -> list[PaletteEntry]:
    return [
        _part(
            Block,
            QCoreApplication.translate("Palette", "Block"),
            QCoreApplication.translate(
                "Palette", "A sequence of layers with a name of its own, which can be folded, frozen and moved as one."
            ),
            "group sequence folder",
        ),
        _part(
            Residual,
            QCoreApplication.translate("Palette", "Residual"),
            QCoreApplication.translate(
                "Palette", "A sequence whose input is added to its output, so that deep networks learn well."
            ),
            "skip shortcut resnet add",
        ),
        _part(
            Branches,
            QCoreApplication.translate("Palette", "Branches"),
            QCoreApplication.translate(
                "Palette", "Several sequences that take the same input side by side and are joined at the end."
            ),
            "parallel inception concatenate merge",
        ),
        *_more_structure(),
    ]


def _more_structure() -> list[PaletteEntry]:
    return [
        _part(
            Repeat,
            QCoreApplication.translate("Palette", "Repeat"),
            QCoreApplication.translate(
                "Palette", "A sequence laid several times one after another, each time with weights of its own."
            ),
            "times loop stack",
        ),
        _part(
            Base,
            QCoreApplication.translate("Palette", "Base"),
            QCoreApplication.translate(
                "Palette",
                "A ready-made or trained model as one part of the network, such as ResNet or EfficientNet: asks which.",
            ),
            "pretrained transfer learning imagenet resnet efficientnet mobilenet vgg application fine-tuning",
        ),
        _part(
            Input,
            QCoreApplication.translate("Palette", "Input"),
            QCoreApplication.translate(
                "Palette", "Where the data enter. A network without one takes the data at its top."
            ),
            "entry shape data",
        ),
    ]


def _part(kind: StructMeta, title: str, summary: str, keywords: str) -> PaletteEntry:
    group = QCoreApplication.translate("Palette", "Structure")
    words = tuple(keywords.split())
    return PaletteEntry(f"structure:{kind.__name__}", title, group, summary, ICONS[kind], words, _MAKERS[kind])


_MAKERS: dict[StructMeta, Callable[[], AnyNode]] = {
    Block: lambda: Block(id=new_id()),
    Residual: lambda: Residual(id=new_id()),
    Branches: lambda: Branches(id=new_id(), branches=(Block(id=new_id()), Block(id=new_id()))),
    Repeat: lambda: Repeat(id=new_id()),
    Base: lambda: Base(id=new_id(), source=""),
    Input: lambda: Input(id=new_id()),
}
