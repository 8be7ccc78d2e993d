"""What is monitored, made over HTTP: a programme with a court, a case, a hearing, a participant and a document. Valid by default."""

import re
from itertools import count
from uuid import uuid4

from app.taxonomy.catalogue import current
from tests.support.forms import all_clear
from tests.support.leaks import STORY
from tests.support.people import a_member, a_programme, sign_in

_numbers = count(1)
THINGS = ("courts", "cases", "hearings", "participants", "assignments", "documents", "outcomes", "notes")
EDITABLE = tuple(thing for thing in THINGS if thing != "assignments")


class Docket:
    """A programme in which every kind of thing can be made with what it needs."""

    def __init__(self, server, **options) -> None:
        self.server = server
        self.programme = a_programme(server, **options)
        self.token = self.programme.token
        self.court = self.make("courts")
        self.case = self.make("cases")
        self.participant = self.make("participants")
        self.hearing = self.make("hearings")
        self.document = self.make("documents")

    def post(self, thing, **fields):
        """The answer to making a thing; `...` leaves a field out."""
        body = {name: value for name, value in {**self.body(thing), **fields}.items() if value is not ...}
        return self.server.post(f"/v1/{thing}", body, token=self.token)

    def make(self, thing, **fields):
        """A thing, as it is shown."""
        answer = self.post(thing, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, thing, shown):
        return self.server.get(f"/v1/{thing}/{shown['id']}", token=self.token)

    def patch(self, thing, shown, changes, **options):
        return self.server.patch(f"/v1/{thing}/{shown['id']}", changes, token=self.token, **options)

    def delete(self, thing, shown, **options):
        return self.server.delete(f"/v1/{thing}/{shown['id']}", token=self.token, **options)

    def listed(self, thing, **query):
        answer = self.server.get(f"/v1/{thing}", token=self.token, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def an_observer(self, **options):
        return a_member(self.server, self.programme, **options)

    def contest(self, participant, role="witness", reading="B", locator="paragraph 7", source=None):
        source = source or {"document_id": self.document["id"], "locator": locator}
        body = {"role": role, "reading": reading, "source": source}
        return self.server.post(f"/v1/participants/{participant['id']}/roles", body, token=self.token)

    def file(self, observer):
        """The answer to a filing about the hearing, by somebody who is assigned to it."""
        where = {"case_id": self.case["id"], "hearing_id": self.hearing["id"], "supersedes": None}
        body = {"id": str(uuid4()), "form": "hearing", "form_version": current().version, **where}
        filed = {**body, "captured_at": "2012-04-02T13:00:00+05:00", "answers": all_clear()}
        return self.server.post("/v1/observations", filed, token=observer.token)

    def body(self, thing):
        """A body that makes a thing; codes never collide."""
        n = next(_numbers)
        return getattr(self, f"_{thing}")(n)

    def _courts(self, n):
        return {"programme_id": self.programme.id, "code": f"CT{n}", "label": "City court", "place": "Aktau", "timezone": "Asia/Aqtau"}

    def _cases(self, n):
        title = {"title": f"Riots, {STORY}", "charge_articles": ["241"], "monitoring": "partly"}
        return {"programme_id": self.programme.id, "code": f"T-{n}", "court_id": self.court["id"], **title}

    def _hearings(self, n):
        when = {"date": "2012-04-02", "instance": "first", "hearing_type": "opening", "status": "held"}
        return {"case_id": self.case["id"], "code": f"H-{n}", **when}

    def _participants(self, n):
        claims = {"is_anonymous": False, "is_protected": False, "named_in_source": True}
        return {"case_id": self.case["id"], "code": f"D{n}", "role": "defendant", **claims}

    def _documents(self, n):
        paper = {"kind": "judgment", "title": "Judgment of the first instance", "dated": "2012-06"}
        return {"programme_id": self.programme.id, "case_id": self.case["id"], "code": f"doc{n}", **paper}

    def _outcomes(self, _):
        person = self.make("participants")
        decided = {"instance": "first", "decided_on": "2012-06", "verdict": "convicted", "sentences": ["imprisonment"], "term_months": 84}
        return {"case_id": self.case["id"], "participant_id": person["id"], **decided, "source": self.source()}

    def _notes(self, n):
        said = {
            "kind": "stated_finding",
            "key": f"RV{n}",
            "statement": f"It was not fair, {STORY}.",
            "values": {"status": "stated_violation"},
        }
        return {"programme_id": self.programme.id, "case_id": self.case["id"], **said, "source": self.source()}

    def _assignments(self, _):
        return {"member_id": self.an_observer().member_id, "hearing_id": self.hearing["id"]}

    def source(self):
        return {"document_id": self.document["id"], "locator": "paragraph 13"}


def codes(answer):
    """The faults of an answer, as `pointer code`, and its own code first."""
    problem = answer.json()
    return [problem["code"], *(f"{each['pointer']} {each['code']}" for each in problem["errors"])]


def without_request_id(answer):
    """The bytes of a problem without what differs from request to request by design."""
    return re.sub(rb'"request_id":"[0-9a-f]*"', b"", answer.content)


class Play:
    """Sends the requests of a filings file; the ids that the server gives take the place of its symbols."""

    def __init__(self, server, operator, accounts) -> None:
        self.server, self.accounts, self.ids = server, accounts, {}
        self.tokens = {"OPERATOR": operator.token}

    def send(self, request):
        """The answer to one request."""
        path = re.sub(r"\$[a-z]+(?::[^/]+)?", lambda found: self.ids[found[0]], request["path"])
        answer = self.server.request(request["method"], path, json=self.with_ids(request["body"]), token=self.token_of(request["as"]))
        if "ref" in request and answer.status_code == 201:
            self.ids[request["ref"]] = answer.json()["id"]
        return answer

    def token_of(self, actor):
        if actor not in self.tokens:
            account = self.accounts[actor]
            self.tokens[actor] = sign_in(self.server, account["username"], account["password"]).json()["access_token"]
        return self.tokens[actor]

    def with_ids(self, value):
        if isinstance(value, dict):
            return {name: self.with_ids(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.with_ids(part) for part in value]
        return self.ids.get(value, value) if isinstance(value, str) else value
