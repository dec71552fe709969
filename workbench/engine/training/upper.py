"""The upper part of a functional model as a model of its own, made of the very layers.

Keras' own way to cut a model clones its calls into the layers, and the whole model can then not always be saved.
"""

from collections.abc import Sequence
from typing import Any

import keras

from workbench.engine.training.cut import Cut


class Upper(keras.Model):  # type: ignore[misc]
    """Calls the layers above a cut on what the lower part gives: one tensor, or a list in the order of the cut's."""

    def __init__(self, model: Any, cut: Cut) -> None:
        super().__init__(name="upper_part")
        self.output_names = list(model.output_names)
        self._layers_above = [
            layer for layer in model.layers if any(node.operation is layer for node in cut.nodes)
        ]  # in the model's order, so that their weights are too
        # Keras would look into plain lists for layers to keep.
        self._plan = _Plan(cut.tensors, cut.nodes, tuple(model.outputs))

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """The outputs of the model."""
        return self._plan.run(inputs, training)


class _Plan:
    """The calls in their order; tensors are known by their identity."""

    def __init__(self, taken: Sequence[Any], nodes: Sequence[Any], outputs: Sequence[Any]) -> None:
        self._taken, self._nodes, self._outputs = taken, nodes, outputs

    def run(self, inputs: Any, training: bool | None) -> Any:
        """The outputs for what the lower part gives."""
        given = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        known = {id(tensor): value for tensor, value in zip(self._taken, given, strict=True)}
        for node in self._nodes:
            positional, named = node.arguments.fill_in(known)
            if getattr(node.operation, "_call_has_training_arg", False):
                named = named | {"training": training}  # the call that was recorded was none of training
            made = keras.tree.flatten(node.operation(*positional, **named))
            known |= {id(tensor): value for tensor, value in zip(node.output_tensors, made, strict=True)}
        outputs = [known[id(tensor)] for tensor in self._outputs]
        return outputs[0] if len(outputs) == 1 else outputs
