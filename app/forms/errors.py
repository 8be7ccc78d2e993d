"""What can go wrong with a programme's own forms."""

from app.kit.errors import CATALOGUE

FORM_PUBLISHED = CATALOGUE.kind("form_published", 409)

UNKNOWN_QUESTION = CATALOGUE.fault("unknown_question")
TYPE_CHANGED = CATALOGUE.fault("type_changed")
UNSUPPORTED = CATALOGUE.fault("unsupported")
UNREADABLE_WORKBOOK = CATALOGUE.fault("unreadable_workbook")
WORKBOOK_TOO_LARGE = CATALOGUE.fault("workbook_too_large")
NOT_RELEVANT = CATALOGUE.fault("not_relevant")
