"""Notes: what a coordinator read somewhere."""
