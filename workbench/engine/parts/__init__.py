"""Runs a project's own parts, once the person allowed it, and hands their classes to whatever builds networks."""
