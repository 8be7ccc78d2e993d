"""HTTP for cases."""

from app.cases.access import COORDINATORS, READERS
from app.cases.casefiles import service
from app.cases.casefiles.schemas import CaseChanges, CaseShown, NewCase
from app.cases.casefiles.service import CASES
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import Search, WindowOf

api = router("cases")


@api.post("/cases", status_code=201)
@allow(COORDINATORS)
def create_case(body: NewCase, caller: Caller, store: StoreOf, reply: ReplyOf) -> CaseShown:
    """Add a case to a programme."""
    return reply.created(store.write(lambda session: service.create_case(session, caller, body)))


@api.get("/cases")
@allow(READERS)
def list_cases(
    caller: Caller, window: WindowOf, programme_id: Id | None = None, court_id: Id | None = None, q: Search = None
) -> Page[CaseShown]:
    """Cases by code."""
    with window.store.read() as session:
        return service.list_cases(session, caller, window, court_id, programme_id=programme_id, q=q)


@api.get("/cases/{case_id}")
@allow(READERS)
def get_case(case_id: Id, caller: Caller, store: StoreOf, reply: ReplyOf) -> CaseShown:
    """One case."""
    with store.read() as session:
        return reply.tagged(CASES.get(session, caller, case_id))


@api.patch("/cases/{case_id}")
@allow(COORDINATORS)
def change_case(case_id: Id, body: CaseChanges, caller: Caller, store: StoreOf, reply: ReplyOf, *, if_match: IfMatch = None) -> CaseShown:
    """Change a case; what is left out stays."""
    return reply.tagged(store.write(lambda session: service.change_case(session, caller, case_id, body, if_match)))


@api.delete("/cases/{case_id}", status_code=204)
@allow(COORDINATORS)
def delete_case(case_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Delete a case that nothing hangs on."""
    store.write(lambda session: CASES.remove(session, caller, case_id, if_match))
