"""Doubles of where a team tells people of an incident: Slack and Statuspage."""
