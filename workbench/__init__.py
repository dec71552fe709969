"""Workbench: load data, assemble a network as a tree, train it, look inside it."""
