"""Tells people what a session does to a bot, where a target says that they are told."""
