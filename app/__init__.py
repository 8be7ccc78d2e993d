"""Hearsight: structured observations from the courtroom, and fairness findings that lead back to them."""

__version__ = "0.1.0"
