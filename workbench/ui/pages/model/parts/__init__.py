"""The window in which a project's own parts are written and tried."""
