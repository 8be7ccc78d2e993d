"""What can go wrong with people, sessions and programmes."""

from app.kit.errors import CATALOGUE

UNSUPPORTED_GRANT_TYPE = CATALOGUE.kind("unsupported_grant_type", 400)
INVALID_CLIENT = CATALOGUE.kind("invalid_client", 401)
INVALID_CREDENTIALS = CATALOGUE.kind("invalid_credentials", 401)
ALREADY_MEMBER = CATALOGUE.kind("already_member", 409)
LAST_COORDINATOR = CATALOGUE.kind("last_coordinator", 409)
SLUG_TAKEN = CATALOGUE.kind("slug_taken", 409)
CODE_USED = CATALOGUE.kind("code_used", 409)
CODE_EXPIRED = CATALOGUE.kind("code_expired", 410)
CODE_WITHDRAWN = CATALOGUE.kind("code_withdrawn", 410)
TOO_MANY_REQUESTS = CATALOGUE.kind("too_many_requests", 429)

NOT_AN_OBSERVER = CATALOGUE.fault("not_an_observer")
WEAK_PASSWORD = CATALOGUE.fault("weak_password")
