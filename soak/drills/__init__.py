"""Interrupts real drills at random moments, and finishes on another machine what they leave."""
