"""Everything that knows TensorFlow: data, networks, training, probes. Importing this package imports none of it."""
