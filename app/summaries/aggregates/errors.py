"""What can go wrong with aggregates."""

from app.kit.errors import CATALOGUE

FOLDING = CATALOGUE.kind("folding", 503)
