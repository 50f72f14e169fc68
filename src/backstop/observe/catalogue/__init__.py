"""All probes, by what they look at. A look sends the whole catalogue at once."""
