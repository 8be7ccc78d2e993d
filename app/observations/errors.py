"""What can go wrong with an observation."""

from app.kit.errors import CATALOGUE

ID_CONFLICT = CATALOGUE.kind("id_conflict", 409)
HELD = CATALOGUE.kind("held", 409)
NOT_RETURNED = CATALOGUE.kind("not_returned", 409)
NOT_HELD = CATALOGUE.kind("not_held", 409)
HEARING_LOCKED = CATALOGUE.kind("hearing_locked", 409)
WITHDRAWN = CATALOGUE.kind("withdrawn", 409)

INVALID_SUPERSEDES = CATALOGUE.fault("invalid_supersedes")

# Why an observation is held. They stand beside the status 202 `held`, and as codes of batch results.
UNKNOWN_FORM_VERSION = CATALOGUE.fault("unknown_form_version")
NOT_ASSIGNED = CATALOGUE.fault("not_assigned")
BASE_MISSING = CATALOGUE.fault("base_missing")
BASE_WITHDRAWN = CATALOGUE.fault("base_withdrawn")
