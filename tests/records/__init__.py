"""Limits, conventions, deadlines, clocks, lights and explanations."""
