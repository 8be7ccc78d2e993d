"""Documents that can be cited."""
