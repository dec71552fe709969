"""Random changes of training pictures, drawn in TensorFlow: in the traced chunk of a training, and for a person to see.

They stand outside of `engine.data`, which knows only numpy.
"""
