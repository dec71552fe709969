"""The training loop: exact, interruptible, and as fast as the network at hand allows."""
