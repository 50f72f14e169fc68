"""Proof that people are told: whoever should be, of what is so, once, and without harm to anything."""
