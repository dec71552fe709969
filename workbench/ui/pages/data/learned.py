"""The right of the Data page: what is learned from the data, how they are split and prepared."""

from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.balance import can_balance
from workbench.domain.dataset import DatasetInfo, DatasetSpec, HeadTask
from workbench.domain.edits import learn_column, learn_columns, set_data, set_target_task, use_columns
from workbench.domain.project import Project
from workbench.ui.context import Context
from workbench.ui.forms.base import ComboBox
from workbench.ui.pages.data.augmentation_list import AugmentationList
from workbench.ui.pages.data.balance import BalanceBars
from workbench.ui.pages.data.balance_choice import BalanceTable
from workbench.ui.pages.data.columns import ColumnChooser
from workbench.ui.pages.data.facts import Facts
from workbench.ui.pages.data.hashing import HashingFields
from workbench.ui.pages.data.heads import HeadTable
from workbench.ui.pages.data.inputs import InputList
from workbench.ui.pages.data.noise import NoiseFields
from workbench.ui.pages.data.split import SplitForm
from workbench.ui.pages.data.steps import StepList
from workbench.ui.pages.data.task import describe_task, labels_word, scaling_word, task_titles, task_word
from workbench.ui.pages.data.text_columns import ProseOffer, TextList
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.field_form import FieldForm
from workbench.ui.widgets.panel import Panel, label, line, paragraphs

# What the choice of a target holds for several of them; no column has such a name.
SEVERAL = "\0several"


class LearnedPanel(Panel):
    """Task, shapes, classes and their balance; target, split, scaling and missing values to choose."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What is learned"), parent)
        self._context = context
        self._showing = False
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(GAP)
        self._add_facts()
        self._add_preparation()
        self._area = self._scrolled(inner)
        self.body.addWidget(self._area, 1)
        context.document.changed.connect(self._document_changed)
        context.data.info_changed.connect(self.refresh)
        context.data.columns_changed.connect(self.refresh)
        self.refresh()

    def _add_facts(self) -> None:
        self.sentence = label(self.tr("This shows as soon as the data are loaded."), wrap=True)
        self._column.addWidget(self.sentence)
        self.notes = label("", "muted", wrap=True, selectable=True)
        self._column.addWidget(self.notes)
        self.prose = ProseOffer(self._context)
        self._column.addWidget(self.prose)
        self.facts = Facts()
        self._column.addWidget(self.facts)
        self.counted = label("", "small", wrap=True)
        self._column.addWidget(self.counted)
        self.balance = BalanceBars(self._context.theme)
        self._column.addWidget(self.balance)

    def _add_preparation(self) -> None:
        context = self._context
        self._column.addWidget(line())
        self._column.addWidget(label(self.tr("Preparation"), "title"))
        self._column.addLayout(self._choices())
        self.balanced = BalanceTable()
        self._column.addWidget(self.balanced)
        self.texts = TextList(context)
        self._column.addWidget(self.texts)
        self.steps = StepList(context)
        self._column.addWidget(self.steps)
        self.augmentation = AugmentationList(context)
        self._column.addWidget(self.augmentation)
        self._column.addWidget(line())
        self._column.addWidget(label(self.tr("Split"), "title"))
        self.split = SplitForm(context)
        self._column.addWidget(self.split)
        self._column.addStretch(1)

    @staticmethod
    def _scrolled(inner: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def refresh(self) -> None:
        """Show the data and the choices as they are now."""
        self._showing = True
        self._show_spec(self._context.document.project.data)
        info = self._context.data.info
        for widget in (self.notes, self.facts, self.counted, self.balance):
            widget.setVisible(info is not None)
        self._show_columns()
        if info is not None:
            self._show_info(info)
        else:
            self.sentence.setText(self.tr("This shows as soon as the data are loaded."))
            self._leave_choices_open()
        self._show_noise(info)
        self._show_missing()
        self._show_balance(info)
        self.split.refresh()
        self._showing = False

    def show_augmentation(self) -> None:
        """Bring the list of random changes into sight."""
        self._area.ensureWidgetVisible(self.augmentation)

    def _choices(self) -> FieldForm:
        form = FieldForm()
        self._target_rows(form)
        self.columns = ColumnChooser()
        self.columns.chosen.connect(self._use)
        self._columns_label = form.add_field(self.tr("Columns"), self.columns)
        self.inputs = InputList(self._context)
        form.addRow(self.inputs)
        self.task = self._combo(form, self.tr("Task"), {"auto": "", **task_titles(self.tr)}, "task")
        self.heads = HeadTable()
        self.heads.chosen.connect(self._learn_as)
        form.addRow(self.heads)
        self.noise = NoiseFields()
        self.noise.chosen.connect(lambda noise: self._set(noise=noise))
        self._noise_label = form.add_field(self.tr("Noise"), self.noise)
        labels = {
            "auto": "",
            "integer": self.tr("Class numbers"),
            "one_hot": self.tr("One-hot"),
        }
        self.labels = self._combo(form, self.tr("Labels"), labels, "labels")
        balance = {
            "none": self.tr("As they are"),
            "class_weights": self.tr("Weigh more"),
            "oversample": self.tr("Draw again"),
        }
        self.balancing = self._combo(form, self.tr("Rare classes"), balance, "balance")
        self._balancing_label: QWidget = form.labelForField(self.balancing)
        scaling = {
            "auto": "",
            "none": self.tr("None"),
            "standardize": self.tr("Mean 0, std 1"),
            "min_max": self.tr("From 0 to 1"),
        }
        self.scaling = self._combo(form, self.tr("Scaling"), scaling, "scaling")
        self._missing_rows(form)
        return form

    def _missing_rows(self, form: FieldForm) -> None:
        """What becomes of the holes of a table."""
        missing = {
            "drop_rows": self.tr("Drop the rows"),
            "mean": self.tr("Fill: mean"),
            "median": self.tr("Fill: median"),
            "most_frequent": self.tr("Fill: most frequent"),
            "zero": self.tr("Fill: zero"),
        }
        self.missing = self._combo(form, self.tr("Missing"), missing, "missing")
        self.missing.setToolTip(self.tr("What becomes of rows in which a value is missing"))
        self._missing_label: QWidget = form.labelForField(self.missing)
        self.masks = QCheckBox(self.tr("Tell where they were missing"))
        self.masks.setToolTip(self.tr("A column of 0 and 1 for each column that has holes in the training part"))
        self.masks.clicked.connect(lambda on: self._set(missing_masks=on))
        form.addRow(self.masks)
        self.hashing = HashingFields()
        self.hashing.chosen.connect(lambda hashing: self._set(hashing=hashing))
        self._hashing_label = form.add_field(self.tr("Many texts"), self.hashing)

    def _target_rows(self, form: FieldForm) -> None:
        """What is learned of a table: one column, or several."""
        self.target = ComboBox()
        self.target.setPlaceholderText(self.tr("As inferred"))
        self.target.activated.connect(self._learn)
        self._target_label = form.add_field(self.tr("Target"), self.target)
        self.targets = ColumnChooser()
        self.targets.setToolTip(
            self.tr(
                "Choose columns of numbers to learn at once, columns of 0 and 1 that are labels, one of texts such as "
                "“red;round”, or columns of any kind: then each is learned by an output of its own"
            )
        )
        self.targets.list.names.setAccessibleName(self.tr("Columns to learn"))
        self.targets.popup.aboutToHide.connect(self.refresh)
        self.targets.list.inferred.hide()
        self.targets.chosen.connect(self._learn_several)
        self._targets_label = form.add_field(self.tr("Targets"), self.targets)

    def _combo(self, form: FieldForm, title: str, choices: dict[str, str], field: str) -> QComboBox:
        combo = ComboBox()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for value, text in choices.items():
            combo.addItem(text, value)
        combo.activated.connect(lambda: self._set(**{field: combo.currentData()}))
        form.add_field(title, combo)
        return combo

    def _set(self, **fields: Any) -> None:
        if not self._showing:
            name = next(iter(fields))
            spec = msgspec.structs.replace(self._context.document.project.data, **fields)
            self._context.document.apply(self.tr("Change {0}").format(name), set_data(spec), f"data/{name}")

    def _learn(self) -> None:
        if self.target.currentData() == SEVERAL:
            self._choose_several()
        elif not self._showing and not self.target.currentData():
            self._set(target=None)
        elif not self._showing:
            edit = learn_column(self.target.currentData(), self._context.data.columns, self._target)
            self._context.document.apply(self.tr("Choose target"), edit)

    def _choose_several(self) -> None:
        """Open the list of columns in the place of the choice of one."""
        for widget, shown in (
            (self.target, False),
            (self._target_label, False),
            (self.targets, True),
            (self._targets_label, True),
        ):
            widget.setVisible(shown)
        QTimer.singleShot(0, self.targets.showPopup)  # where it then stands

    def _learn_several(self, names: tuple[str, ...] | None) -> None:
        if names:
            edit = learn_columns(names, self._context.data.columns)
            self._context.document.apply(self.tr("Choose targets"), edit)

    def _learn_as(self, column: str, task: HeadTask | None) -> None:
        self._context.document.apply(self.tr("Choose task"), set_target_task(column, task))

    def _use(self, names: tuple[str, ...] | None) -> None:
        self._context.document.apply(self.tr("Choose columns"), use_columns(names, self._context.data.columns))

    @property
    def _target(self) -> str:
        """The column that is learned, as the project says or as was inferred."""
        info = self._table_info
        return self._context.document.project.data.target or (info.target if info is not None else "")

    @property
    def _table_info(self) -> DatasetInfo | None:
        """What is known of the table that the project wants; None while another one is still shown."""
        data = self._context.data
        wanted = self._context.document.project.data.source
        return data.info if data.loaded_spec is not None and data.loaded_spec.source == wanted else None

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self.refresh()
        if before.data.source != after.data.source:
            self._area.verticalScrollBar().setValue(0)  # what other data are stands at the top

    def _show_spec(self, spec: DatasetSpec) -> None:
        for combo, value in (
            (self.task, spec.task),
            (self.labels, spec.labels),
            (self.scaling, spec.scaling),
            (self.missing, spec.missing),
            (self.balancing, spec.balance),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self.noise.show_noise(spec.noise)
        self.hashing.show_hashing(spec.hashing)

    def _show_info(self, info: DatasetInfo) -> None:
        self.sentence.setText(describe_task(info, self.tr))
        self.facts.show_info(info)
        self.balance.show_counts(info)
        self.counted.setText(self._what_is_counted(info))
        self.counted.setVisible(bool(info.classes))
        self._say_what_was_taken(info)
        self.labels.setEnabled(info.task in ("multiclass", "segmentation"))
        self._say_of_which_data()
        self.notes.setText(paragraphs(info.notes))
        self.notes.setVisible(bool(info.notes))

    def _what_is_counted(self, info: DatasetInfo) -> str:
        if info.learns_steps:
            return self.tr("Steps of each class (strong: training)")
        if info.task == "segmentation":
            return self.tr("Dots of each class (strong: training)")
        if info.task == "multilabel":
            return self.tr("Samples with each label (strong: training)")
        return self.tr("Samples of each class (strong: training)")

    def _say_of_which_data(self) -> None:
        """Data that wait, or failed, leave those from before in sight."""
        data = self._context.data
        if data.loaded_spec == self._context.document.project.data or not data.error:
            return
        before = self.tr("This is of the data from before: the new ones could not be loaded.")
        if data.demand is not None:
            before = self.tr("This is of the data from before: the new ones wait until you allow them.")
        self.sentence.setText(f"{self.sentence.text()} {before}")

    def _leave_choices_open(self) -> None:
        """Nothing is known yet that could be chosen by itself."""
        for combo, text in (
            (self.task, self.tr("As inferred")),
            (self.labels, self.tr("As suits the task")),
            (self.scaling, self.tr("As suits the data")),
        ):
            combo.setItemText(combo.findData("auto"), text)
            combo.setToolTip("")

    def _say_what_was_taken(self, info: DatasetInfo) -> None:
        """Where a choice is left to the workbench, it says what it chose."""
        for combo, taken in (
            (self.task, task_word(info, self.tr)),
            (self.labels, labels_word(info, self.tr)),
            (self.scaling, scaling_word(info, self.tr)),
        ):
            text = self.tr("Auto: {0}").format(taken)
            combo.setItemText(combo.findData("auto"), text)
            combo.setToolTip(text if combo.currentData() == "auto" else "")

    def _show_columns(self) -> None:
        """What is learned, and from what; of a table that could not be loaded too, as another choice may mend it."""
        names = self._context.data.columns
        spec = self._context.document.project.data
        several = bool(names) and (spec.task in ("multilabel", "multi_output") or bool(spec.more_targets))
        one = bool(names) and not several
        for widget, shown in (
            (self.columns, bool(names) and not spec.inputs),
            (self._columns_label, bool(names) and not spec.inputs),
            (self.inputs, bool(names)),
            (self.target, one),
            (self._target_label, one),
            (self.targets, several),
            (self._targets_label, several),
        ):
            widget.setVisible(shown)
        self.targets.show_columns(names, (self._target, *spec.more_targets), "", False)
        self.target.clear()
        itself = spec.task == "reconstruction"
        if itself:
            self.target.addItem(self.tr("None: all columns"), "")
        for name in names:
            self.target.addItem(name, name)
        if not itself:
            self.target.insertSeparator(self.target.count())
            self.target.addItem(self.tr("Several columns…"), SEVERAL)
        target = (spec.target or "") if itself else self._target
        self.target.setCurrentIndex(self.target.findData(target))
        info = self._table_info
        chosen = self._context.document.project.data.features
        useful = () if info is None else tuple(each.name for each in info.columns if each.role == "feature")
        used = chosen if chosen is not None else useful or names
        inputs = tuple(name for name in names if name not in spec.more_targets)
        self.columns.show_columns(inputs, used, target, chosen is not None)
        self.heads.show_heads(spec, info)
        self.inputs.show_inputs(spec.inputs, [name for name in inputs if name != target], info)

    def _show_balance(self, info: DatasetInfo | None) -> None:
        """Only classes can be rare. What was chosen for others stays in sight, so that it can be taken back."""
        balance = self._context.document.project.data.balance
        for widget in (self.balancing, self._balancing_label):
            widget.setVisible(balance != "none" or (info is not None and can_balance(info)))
        self.balanced.show_balance(balance, info)

    def _show_noise(self, info: DatasetInfo | None) -> None:
        """Noise is laid on inputs that are to be learned themselves, and on no others."""
        task = self._context.document.project.data.task if info is None else info.task
        for widget in (self.noise, self._noise_label):
            widget.setVisible(task == "reconstruction")

    def _show_missing(self) -> None:
        """Only tables of the person's own have holes to fill, and columns of many texts."""
        own = self._context.catalogue.is_table(self._context.document.project.data.source.kind)
        for widget in (self.missing, self._missing_label, self.hashing, self._hashing_label):
            widget.setVisible(own)
        spec = self._context.document.project.data
        self.masks.setVisible(own and spec.missing != "drop_rows")
        self.masks.setChecked(spec.missing_masks)
