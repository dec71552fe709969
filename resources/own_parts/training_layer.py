"""A layer that does something else in training than later on."""

import keras


class Jitter(keras.layers.Layer):
    """Multiplies each value by a random number near 1, but only while training.

    Args:
        deviation: How far the numbers lie around 1.
        seed: A whole number that makes them the same each time.
    """

    def __init__(self, deviation: float = 0.1, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.deviation = deviation
        self.seed = seed
        self.random = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        shape = keras.ops.shape(inputs)
        factors = keras.random.normal(shape, 1.0, self.deviation, seed=self.random)
        return inputs * factors

    def get_config(self):
        more = {"deviation": self.deviation, "seed": self.seed}
        return {**super().get_config(), **more}
