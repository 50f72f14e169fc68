"""Runs all suites over every fault: proof that each check can go red, and goes red for nothing else."""
