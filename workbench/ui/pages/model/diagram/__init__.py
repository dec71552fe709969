"""The network drawn as boxes and arrows."""
