"""Whether a session could do its work tonight: what it needs, and what of that is proven."""
