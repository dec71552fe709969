"""The person's own blocks in the palette: read from their library, kept in it, taken out of it."""

from PySide6.QtCore import QCoreApplication, QObject, Signal

from workbench.domain.block_library import keep_block, library_folder, read_library, remove_block
from workbench.domain.tree import Block, walk
from workbench.ui.context import Context
from workbench.ui.pages.model.palette_entries import PaletteEntry

PREFIX = "block:"


class MyBlocks(QObject):
    """`changed` follows when a block was kept or taken out; `entries` are what the palette shows."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._told: set[str] = set()
        self.entries: list[PaletteEntry] = []

    def read(self) -> None:
        """Read the library again. What cannot be read is told once."""
        library = read_library(library_folder())
        for problem in library.problems:
            if problem not in self._told:
                self._told.add(problem)
                self._context.notice(problem, "warning")
        self.entries = [_entry(block) for block in library.blocks]

    def keep(self, node_id: str) -> None:
        """Keep a reusable block of the network as it is now."""
        nodes = walk(self._context.document.project.model.nodes)
        block = next((node for node in nodes if node.id == node_id), None)
        if not isinstance(block, Block):
            return
        self._keep(block)

    def remove(self, key: str) -> None:
        """Take a block out of the library; networks that have it keep it."""
        entry = next((entry for entry in self.entries if entry.key == key), None)
        if entry is None:
            return
        taken_out = entry.make()
        try:
            remove_block(library_folder(), key.removeprefix(PREFIX))
        except OSError as error:
            self._context.notice(self.tr("The block could not be taken out: {0}").format(error), "bad")
            return
        self._context.notice(
            self.tr("“{0}” is no longer among your blocks. Networks that have it keep it.").format(entry.title),
            "good",
            self.tr("Undo"),
            lambda: self._keep(taken_out) if isinstance(taken_out, Block) else None,
        )
        self.changed.emit()

    def _keep(self, block: Block) -> None:
        try:
            keep_block(library_folder(), block)
        except (OSError, ValueError) as error:
            self._context.notice(self.tr("The block could not be kept: {0}").format(error), "bad")
            return
        self._context.notice(
            self.tr("“{0}” is among your blocks now, at the top of the list of layers.").format(block.name), "good"
        )
        self.changed.emit()


def _entry(block: Block) -> PaletteEntry:
    count = sum(1 for _ in walk(block.children))
    summary = QCoreApplication.translate("MyBlocks", "A reusable block of yours with {0} parts. Delete takes it out.")
    return PaletteEntry(
        key=f"{PREFIX}{block.linked}",
        title=block.name,
        group=QCoreApplication.translate("MyBlocks", "My blocks"),
        summary=summary.format(count),
        icon="shape-outline",
        keywords=("reusable", "own", "block"),
        make=lambda: block,
    )
