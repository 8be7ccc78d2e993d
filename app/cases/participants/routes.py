"""HTTP for participants."""

from starlette.responses import Response

from app.cases.access import COORDINATORS, READERS
from app.cases.participants import service
from app.cases.participants.schemas import ContestedRole, NewParticipant, ParticipantChanges, ParticipantShown, RoleShown
from app.cases.participants.service import PARTICIPANTS
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import Search, WindowOf

api = router("cases")


@api.post("/participants", status_code=201)
@allow(COORDINATORS)
def create_participant(body: NewParticipant, caller: Caller, store: StoreOf, reply: ReplyOf) -> ParticipantShown:
    """Add a participant to a case, under a code."""
    return reply.created(store.write(lambda session: service.create_participant(session, caller, body)))


@api.get("/participants")
@allow(READERS)
def list_participants(
    caller: Caller, window: WindowOf, programme_id: Id | None = None, case_id: Id | None = None, q: Search = None
) -> Page[ParticipantShown]:
    """Participants by code, with their contested roles."""
    with window.store.read() as session:
        return service.list_participants(session, caller, window, case_id, programme_id=programme_id, q=q)


@api.get("/participants/{participant_id}")
@allow(READERS)
def get_participant(participant_id: Id, caller: Caller, store: StoreOf, reply: ReplyOf) -> ParticipantShown:
    """One participant."""
    with store.read() as session:
        return reply.tagged(PARTICIPANTS.get(session, caller, participant_id))


@api.patch("/participants/{participant_id}")
@allow(COORDINATORS)
def change_participant(
    participant_id: Id, body: ParticipantChanges, caller: Caller, store: StoreOf, reply: ReplyOf, *, if_match: IfMatch = None
) -> ParticipantShown:
    """Change a participant; what is left out stays."""
    return reply.tagged(store.write(lambda session: service.change_participant(session, caller, participant_id, body, if_match)))


@api.delete("/participants/{participant_id}", status_code=204)
@allow(COORDINATORS)
def delete_participant(participant_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Delete a participant that nothing hangs on, with its name."""
    store.write(lambda session: service.remove_participant(session, caller, participant_id, if_match))


@api.post(
    "/participants/{participant_id}/roles",
    status_code=201,
    responses={200: {"model": RoleShown, "description": "The same source said the same before."}},
)
@allow(COORDINATORS)
def contest_role(participant_id: Id, body: ContestedRole, caller: Caller, store: StoreOf, response: Response) -> RoleShown:
    """Enter the role that a source gives a participant, under the name of a reading; at most four readings in a case."""
    role, is_new = store.write(lambda session: service.contest_role(session, caller, participant_id, body))
    response.status_code = 201 if is_new else 200
    return role


@api.delete("/participants/{participant_id}/roles", status_code=204)
@allow(COORDINATORS)
def withdraw_same_role(participant_id: Id, body: ContestedRole, caller: Caller, store: StoreOf) -> None:
    """Take back a contested role, told by what was entered."""
    store.write(lambda session: service.withdraw_same_role(session, caller, participant_id, body))


@api.delete("/participants/{participant_id}/roles/{role_id}", status_code=204)
@allow(COORDINATORS)
def withdraw_role(participant_id: Id, role_id: Id, caller: Caller, store: StoreOf) -> None:
    """Take back a contested role, told by its id."""
    store.write(lambda session: service.withdraw_role(session, caller, participant_id, role_id))
