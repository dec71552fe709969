"""The bar at the top: train, pause, step, stop, progress, undo, and how the engine is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.context import Context
from workbench.ui.widgets.elided import ElidedLabel
from workbench.ui.widgets.menu_button import give_menu
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.progress_text import progress_text

HEIGHT = 52
ENDLESS = 0


class TopBar(QFrame):
    """Reflects the run's state; its buttons trigger the window's actions. `engine_pressed` is the chip at the right."""

    restart_wanted = Signal()

    def __init__(self, context: Context, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._actions = actions
        self._unfocused: QAbstractButton | None = None
        self.setProperty("role", "panel")
        self.setFixedHeight(HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        self.main = self._main_button()
        self.step = self._step_button()
        self.stop = self._button("stop", self.tr("Stop"))
        for widget in (self.main, self.step, self.stop):
            layout.addWidget(widget)
        layout.addSpacing(10)
        layout.addLayout(self._progress(), 1)
        layout.addSpacing(10)
        self.undo = self._action_button("undo", self.tr("Undo"))
        self.redo = self._action_button("redo", self.tr("Redo"))
        layout.addWidget(self.undo)
        layout.addWidget(self.redo)
        self.name = ElidedLabel(where=Qt.TextElideMode.ElideMiddle)
        self.name.setProperty("role", "muted")
        layout.addWidget(self.name)
        self.engine = self._engine_chip()
        layout.addWidget(self.engine)
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the state as it is now."""
        status = self._context.run.status
        tokens = self._context.theme.tokens
        text, icon = {
            "training": (self.tr("Pause"), "pause"),
            "pausing": (self.tr("Pausing…"), "pause"),
            "paused": (self.tr("Continue"), "play"),
            "starting": (self.tr("Starting…"), "play"),
            "stopping": (self.tr("Stopping…"), "play"),
        }.get(status, (self.tr("Train"), "play"))
        self.main.setText(text)
        enabled = status not in ("pausing", "starting", "stopping")
        self._enable(self.main, enabled)
        self.main.setIcon(self._context.theme.icon(icon, tokens.on_accent if enabled else tokens.muted))
        self.main.setToolTip(self._actions["pause" if status in ("training", "paused") else "train"].toolTip())
        self.step.setIcon(self._context.theme.icon("skip-next", tokens.text))
        self.stop.setIcon(self._context.theme.icon("stop", tokens.text))
        self._enable(self.stop, status in ("training", "paused", "pausing"))
        self._enable(self.step, status in ("idle", "paused", "lost"))
        self._show_progress()
        self._show_engine()
        self._show_name()

    def _enable(self, button: QAbstractButton, on: bool) -> None:
        """A button that has the focus keeps it for as long as it is disabled; Qt would hand it to any other."""
        if not on and button.hasFocus():
            self._unfocused = button
            self.setFocus()
        button.setEnabled(on)
        if on and button is self._unfocused:
            self._unfocused = None
            if self.hasFocus():
                button.setFocus()

    def _main_button(self) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "primary")
        button.setFixedWidth(120)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where the person works
        button.setAccessibleName(self.tr("Train or pause"))
        button.clicked.connect(self._main_pressed)
        return button

    def _main_pressed(self) -> None:
        status = self._context.run.status
        self._actions["pause" if status in ("training", "paused") else "train"].trigger()

    def _step_button(self) -> QToolButton:
        button = QToolButton()
        button.setText(self.tr("Step"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(self.tr("Train one batch or one epoch, then pause"))
        button.setAccessibleName(self.tr("Step"))
        menu = QMenu(button)
        menu.addActions([self._actions["step_batch"], self._actions["step_epoch"]])
        give_menu(button, menu)
        button.setFixedHeight(34)
        return button

    def _button(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(self._actions[name].toolTip())
        button.setAccessibleName(text)
        button.clicked.connect(self._actions[name].trigger)
        button.setFixedHeight(34)
        return button

    def _action_button(self, name: str, title: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[name])
        button.setAccessibleName(title)
        return button

    def _progress(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        column.addStretch(1)
        self.text = label(role="small")
        self.text.setMinimumWidth(60)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(420)
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        column.addWidget(self.text)
        column.addWidget(self.bar)
        column.addStretch(1)
        return column

    def _engine_chip(self) -> QToolButton:
        chip = QToolButton()
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setAccessibleName(self.tr("Engine"))
        menu = QMenu(chip)
        menu.addAction(self._actions["restart_engine"])
        menu.addAction(self._actions["log"])
        give_menu(chip, menu)
        return chip

    def _connect(self) -> None:
        context = self._context
        context.run.status_changed.connect(self.refresh)
        context.run.advanced.connect(self._show_progress)
        context.client.state_changed.connect(self.refresh)
        context.document.changed.connect(self._show_name)
        context.document.saved.connect(self._show_name)
        context.document.undo_stack.cleanChanged.connect(self._show_name)
        context.data.changed.connect(self._show_progress)
        context.model.changed.connect(self._show_progress)
        context.theme.changed.connect(self.refresh)

    def _show_progress(self) -> None:
        text, fraction = progress_text(self._context)
        self.text.setText(text)
        if fraction is None:
            self.bar.setRange(0, ENDLESS)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(fraction * 1000))

    def _show_name(self) -> None:
        document = self._context.document
        mark = "" if document.undo_stack.isClean() and not document.is_temporary else "  •"
        self.name.setText(document.project.name + mark)
        self.name.setToolTip(
            self.tr("Not saved in a folder of yours yet") if document.is_temporary else str(document.path)
        )

    def _show_engine(self) -> None:
        client, tokens = self._context.client, self._context.theme.tokens
        if client.state == "ready" and client.ready is not None:
            ready = client.ready
            color = tokens.good
            text = self.tr("{0} · {1} cores").format(ready.device, ready.cores)
            tip = self.tr("Keras {0}, TensorFlow {1}, {2} threads, process {3}").format(
                ready.keras, ready.tensorflow, ready.threads or self.tr("all"), ready.pid
            )
        elif client.state == "starting":
            color, text = tokens.warning, self.tr("Engine starts…")
            tip = self.tr("TensorFlow is being loaded in a process of its own. You can already edit.")
        else:
            color, text, tip = tokens.bad, self.tr("Engine stopped"), self.tr("Choose “Restart the engine”.")
        self.engine.setText(text)
        self.engine.setToolTip(tip)
        self.engine.setIcon(self._context.theme.icon("circle-medium", color))
