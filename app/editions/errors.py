"""What can go wrong with editions, beyond what can go wrong anywhere."""

from app.kit.errors import CATALOGUE

PROVISIONAL = CATALOGUE.fault("provisional")
