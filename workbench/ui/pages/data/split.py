"""How the samples come into the parts, and into folds; with what that makes of them."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.dataset import DatasetInfo, DatasetSpec, Split, SplitWay
from workbench.domain.edits import set_split, split_by
from workbench.domain.edits.split import BY_COLUMN
from workbench.domain.folds import MOST_FOLDS, MOST_REPEATS, has_folds
from workbench.ui.context import Context
from workbench.ui.forms.base import ComboBox
from workbench.ui.pages.data.own_file import ask_path
from workbench.ui.pages.data.parts_view import PartsView
from workbench.ui.widgets.field_form import FieldForm
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.spin import fitted

FILES = ("validation_file", "test_file")


class SplitForm(QWidget):
    """Every choice is an edit of the project; `refresh` shows the project and what is known of its data."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._showing = False
        self._labels: dict[QWidget, QLabel] = {}
        self._form = FieldForm()
        self._make_ways()
        self._make_fractions()
        self._make_folds()
        self.hint = label("", "small", wrap=True)
        self.parts = PartsView(context.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._form)
        column.addWidget(self.hint)
        column.addWidget(self.parts)

    def refresh(self) -> None:
        """Show the split of the project, and what the loaded data are split into."""
        self._showing = True
        spec, info = self._context.document.project.data, self._context.data.info
        split = spec.split
        self._show_ways(spec, info)
        self._show_column(split, info)
        timed = _is_timed(split, info)
        self.validation.setValue(split.validation * 100)
        self.test.setValue(split.test * 100)
        self.stratify.setChecked(split.stratify)
        self.seed.setValue(split.seed)
        self.folds.setValue(max(1, split.folds))
        self.repeats.setValue(split.repeats)
        self._set_visible(
            self.validation, not has_folds(split) and not (split.way == "files" and split.validation_file)
        )
        self._set_visible(self.test, not (split.way == "files" and split.test_file))
        self.stratify.setVisible(info is None or (info.task in ("binary", "multiclass") and not timed))
        self.seed.setEnabled(not timed)  # what is ordered by time is never shuffled
        for name, row in self.files.items():
            row.show_file(getattr(split, name))
            self._set_visible(row, split.way == "files")
        self._set_visible(self.repeats, has_folds(split) and not timed)
        self._show_fold(split, info, timed)
        self.hint.setText(self._hint(split, timed))
        self.hint.setVisible(bool(self.hint.text()))
        loaded = info if self._context.data.loaded_spec is not None else None
        self.parts.show_info(loaded, max(1, split.fold))
        self.parts.setVisible(loaded is not None)
        self._showing = False

    def _make_ways(self) -> None:
        self.way = ComboBox()
        self.way.setToolTip(self.tr("How it is decided which samples train, validate and test"))
        self.way.activated.connect(self._choose_way)
        self._row(self.tr("How"), self.way)
        self.column = ComboBox()
        self.column.setPlaceholderText(self.tr("Choose"))
        self.column.activated.connect(lambda: self._apply("", column=self.column.currentData()))
        self._row(self.tr("Column"), self.column)
        self.files: dict[str, FileRow] = {}
        for name, title in zip(FILES, (self.tr("Validation file"), self.tr("Test file")), strict=True):
            row = self.files[name] = FileRow(title)
            row.wanted.connect(lambda name=name: self._ask_file(name))
            row.cleared.connect(lambda name=name: self._apply("", **{name: None}))
            self._row(title, row)

    def _make_fractions(self) -> None:
        self.validation = self._fraction(self.tr("Validation"), "validation")
        self.test = self._fraction(self.tr("Test"), "test")
        self.stratify = QCheckBox(self.tr("Keep class balance"))
        self.stratify.setToolTip(self.tr("Each part gets the same share of every class (a stratified split)"))
        self.stratify.toggled.connect(lambda value: self._apply("stratify", stratify=value))
        self._form.addRow(self.stratify)
        self.seed = fitted(QSpinBox())
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setMinimumWidth(80)  # ten digits are rare; without this the column could not be narrow
        self.seed.setKeyboardTracking(False)
        self.seed.valueChanged.connect(lambda value: self._apply("seed", seed=value))
        self._row(self.tr("Seed"), self.seed)

    def _make_folds(self) -> None:
        self.folds = fitted(QSpinBox())
        self.folds.setRange(1, MOST_FOLDS)
        self.folds.setSpecialValueText(self.tr("None"))
        self.folds.setKeyboardTracking(False)
        self.folds.setToolTip(
            self.tr(
                "Cross-validation: what is not for testing is cut into so many pieces, and a network is trained for "
                "each of them, which it validates on and did not train on"
            )
        )
        self.folds.valueChanged.connect(lambda value: self._apply("folds", folds=value if value > 1 else 0))
        self._row(self.tr("Folds"), self.folds)
        self.repeats = fitted(QSpinBox())
        self.repeats.setRange(1, MOST_REPEATS)
        self.repeats.setKeyboardTracking(False)
        self.repeats.setToolTip(self.tr("Cut into folds so many times, each time otherwise"))
        self.repeats.valueChanged.connect(lambda value: self._apply("repeats", repeats=value))
        self._row(self.tr("Repeats"), self.repeats)
        self.fold = ComboBox()
        self.fold.setToolTip(self.tr("Train the folds one after the other, or only one. The first is shown for all."))
        self.fold.activated.connect(lambda: self._apply("", fold=self.fold.currentData()))
        self._row(self.tr("Train"), self.fold)

    def _fraction(self, title: str, field: str) -> QDoubleSpinBox:
        box = fitted(QDoubleSpinBox())
        box.setRange(0, 90)
        box.setDecimals(1)
        box.setSuffix(" %")
        box.setSingleStep(5)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda value: self._apply(field, **{field: value / 100}))
        self._row(title, box)
        return box

    def _row(self, title: str, widget: QWidget) -> None:
        self._labels[widget] = self._form.add_field(title, widget)

    def _set_visible(self, widget: QWidget, visible: bool) -> None:
        self._form.setRowVisible(widget, visible)

    def _apply(self, merge: str, **fields: Any) -> None:
        if not self._showing:
            key = f"data/split/{merge}" if merge else ""
            self._context.document.apply(self.tr("Change split"), set_split(**fields), key)

    def _choose_way(self) -> None:
        way: SplitWay = self.way.currentData()
        if way != self._context.document.project.data.split.way:
            self._context.document.apply(self.tr("Change split"), split_by(way, self._keys()))

    def _keys(self) -> tuple[str, ...]:
        """What samples can be split by; of a table that could not be loaded too, as another column may mend it."""
        data = self._context.data
        if data.info is not None and data.loaded_spec is not None:
            wanted = self._context.document.project.data
            if data.loaded_spec.source == wanted.source and data.info.split_keys:
                return data.info.split_keys
        return tuple(name for name in data.columns if name != self._context.document.project.data.target)

    def _ways(self, spec: DatasetSpec, info: DatasetInfo | None) -> dict[SplitWay, str]:
        is_series = info is not None and info.form == "series"
        ways: dict[SplitWay, str] = {
            "fractions": self.tr("In the order of time") if is_series else self.tr("At random")
        }
        texts: dict[SplitWay, str] = {
            "group": self.tr("Whole groups"),
            "column": self.tr("As a column says"),
            "time": self.tr("By time"),
            "files": self.tr("Files of their own"),
        }
        keys = bool(self._keys())
        goes_on = is_series or (info is not None and info.continuation)
        has_file = "path" in spec.source.params and not goes_on
        fits = {
            "group": keys,
            "column": keys and not is_series,
            "time": keys and not is_series,
            "files": has_file,
        }
        return ways | {way: text for way, text in texts.items() if fits[way] or spec.split.way == way}

    def _show_ways(self, spec: DatasetSpec, info: DatasetInfo | None) -> None:
        ways = self._ways(spec, info)
        self.way.clear()
        for way, text in ways.items():
            self.way.addItem(text, way)
        self.way.setCurrentIndex(self.way.findData(spec.split.way))
        self._set_visible(self.way, len(ways) > 1)

    def _show_column(self, split: Split, info: DatasetInfo | None) -> None:
        self.column.clear()
        for name in self._keys():
            self.column.addItem(name, name)
        if split.column is not None and self.column.findData(split.column) < 0:
            self.column.addItem(split.column, split.column)
        self.column.setCurrentIndex(self.column.findData(split.column))
        is_series = info is not None and info.form == "series"
        self._set_visible(self.column, split.way in BY_COLUMN and not (is_series and split.way == "time"))

    def _show_fold(self, split: Split, info: DatasetInfo | None, timed: bool) -> None:
        self.fold.clear()
        self.fold.addItem(self.tr("All folds in turn"), 0)
        for number in range(1, split.folds * (1 if timed else split.repeats) + 1):
            self.fold.addItem(self.tr("Only fold {0}").format(number), number)
        self.fold.setCurrentIndex(max(0, self.fold.findData(split.fold)))
        self._set_visible(self.fold, has_folds(split))

    def _hint(self, split: Split, timed: bool) -> str:
        hints = {
            "group": self.tr("Samples with the same value of the column stay in one part: no person is in two."),
            "column": self.tr(
                "The column says train, validation (or val) or test. A part that it does not name is taken from the "
                "training samples."
            ),
            "time": self.tr("The first train, the last test; nothing is shuffled across time."),
            "files": self.tr("Files like the first. A part without a file is taken from the training samples."),
        }
        text = hints.get(split.way, "")
        if has_folds(split):
            folds = (
                self.tr("Each fold validates what was trained on all before it.")
                if timed
                else self.tr("Each fold validates once what was trained on the others.")
            )
            text = f"{text} {folds}".strip()
        return text

    def _ask_file(self, name: str) -> None:
        source = self._context.document.project.data.source
        entry = self._context.catalogue.source(source.kind)
        start = self._context.document.path / str(source.params.get("path", ""))
        ask_path(self, entry, str(start.parent), lambda path: self._apply("", **{name: path}))


class FileRow(QWidget):
    """The name of a file on the button that asks for another, and a way to leave it out."""

    wanted = Signal()
    cleared = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.button = QPushButton()
        self.button.setMinimumWidth(60)
        self.button.setAccessibleName(title)
        self.button.clicked.connect(self.wanted)
        self.clear = QToolButton()
        self.clear.setText("✕")
        self.clear.setToolTip(self.tr("Leave this file out"))
        self.clear.setAccessibleName(self.tr("Leave this file out"))
        self.clear.clicked.connect(self.cleared)
        row.addWidget(self.button, 1)
        row.addWidget(self.clear)

    def show_file(self, path: str | None) -> None:
        """Show which file is chosen, None for none."""
        name = Path(path).name if path else self.tr("Choose…")
        self.button.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 150))
        self.button.setToolTip(path or self.tr("Choose a file with the same columns, or samples of the same shape"))
        self.clear.setVisible(bool(path))


def _is_timed(split: Split, info: DatasetInfo | None) -> bool:
    """Whether the samples are split in the order of time."""
    is_series = info is not None and info.form == "series"
    return split.way == "time" or (is_series and split.way != "group")
