"""What coordinators decide about what was found: which side of a disagreement they take, and whether a grade stands."""
