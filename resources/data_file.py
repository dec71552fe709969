"""The data of a project. The Workbench runs this file in a process of its
own; what it prints goes to the log.

load() returns one of these:

    x, y                                   inputs and targets
    (x_train, y_train), (x_test, y_test)   with a test set of its own
    {"x": x, "y": y, "classes": names}     or x_train, y_train, x_test, y_test
    a tf.data.Dataset of (x, y)

Files beside this one are opened by their names alone. Let load() return the
same samples each time: give random numbers a seed, as below.
"""

import numpy as np


def load():
    """A disc of points within a ring of points."""
    random = np.random.default_rng(0)
    count = 400
    inside = np.arange(count) % 2
    disc, ring = random.uniform(0.0, 1.0, count), random.uniform(1.4, 2.4, count)
    radius = np.where(inside, disc, ring)
    angle = random.uniform(0.0, 2.0 * np.pi, count)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return {"x": x, "y": inside, "classes": ["ring", "disc"]}
