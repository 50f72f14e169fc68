"""Asking the bot over HTTP: bounded in time and size, never raising for network trouble."""
