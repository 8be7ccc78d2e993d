"""Courts, with the time zone that hearings go by."""
