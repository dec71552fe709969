"""Forms that are generated from the catalogue: one editor for each kind of parameter, never one for each class."""

from workbench.ui.forms.editors import fill_table
from workbench.ui.forms.form import ParameterForm
from workbench.ui.forms.objects import ObjectEditor, ObjectsEditor

fill_table()

__all__ = ["ObjectEditor", "ObjectsEditor", "ParameterForm"]
