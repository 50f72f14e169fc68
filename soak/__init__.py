"""Interrupts real rollbacks at random moments and looks at what each of them leaves."""
