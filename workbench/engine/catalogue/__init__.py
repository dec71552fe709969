"""The generator of `resources/catalogue.json`: walks the installed Keras and writes down what the forms need to know.

`python -m workbench.engine.catalogue` writes the file; a test fails when the file and the installed Keras disagree.
"""
