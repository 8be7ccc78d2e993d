"""Observations: taken in once, kept for ever, corrected by versions, reviewed, and counted by their marks."""
