"""What can go wrong with decisions, beyond what can go wrong anywhere."""

from app.kit.errors import CATALOGUE

NOT_RELEVANT = CATALOGUE.fault("not_relevant")
NOTHING_TO_CONFIRM = CATALOGUE.kind("nothing_to_confirm", 409)
