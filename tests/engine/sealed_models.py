"""SavedModels that nobody described, written by TensorFlow itself, and projects that have one as a sealed layer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import tensorflow as tf

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.sealed import sealed_layers
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.engine.model_import import import_model

PICTURE = tf.TensorSpec((None, 8, 8, 1), tf.float32, name="x")


class Features(tf.Module):  # type: ignore[misc]
    """A convolution and a dense layer, by hand; `two` gives two outputs, `other` is no endpoint of a layer."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        self.kernel = tf.Variable(random.normal(size=(3, 3, 1, 4)).astype("float32"), name="kernel")
        self.dense = tf.Variable(random.normal(size=(144, 6)).astype("float32") / 12, name="dense")
        self.calls = tf.Variable(0, trainable=False, name="calls")

    @tf.function(input_signature=[PICTURE])
    def serve(self, x: Any) -> Any:
        maps = tf.nn.relu(tf.nn.conv2d(x, self.kernel, 1, "VALID"))
        return tf.reshape(maps, (-1, 144)) @ self.dense

    @tf.function(input_signature=[PICTURE])
    def two(self, x: Any) -> Any:
        given = self.serve(x)
        return {"features": tf.nn.relu(given), "sum": tf.reduce_sum(given, -1, keepdims=True)}

    @tf.function(input_signature=[PICTURE])
    def counting(self, x: Any) -> Any:
        self.calls.assign_add(1)
        return self.serve(x) + tf.cast(self.calls, tf.float32)

    @tf.function(input_signature=[PICTURE])
    def drawing(self, x: Any) -> Any:
        return self.serve(x) + tf.random.uniform(())


def write_features(folder: Path) -> Features:
    """Write a SavedModel; gives the module that was written."""
    made = Features()
    signatures = {"serving_default": made.serve, "two": made.two}
    tf.saved_model.save(made, str(folder), signatures=signatures)
    return made


@dataclass(frozen=True)
class Kept:
    """An imported SavedModel: the module that wrote it, its folder, and the folder and the project of the import."""

    module: Features
    saved: Path
    folder: Path
    project: Project

    @property
    def node(self) -> Layer:
        """The sealed layer."""
        return sealed_layers(self.project.model)[0]


def imported(place: Path) -> Kept:
    """Write one and import it as a person does; the process of the trial takes some seconds."""
    saved, folder = place / "features", place / "project"
    module = write_features(saved)
    return Kept(module, saved, folder, import_model(saved, str(folder)).project)


def with_head(kept: Kept, **training: object) -> Project:
    """The sealed features of the digits, and a layer that learns from them."""
    head = Layer(id="head", class_name="Dense", params={"units": 10, "activation": "softmax"})
    spec = msgspec.structs.replace(TrainingSpec(batch_size=64, epochs=2, seed=5), **training)
    nodes = (*kept.project.model.nodes, head)
    return Project(name="digits", data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes), training=spec)
