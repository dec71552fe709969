"""The words of the field as immutable data, and what can be done with them in pure Python."""
