"""Edits of a tree of 20 layers on the Model page: from the edit to its shapes in the tree. Argument: a folder."""

import sys
import time
from collections.abc import Callable

from PySide6.QtWidgets import QTreeView
from stage import Figures, Paints, new_project, play, wait, wait_until

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import add_nodes, remove, set_params
from workbench.domain.project import Project
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import Value
from workbench.ui.pages.model.tree_model import Column, NetworkModel
from workbench.ui.window import MainWindow

ROUNDS = 6


def layers() -> tuple[Layer, ...]:
    """Twenty layers: four blocks of convolutions on pictures of 28×28, then dense ones."""
    stack: list[tuple[str, dict[str, Value]]] = []
    for filters in (8, 16, 24, 32):
        stack += [
            ("Conv2D", {"filters": filters, "kernel_size": 3, "padding": "same"}),
            ("BatchNormalization", {}),
            ("ReLU", {}),
        ]
    stack += [
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dropout", {"rate": 0.3}),
        ("Dense", {"units": 32, "activation": "relu"}),
        ("Dropout", {"rate": 0.2}),
        ("Dense", {"units": 16, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ]
    return tuple(Layer(id=f"layer{n}", class_name=name, params=params) for n, (name, params) in enumerate(stack))


def timed(window: MainWindow, view: QTreeView, paints: Paints, edit: Callable[[], None]) -> float:
    """Milliseconds from an edit until the tree shows the numbers that follow from it."""
    context = window.context
    model = view.model()
    assert isinstance(model, NetworkModel)
    described: list[float] = []

    def changed() -> None:
        if context.model.described is context.document.project:
            described.append(time.perf_counter())
            view.viewport().update()  # where every row that changed is scrolled out of sight, nothing else is painted

    context.model.changed.connect(changed)
    start = time.perf_counter()
    edit()
    wait_until(lambda: bool(described) and paints.last > described[0])
    context.model.changed.disconnect(changed)
    last = context.document.project.model.nodes[-1].id
    assert model.index_of(last).siblingAtColumn(Column.SHAPE).data(), "the last layer's shape is shown"
    return (paints.last - start) * 1000


def scene(window: MainWindow) -> Figures:
    context = window.context
    window.show_page("model")
    wait_until(lambda: context.model.described is context.document.project)
    page = window.page("model")
    view = next(each for each in page.findChildren(QTreeView) if isinstance(each.model(), NetworkModel))
    paints = Paints(view.viewport())
    wait(1.5)
    document = context.document
    figures: dict[str, list[float]] = {"first layer": [], "middle layer": [], "add": [], "remove": [], "undo": []}
    for number in range(ROUNDS):
        for name, make in (
            ("first layer", lambda n=number: set_params(("layer0",), {"filters": 9 + n})),
            ("middle layer", lambda n=number: set_params(("layer14",), {"units": 65 + n})),
            ("add", lambda: add_nodes((Layer(id="new", class_name="Dense", params={"units": 20}),), None, 18)),
            ("remove", lambda: remove((document.project.model.nodes[18].id,))),
        ):
            edit = make()
            figures[name].append(timed(window, view, paints, lambda edit=edit: document.apply(edit.name, edit)))
            wait(0.15)
        figures["undo"].append(timed(window, view, paints, document.undo_stack.undo))
        document.undo_stack.redo()
        wait(0.3)
    return {"edits": figures}


if __name__ == "__main__":
    project = Project(data=DatasetSpec(SourceSpec("fashion_mnist")), model=ModelTree(layers()))
    play(scene, [str(new_project(sys.argv[1], project).path)])
