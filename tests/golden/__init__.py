"""Journals that are kept, and the reports that must come out of them byte for byte."""
