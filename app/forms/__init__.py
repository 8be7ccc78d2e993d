"""The forms that a programme fills, its own ones included, and all that a phone is given so that it can fill them without a network."""
