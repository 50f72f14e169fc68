"""Proof of a rollback: whatever the API answers, it is done once, or not at all, and says which."""
