"""Participants of a case who are one person: merged by a coordinator with a reason, and parted again; never by the machine."""
