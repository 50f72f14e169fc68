"""What drills have proven, where, and for how long that counts."""
