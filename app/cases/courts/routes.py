"""HTTP for courts."""

from app.cases.access import COORDINATORS, READERS
from app.cases.courts import service
from app.cases.courts.schemas import CourtChanges, CourtShown, NewCourt
from app.cases.courts.service import COURTS
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import Search, WindowOf

api = router("cases")


@api.post("/courts", status_code=201)
@allow(COORDINATORS)
def create_court(body: NewCourt, caller: Caller, store: StoreOf, reply: ReplyOf) -> CourtShown:
    """Add a court to a programme."""
    return reply.created(store.write(lambda session: service.create_court(session, caller, body)))


@api.get("/courts")
@allow(READERS)
def list_courts(caller: Caller, window: WindowOf, programme_id: Id | None = None, q: Search = None) -> Page[CourtShown]:
    """Courts by code."""
    with window.store.read() as session:
        return COURTS.page(session, caller, window, programme_id=programme_id, q=q)


@api.get("/courts/{court_id}")
@allow(READERS)
def get_court(court_id: Id, caller: Caller, store: StoreOf, reply: ReplyOf) -> CourtShown:
    """One court."""
    with store.read() as session:
        return reply.tagged(COURTS.get(session, caller, court_id))


@api.patch("/courts/{court_id}")
@allow(COORDINATORS)
def change_court(
    court_id: Id, body: CourtChanges, caller: Caller, store: StoreOf, reply: ReplyOf, *, if_match: IfMatch = None
) -> CourtShown:
    """Change a court; what is left out stays."""
    return reply.tagged(store.write(lambda session: service.change_court(session, caller, court_id, body, if_match)))


@api.delete("/courts/{court_id}", status_code=204)
@allow(COORDINATORS)
def delete_court(court_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Delete a court that no case and no hearing names."""
    store.write(lambda session: COURTS.remove(session, caller, court_id, if_match))
