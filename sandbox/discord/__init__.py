"""A double of Discord: its REST API, its signatures, and the status pages that are read beside it."""
