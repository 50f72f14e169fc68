"""The gate before a deploy, as it is typed."""
