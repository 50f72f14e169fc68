"""Writes schedules/ from one table: ``python -m tools.schedules``."""
