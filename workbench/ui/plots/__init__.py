"""Every picture that the window draws of numbers: curves, maps, bars, surfaces."""
