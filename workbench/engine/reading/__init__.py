"""Reads networks that were made elsewhere with Keras."""
