"""What the window or the command line says to the engine, what it answers, and how both travel."""
