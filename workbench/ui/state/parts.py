"""The project's own parts: what is wrong in them, whether they may run, and what a trial of one gave."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from workbench.domain import trust
from workbench.domain.catalogue import ClassEntry
from workbench.domain.edits import NamedEdit
from workbench.domain.parts.fault import Fault, placed, said_there
from workbench.domain.parts.read import Part, read_parts
from workbench.domain.parts.spec import Parts
from workbench.domain.project import Project
from workbench.domain.tree import Layer, walk
from workbench.domain.values import Value
from workbench.protocol.commands import Cancel, TryPart
from workbench.protocol.events import AnyEvent, Failed, PartTried, Progress
from workbench.ui.client import EngineLink
from workbench.ui.document import Document
from workbench.ui.state.model import ModelState


@dataclass(frozen=True)
class Trial:
    """A trial under way (`text` says what is done), or its end: `facts` what was found, `message` why it failed."""

    name: str
    text: str = ""
    facts: dict[str, str] | None = None
    message: str = ""


class PartsState(QObject):
    """`changed` follows every change of the parts, of their permission, and `tried` every news of a trial.

    What the person writes here (`apply`) is allowed as they write it, where what stood there before was: parts that
    came with somebody's project stay off until they are allowed.
    """

    changed = Signal()
    tried = Signal()

    def __init__(
        self, document: Document, client: EngineLink, model: ModelState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._client = client
        self._model = model
        self._ticket = 0
        self._is_another = False
        self._typed: tuple[str, Parts] | None = None  # a text that was allowed while it was typed, and what typed it
        self.trial: Trial | None = None
        self.allowed = trust.parts_allowed(document.project.parts, document.path)
        document.opened.connect(self._opened)
        document.changed.connect(self._document_changed)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All classes and functions that the project's files offer."""
        return read_parts(self._document.project.parts).parts

    def faults(self, file: str) -> tuple[Fault, ...]:
        """What is wrong in a file: as read; as the engine said of the network; as the last trial said."""
        found = [fault for fault in read_parts(self._document.project.parts).faults if fault.part == file]
        summary = self._model.summary
        said = [summary.error.message if summary is not None and summary.error is not None else ""]
        said += list(summary.loss_errors.values()) if summary is not None else []
        said += [summary.training_error or "", summary.loss_error or ""] if summary is not None else []
        said += [self.trial.message] if self.trial is not None else []
        for message in said:
            place = placed(message)
            if place is not None and place[0] == file:
                found.append(Fault(file, place[1], said_there(message)))
        return tuple(dict.fromkeys(found))

    def apply(self, edit: NamedEdit, series: int = 0) -> None:
        """Do an edit of the parts, which the person wrote here. Raises ValueError as the edit does. What undo and redo
        bring back was allowed when it was written, or was not."""
        was_allowed, before = self.allowed, self._document.project.parts
        key = f"{edit.merge_key}/{series}" if edit.merge_key else ""
        self._document.apply(edit.name, edit, key)
        if was_allowed and not trust.parts_allowed(self._document.project.parts, self._document.path):
            self.allow()
            if key and self._typed == (key, before):  # undo goes behind it, and no run was trained with it
                self._document.keep_aside(lambda: trust.forget_parts(before, self._document.path))
            self._typed = key, self._document.project.parts

    def keep_text(self) -> None:
        """A training begins, which may need the text that is there for good."""
        self._typed = None

    def allow(self) -> None:
        """The person has read the parts, and lets them run."""
        if self._document.keep_aside(lambda: trust.allow_parts(self._document.project.parts, self._document.path)):
            self._refresh()
            self._model.describe()

    def withdraw(self) -> None:
        """None of the parts runs again until it is allowed anew."""
        if self._document.keep_aside(lambda: trust.withdraw_parts(self._document.path)):
            self._refresh()
            self._model.describe()

    def try_part(self, entry: ClassEntry) -> None:
        """Try a part: a layer that the network has with the parameters and the input that it has there."""
        self.cancel()
        params, shape = self._as_used(entry)
        parts, folder = self._document.project.parts, str(self._document.path)
        self.trial = Trial(entry.name, self.tr("Starting…"))
        self._ticket = self._client.ask(
            lambda ticket: TryPart(ticket, parts, folder, entry.category, entry.name, params, shape), self._answered
        )
        self.tried.emit()

    def cancel(self) -> None:
        """Give up a trial that goes on."""
        if self._ticket:
            self._client.forget(self._ticket)
            self._client.send(Cancel(self._ticket))
            self._ticket = 0
            self.trial = None
            self.tried.emit()

    def _as_used(self, entry: ClassEntry) -> tuple[dict[str, Value], tuple[int | None, ...] | None]:
        params = {param.name: param.default for param in entry.params if param.required}
        if entry.category != "layers":
            return params, None
        for node in walk(self._document.project.model.nodes):
            if isinstance(node, Layer) and node.class_name == entry.name:
                layers = self._model.summary.layers if self._model.summary is not None else ()
                built = next((layer for layer in layers if layer.node_id == node.id), None)
                return node.params, built.input_shape if built is not None else None
        return params, None

    def _answered(self, event: AnyEvent) -> None:
        name = self.trial.name if self.trial is not None else ""
        if isinstance(event, Progress):
            self.trial = Trial(name, event.text)
            self.tried.emit()
            return
        self._ticket = 0
        match event:
            case PartTried():
                self.trial = Trial(name, facts=event.facts, message=event.message)
            case Failed():
                self.trial = None if event.cancelled else Trial(name, facts={}, message=event.message)
        self.tried.emit()
        self.changed.emit()

    def _opened(self) -> None:
        """The change that follows is to another project, whose parts nobody has written here."""
        self._is_another = True

    def _document_changed(self, before: Project, after: Project) -> None:
        is_another, self._is_another = self._is_another, False
        if before.parts is after.parts and not is_another:
            return
        self.cancel()
        self.trial = None  # what it told was of another text
        self._refresh()

    def _refresh(self) -> None:
        self.allowed = trust.parts_allowed(self._document.project.parts, self._document.path)
        self.changed.emit()
