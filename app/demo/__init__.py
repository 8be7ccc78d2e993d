"""A demonstration: a trial played through the public API, and its summary as a readable page."""
