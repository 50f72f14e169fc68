"""Monitors and watches against a bot in the sandbox, as they are typed."""
