"""The append-only record of a session: written line by line, read again, and judged."""
