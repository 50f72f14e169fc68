"""From a bot's repository to a verified drill, as somebody types it."""
