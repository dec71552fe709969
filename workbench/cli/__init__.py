"""The command line: the same Session and the same events as the window, in its own process."""
