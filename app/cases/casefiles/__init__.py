"""Cases: the trials that a programme follows."""
