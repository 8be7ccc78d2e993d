"""Summaries frozen so that they can be cited, and what changed from one to the next."""
