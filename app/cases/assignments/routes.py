"""HTTP for assignments. There is nothing to change of one: it is deleted, and another one made."""

from app.cases.access import COORDINATORS
from app.cases.assignments import service
from app.cases.assignments.schemas import AssignmentShown, NewAssignment
from app.cases.assignments.service import ASSIGNMENTS
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf

api = router("cases")


@api.post("/assignments", status_code=201)
@allow(COORDINATORS)
def create_assignment(body: NewAssignment, caller: Caller, store: StoreOf, reply: ReplyOf) -> AssignmentShown:
    """Assign a member to a hearing, or to a case with its hearings."""
    return reply.located(store.write(lambda session: service.create_assignment(session, caller, body)))


@api.get("/assignments")
@allow(COORDINATORS)
def list_assignments(
    caller: Caller,
    window: WindowOf,
    *,
    programme_id: Id | None = None,
    case_id: Id | None = None,
    hearing_id: Id | None = None,
    member_id: Id | None = None,
) -> Page[AssignmentShown]:
    """Assignments in the order in which they were made; those of a case include those of its hearings."""
    with window.store.read() as session:
        return service.list_assignments(
            session, caller, window, programme_id=programme_id, case_id=case_id, hearing_id=hearing_id, member_id=member_id
        )


@api.get("/assignments/{assignment_id}")
@allow(COORDINATORS)
def get_assignment(assignment_id: Id, caller: Caller, store: StoreOf) -> AssignmentShown:
    """One assignment."""
    with store.read() as session:
        return ASSIGNMENTS.get(session, caller, assignment_id)


@api.delete("/assignments/{assignment_id}", status_code=204)
@allow(COORDINATORS)
def delete_assignment(assignment_id: Id, caller: Caller, store: StoreOf) -> None:
    """Take an assignment back; what was filed under it stays."""
    store.write(lambda session: ASSIGNMENTS.remove(session, caller, assignment_id))
