"""Validation and rollback drills for Discord bots on Cloudflare Workers."""

__version__ = "0.1.0"
