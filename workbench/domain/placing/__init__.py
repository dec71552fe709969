"""Where the boxes, frames and arrows of a diagram stand. No Qt here: it runs on any thread, and without a window."""
