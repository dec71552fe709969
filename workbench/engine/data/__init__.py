"""Data: sources, inference of the task, split, scaling. Imports neither TensorFlow nor Keras."""

from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import Cancelled, DataError
from workbench.engine.data.load import forget_loaded, load_dataset

__all__ = ["Cancelled", "DataError", "Dataset", "forget_loaded", "load_dataset"]
