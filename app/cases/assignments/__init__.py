"""Assignments: who observes which hearing or case."""
