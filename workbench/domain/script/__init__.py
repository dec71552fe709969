"""The project as a Keras script: complete, readable, and with the workbench's own numbers under the same seed."""

from workbench.domain.script.export import export_script
from workbench.domain.script.files import folders_beside, write_script

__all__ = ["export_script", "folders_beside", "write_script"]
