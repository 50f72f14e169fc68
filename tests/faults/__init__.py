"""The proof of the suites, and that it can fail itself."""
