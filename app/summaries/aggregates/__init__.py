"""Numbers over many cases: what is counted, along which dimensions, from sums that were made when each case was folded."""
