"""Nothing that leaves a session holds a secret."""
