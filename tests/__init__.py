"""Proof that the tool works, and that each of its checks can go red."""
