"""Changes weights of trained networks by hand, on a copy that is kept as a run of its own or thrown away."""
