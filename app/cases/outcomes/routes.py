"""HTTP for outcomes."""

from app.cases.access import COORDINATORS, READERS
from app.cases.outcomes import service
from app.cases.outcomes.schemas import NewOutcome, OutcomeChanges, OutcomeShown
from app.cases.outcomes.service import OUTCOMES
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf

api = router("cases")


@api.post("/outcomes", status_code=201)
@allow(COORDINATORS)
def create_outcome(body: NewOutcome, caller: Caller, store: StoreOf, reply: ReplyOf) -> OutcomeShown:
    """Add what a document shows of the outcome for a participant or for a group."""
    return reply.created(store.write(lambda session: service.create_outcome(session, caller, body)))


@api.get("/outcomes")
@allow(READERS)
def list_outcomes(caller: Caller, window: WindowOf, programme_id: Id | None = None, case_id: Id | None = None) -> Page[OutcomeShown]:
    """Outcomes in the order in which they were entered."""
    with window.store.read() as session:
        return service.list_outcomes(session, caller, window, case_id, programme_id=programme_id)


@api.get("/outcomes/{outcome_id}")
@allow(READERS)
def get_outcome(outcome_id: Id, caller: Caller, store: StoreOf, reply: ReplyOf) -> OutcomeShown:
    """One outcome."""
    with store.read() as session:
        return reply.tagged(OUTCOMES.get(session, caller, outcome_id))


@api.patch("/outcomes/{outcome_id}")
@allow(COORDINATORS)
def change_outcome(
    outcome_id: Id, body: OutcomeChanges, caller: Caller, store: StoreOf, reply: ReplyOf, *, if_match: IfMatch = None
) -> OutcomeShown:
    """Change an outcome, which has to hold together as a whole; what is left out stays."""
    return reply.tagged(store.write(lambda session: service.change_outcome(session, caller, outcome_id, body, if_match)))


@api.delete("/outcomes/{outcome_id}", status_code=204)
@allow(COORDINATORS)
def delete_outcome(outcome_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Delete an outcome."""
    store.write(lambda session: OUTCOMES.remove(session, caller, outcome_id, if_match))
