"""The first minute of an incident, as it is typed."""
