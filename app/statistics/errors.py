"""What can go wrong with official statistics, beyond what can go wrong anywhere."""

from app.kit.errors import CATALOGUE

UNKNOWN_COLUMN = CATALOGUE.fault("unknown_column")
NOTHING_TO_CLAIM_OF = CATALOGUE.fault("nothing_to_claim_of")
