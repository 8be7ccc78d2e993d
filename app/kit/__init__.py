"""The framework under the product; it knows no court."""
