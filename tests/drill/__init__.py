"""Whole sessions on the embedded cloud."""
