"""backstop as a wheel in an environment of its own, used from a bot's own repository."""
