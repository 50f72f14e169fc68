"""What a session leaves behind. Every file here is a pure function of the journal."""
