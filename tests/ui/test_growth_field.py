"""The form of a repetition says how parameters grow."""

from workbench.domain.catalogue import load_catalogue
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.tree import Layer, ModelTree, Repeat
from workbench.ui.pages.model.fields import change, fields_of
from workbench.ui.pages.model.rows import rows_of


def test_that_growth_is_typed_shown_in_the_tree_and_laid_out() -> None:
    catalogue = load_catalogue()
    conv = Layer(id="c", class_name="Conv2D", params={"filters": 32, "kernel_size": 3})
    node = Repeat(id="r", times=3, children=(conv,))
    project = Project(model=ModelTree((node,)))
    fields = fields_of((node,), catalogue)
    assert [entry.name for entry in fields.entries][:2] == ["times", "grow"]
    changed = change(fields, "grow", "filters *2")(project)
    rows = rows_of(changed.model, catalogue, None, None, ())
    assert rows["r"].detail == "3 × · filters *2"
    assert [step.params["filters"] for step in layout(changed.model).steps[1:]] == [32, 64, 128]
    again = fields_of(changed.model.nodes, catalogue)
    assert change(again, "grow", "")(changed) == project
