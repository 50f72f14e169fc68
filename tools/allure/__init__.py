"""Allure's report of a session, as one file that asks nobody for anything."""
