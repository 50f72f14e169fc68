"""Whole looks at what is broken, hostile, or not there at all."""
