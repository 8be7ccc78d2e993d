"""HTTP for names. None of them stands in an address, and none leaves but by `reveal`."""

from starlette.responses import Response

from app.cases.access import COORDINATORS, CUSTODIANS
from app.cases.identities import service
from app.cases.identities.schemas import Candidates, IdentityBody, IdentityOpened, NameSought, RevealBody
from app.cases.sealing import Keeper
from app.kit import etags
from app.kit.access import Caller, allow, router
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.store import StoreOf

api = router("cases")


@api.put("/participants/{participant_id}/identity", status_code=204)
@allow(COORDINATORS)
def write_identity(
    participant_id: Id, body: IdentityBody, caller: Caller, store: StoreOf, response: Response, *, if_match: IfMatch = None
) -> None:
    """Enter who a participant is. It is sealed at once, and nothing of it comes back."""
    keeper = Keeper(caller, store.keys.identity)
    version = store.write(lambda session: service.write_identity(session, keeper, participant_id, body, if_match))
    response.headers["ETag"] = etags.tag(version)


@api.post("/participants/{participant_id}/identity/reveal")
@allow(CUSTODIANS)
def reveal_identity(participant_id: Id, body: RevealBody, caller: Caller, store: StoreOf) -> IdentityOpened:
    """Open who a participant is, for a reason. That it was opened, by whom, stands in the journal."""
    keeper = Keeper(caller, store.keys.identity)
    return store.write(lambda session: service.reveal_identity(session, keeper, participant_id, body.reason))


@api.post("/participants/match")
@allow(COORDINATORS)
def match_name(body: NameSought, caller: Caller, store: StoreOf) -> Candidates:
    """Who may be meant by a name, by code, with a reason in words. Nobody is merged."""
    keeper = Keeper(caller, store.keys.identity)
    with store.read() as session:
        found = service.match_name(session, keeper, body)
    store.write(lambda session: service.note_search(session, keeper, body, found))
    return found
