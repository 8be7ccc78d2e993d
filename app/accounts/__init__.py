"""People who sign in, their sessions, and what they are in which programme."""
