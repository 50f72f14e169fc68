"""Set-up of a checkout. Runs before anything is installed, so it needs the standard library only."""
