"""HTTP for merges."""

from app.cases.access import COORDINATORS
from app.cases.merges import service
from app.cases.merges.schemas import MergeBody, MergeShown, UnmergeBody
from app.cases.participants.schemas import ParticipantShown
from app.cases.reasons import noted_first
from app.cases.sealing import Keeper
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf

api = router("cases")


@api.post("/participants/{participant_id}/merge")
@allow(COORDINATORS)
def merge_participant(participant_id: Id, body: MergeBody, caller: Caller, store: StoreOf, reply: ReplyOf) -> ParticipantShown:
    """Let a participant be another one of the same case. Its id stays good; figures count one person from now on."""
    keeper = Keeper(caller, store.keys.identity)
    return reply.tagged(store.write(lambda session: service.merge_participant(session, keeper, participant_id, body)))


@api.post("/participants/{participant_id}/unmerge")
@allow(COORDINATORS)
def unmerge_participant(participant_id: Id, body: UnmergeBody, caller: Caller, store: StoreOf, reply: ReplyOf) -> ParticipantShown:
    """Let a participant be a person of its own again."""
    keeper = Keeper(caller, store.keys.identity)
    return reply.tagged(store.write(lambda session: service.unmerge_participant(session, keeper, participant_id, body.reason)))


@api.get("/participants/{participant_id}/merges")
@allow(COORDINATORS)
def list_merges(participant_id: Id, caller: Caller, window: WindowOf) -> Page[MergeShown]:
    """What was merged into a participant or the participant into whom, and undone, by whom and why. That reasons were read is noted."""
    keeper = Keeper(caller, window.store.keys.identity)
    return noted_first(window.store, lambda session: service.list_merges(session, keeper, window, participant_id))
