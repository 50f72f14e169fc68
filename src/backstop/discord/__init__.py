"""Discord, from both sides: signing what it would send to a bot, and asking its REST API."""
