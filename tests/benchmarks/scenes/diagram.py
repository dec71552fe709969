"""The diagram of a thousand layers: redraws while it is panned and zoomed, selecting, laying out. Arguments: a folder,
and "sequence" or "skips"."""

import sys
import time
from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QPointF
from stage import Figures, Paints, new_project, play, wait, wait_until

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_enabled
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Layer, ModelTree, Residual
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.settings import NETWORK_AS
from workbench.ui.window import MainWindow

LAYERS, FRAMES, CHOICES = 1000, 40, 15
SCALES = (1.0, 0.6, 0.3, 0.1)


def layers(kind: str) -> tuple[AnyNode, ...]:
    """A thousand layers with their merging ones, one after another or in residuals of three."""
    numbers = count()

    def layer(class_name: str = "Dense") -> Layer:
        params = {"units": 8, "activation": "relu"} if class_name == "Dense" else {}
        return Layer(id=f"layer{next(numbers)}", class_name=class_name, params=params)

    if kind == "sequence":
        return (Layer(id="flat", class_name="Flatten"), *(layer() for _ in range(LAYERS - 1)))
    residuals = (
        Residual(id=f"skip{n}", children=(layer(), layer("BatchNormalization"), layer())) for n in range(LAYERS // 4)
    )
    return (Layer(id="flat", class_name="Flatten"), layer(), *residuals)


def scene(window: MainWindow) -> Figures:
    context = window.context
    window.show_page("model")
    page = window.page("model")
    assert isinstance(page, ModelPage)
    wait_until(lambda: context.model.described is context.document.project)
    start = time.perf_counter()
    page.network.segments["both"].click()
    panel = page.network.diagram
    assert panel is not None
    wait_until(lambda: panel.view.drawing is not None)
    first = (time.perf_counter() - start) * 1000
    view, viewport = panel.view, panel.view.viewport()
    wait(1.0)

    def timed(step: Callable[[int], object]) -> list[float]:
        passed = []
        for number in range(FRAMES):
            step(number)
            begun = time.perf_counter()
            viewport.repaint()
            passed.append((time.perf_counter() - begun) * 1000)
        return passed

    redraws: dict[str, list[float]] = {}
    for scale in SCALES:
        view.zoom(scale)
        redraws[f"panned at {scale:.0%}"] = timed(lambda _: view._scroll(QPointF(0, 150)))
    redraws["zoomed"] = timed(lambda number: view.zoom(1.5 * 0.9**number))
    view.fit()
    redraws["all of it"] = timed(lambda _: None)
    view.zoom_full()
    paints = Paints(viewport)
    ids = [node_id for node_id in page.network.model.ids() if node_id.startswith("layer")]
    chosen = []
    for number in range(CHOICES):
        start = time.perf_counter()
        page.view.choose((ids[number * len(ids) // CHOICES],))
        wait_until(lambda start=start: paints.last > start)
        chosen.append((time.perf_counter() - start) * 1000)
        wait(0.2)
    laid_out: list[float] = []
    panel.laid_out.connect(lambda: laid_out.append(time.perf_counter()))
    start = time.perf_counter()
    edit = set_enabled((ids[3],), False)
    context.document.apply(edit.name, edit)
    wait_until(lambda: bool(laid_out))
    context.settings.set(NETWORK_AS, "tree")  # so that the next scene begins without a diagram
    return {"redraws": redraws, "selection": chosen, "first": [first], "edit": [(laid_out[0] - start) * 1000]}


if __name__ == "__main__":
    project = Project(data=DatasetSpec(SourceSpec("digits")), model=ModelTree(layers(sys.argv[2])))
    play(scene, [str(new_project(sys.argv[1], project).path)])
