"""People who have names, entered, looked for, opened and merged over HTTP."""

from uuid import UUID

import orjson
from sqlmodel import col, select

from app.journal.models import JournalEntry
from tests.support.monitored import Docket


class Named(Docket):
    """A docket whose participants are somebody."""

    def __init__(self, server, **options) -> None:
        super().__init__(server, **options)
        self.custodian = self.an_observer(role="custodian")

    def identify(self, participant, *names, token=None, contact=None, **options):
        """The answer to entering who a participant is."""
        body = {"names": [{"text": name} for name in names], **({"contact": contact} if contact else {})}
        return self.server.put(f"/v1/participants/{participant['id']}/identity", body, token=token or self.token, **options)

    def somebody(self, *names, **fields):
        """A new participant, with names where any are given."""
        made = self.make("participants", **fields)
        assert not names or self.identify(made, *names).status_code == 204
        return made

    def reveal(self, participant, reason="The registry asks.", token=None):
        path = f"/v1/participants/{participant['id']}/identity/reveal"
        return self.server.post(path, {"reason": reason}, token=token or self.custodian.token)

    def match(self, name, token=None, **fields):
        body = {"programme_id": self.programme.id, "name": name, **fields}
        return self.server.post("/v1/participants/match", body, token=token or self.token)

    def found(self, name, **fields):
        """Who may be meant, as (code, level)."""
        answer = self.match(name, **fields)
        assert answer.status_code == 200, answer.text
        return [(each["code"], each["level"]) for each in answer.json()["candidates"]]

    def merge(self, participant, into, reason="One date of birth.", token=None):
        body = {"into": into["id"], "reason": reason}
        return self.server.post(f"/v1/participants/{participant['id']}/merge", body, token=token or self.token)

    def unmerge(self, participant, reason="Two dates of birth.", token=None):
        return self.server.post(f"/v1/participants/{participant['id']}/unmerge", {"reason": reason}, token=token or self.token)

    def shown(self, participant):
        """A participant as it stands now."""
        return self.get("participants", participant).json()

    def told(self, *kinds):
        """The entries of the programme's log of some kinds: kind, and what the leaf holds."""
        with self.server.store.read() as session:
            query = select(JournalEntry).where(JournalEntry.log == UUID(self.programme.id), col(JournalEntry.kind).in_(kinds))
            return [(each.kind, orjson.loads(each.leaf)) for each in session.exec(query.order_by(col(JournalEntry.seq)))]
