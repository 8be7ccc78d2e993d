"""Participants of a case under their codes, and the roles that sources give them."""
