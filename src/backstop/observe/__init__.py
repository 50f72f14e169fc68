"""What is seen of a bot at one moment, fetched once and then only read."""
