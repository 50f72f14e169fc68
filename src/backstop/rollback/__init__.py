"""Putting an older version back, and knowing whether that worked."""
