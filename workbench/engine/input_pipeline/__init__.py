"""Runs an input pipeline of `tf.data` over the project's own data, to show what its stages do and what they cost."""

from workbench.engine.input_pipeline.show import show_pipeline

__all__ = ["show_pipeline"]
