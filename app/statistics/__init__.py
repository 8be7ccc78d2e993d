"""Official statistics as printed, recomputed and set beside what was observed."""
