"""Outcomes: what documents show of how a case ended, and for whom."""
