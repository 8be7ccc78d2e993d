"""What is monitored: courts, cases, hearings, participants, documents, outcomes, notes, and who observes what."""
