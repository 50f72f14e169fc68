"""Proof of readiness: what is taken away is named, and a login that ends is survived."""
