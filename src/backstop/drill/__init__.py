"""Breaking a bot on purpose, rolling it back, and leaving nothing behind."""
