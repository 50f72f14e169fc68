"""Rollbacks that are cut short, and the judge of what they leave."""
