"""Data: sources, inference of the task, split, scaling. Imports neither TensorFlow nor Keras."""

from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import Cancelled, DataError
from workbench.engine.data.inspect import inspect_path
from workbench.engine.data.load import forget_loaded, load_dataset
from workbench.engine.data.show import show_samples

__all__ = [
    "Cancelled",
    "DataError",
    "Dataset",
    "forget_loaded",
    "inspect_path",
    "load_dataset",
    "show_samples",
]
