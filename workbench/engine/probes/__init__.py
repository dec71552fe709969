"""Probes look into a network without disturbing it. Each kind is a plug-in file in `kinds`."""
