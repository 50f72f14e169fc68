"""The `backstop` command: what is no pytest run."""
