"""What a few samples say of the whole, with the standard library alone."""
