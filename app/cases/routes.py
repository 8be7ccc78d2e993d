"""HTTP for everything that is monitored: the routers of each kind of thing."""

from app.cases.assignments import routes as assignments
from app.cases.casefiles import routes as casefiles
from app.cases.courts import routes as courts
from app.cases.documents import routes as documents
from app.cases.hearings import routes as hearings
from app.cases.identities import routes as identities
from app.cases.merges import routes as merges
from app.cases.notes import routes as notes
from app.cases.outcomes import routes as outcomes
from app.cases.participants import routes as participants

ROUTERS = (
    courts.api,
    casefiles.api,
    hearings.api,
    participants.api,
    identities.api,
    merges.api,
    assignments.api,
    documents.api,
    outcomes.api,
    notes.api,
)
