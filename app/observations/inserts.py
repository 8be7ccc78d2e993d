"""What intake writes of filings, table by table: the columns in the order of their rows, and those that most rows leave empty."""

from app.kit.database import BulkInsert
from app.observations.models import Citation, Mark, Observation, Tally

OBSERVATIONS = BulkInsert(
    Observation,
    (
        "programme_id",
        "id",
        "case_id",
        "hearing_id",
        "member_id",
        "origin",
        "form",
        "form_code",
        "form_version",
        "captured_at",
        "received_at",
        "has_clock_skew",
        "supersedes",
        "answers",
        "narrative",
        "answers_salt",
        "narrative_salt",
        "content_mac",
        "status",
        "held_code",
        "root_id",
        "replaces",
        "accepted_at",
        "skew_seconds",
        "is_late",
        "updated_at",
    ),
    rare=("form_code", "supersedes", "held_code", "replaces", "accepted_at", "skew_seconds"),
)
MARKS = BulkInsert(
    Mark,
    (
        "programme_id",
        "observation_id",
        "n",
        "indicator",
        "unit",
        "value",
        "basis",
        "participant_id",
        "document_id",
        "informant_role",
        "informant",
        "aspect",
        "listed",
    ),
    rare=("participant_id", "document_id", "informant_role", "informant", "aspect", "listed"),
)
CITATIONS = BulkInsert(Citation, ("programme_id", "observation_id", "n", "participant_id", "document_id"))
TALLY = BulkInsert(Tally, ("programme_id", "case_id", "hearing_id", "form", "indicator", "value", "status", "n"))
