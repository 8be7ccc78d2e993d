"""HTTP for hearings."""

from app.cases.access import COORDINATORS, READERS
from app.cases.hearings import service
from app.cases.hearings.schemas import HearingChanges, HearingShown, LockReason, LockShown, NewHearing
from app.cases.hearings.service import HEARINGS
from app.cases.reasons import noted_first
from app.cases.sealing import Keeper
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import Search, WindowOf

api = router("cases")


@api.post("/hearings", status_code=201)
@allow(COORDINATORS)
def create_hearing(body: NewHearing, caller: Caller, store: StoreOf, reply: ReplyOf) -> HearingShown:
    """Add a hearing to a case."""
    return reply.created(store.write(lambda session: service.create_hearing(session, caller, body)))


@api.get("/hearings")
@allow(READERS)
def list_hearings(
    caller: Caller, window: WindowOf, programme_id: Id | None = None, case_id: Id | None = None, q: Search = None
) -> Page[HearingShown]:
    """Hearings by date."""
    with window.store.read() as session:
        return service.list_hearings(session, caller, window, case_id, programme_id=programme_id, q=q)


@api.get("/hearings/{hearing_id}")
@allow(READERS)
def get_hearing(hearing_id: Id, caller: Caller, store: StoreOf, reply: ReplyOf) -> HearingShown:
    """One hearing."""
    with store.read() as session:
        return reply.tagged(HEARINGS.get(session, caller, hearing_id))


@api.patch("/hearings/{hearing_id}")
@allow(COORDINATORS)
def change_hearing(
    hearing_id: Id, body: HearingChanges, caller: Caller, store: StoreOf, reply: ReplyOf, *, if_match: IfMatch = None
) -> HearingShown:
    """Change a hearing; what is left out stays."""
    return reply.tagged(store.write(lambda session: service.change_hearing(session, caller, hearing_id, body, if_match)))


@api.post("/hearings/{hearing_id}/lock")
@allow(COORDINATORS)
def lock_hearing(hearing_id: Id, body: LockReason, caller: Caller, store: StoreOf, reply: ReplyOf) -> HearingShown:
    """Lock a hearing: what observers file, correct or withdraw of it counts only through review from now on, whatever is trusted.

    Nothing that they send is refused or lost: it waits under the flag `hearing_locked`. What counts cannot be withdrawn by them.
    """
    keeper = Keeper(caller, store.keys.identity)
    return reply.tagged(store.write(lambda session: service.lock_hearing(session, keeper, hearing_id, body.reason)))


@api.post("/hearings/{hearing_id}/unlock")
@allow(COORDINATORS)
def unlock_hearing(hearing_id: Id, body: LockReason, caller: Caller, store: StoreOf, reply: ReplyOf) -> HearingShown:
    """Unlock a hearing. What came while it was locked still waits for review."""
    keeper = Keeper(caller, store.keys.identity)
    return reply.tagged(store.write(lambda session: service.unlock_hearing(session, keeper, hearing_id, body.reason)))


@api.get("/hearings/{hearing_id}/locks")
@allow(COORDINATORS)
def list_locks(hearing_id: Id, caller: Caller, window: WindowOf) -> Page[LockShown]:
    """When a hearing was locked and unlocked, by whom and why. Reasons are sealed: that they were read is noted."""
    keeper = Keeper(caller, window.store.keys.identity)
    return noted_first(window.store, lambda session: service.list_locks(session, keeper, window, hearing_id))


@api.delete("/hearings/{hearing_id}", status_code=204)
@allow(COORDINATORS)
def delete_hearing(hearing_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Delete a hearing that nothing hangs on."""
    store.write(lambda session: HEARINGS.remove(session, caller, hearing_id, if_match))
