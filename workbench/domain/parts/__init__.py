"""Parts of a network that a person writes in Python inside the project: layers, losses, metrics and the like.

Their code is read here, never run: the syntax tree says what each class is and what its constructor takes.
"""
