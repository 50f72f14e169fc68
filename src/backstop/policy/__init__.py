"""What findings mean."""
