"""The kinds of probes: one plug-in file each."""
