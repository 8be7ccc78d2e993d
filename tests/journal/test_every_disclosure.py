"""No way out that carries a narrative or a name goes unnoted: every route is taken, and every answer looked through."""

import pytest
import sqlalchemy as sa

from app.journal.models import Disclosure
from tests.support.every_route import every_route
from tests.support.house import document
from tests.support.in_earnest import House
from tests.support.trial import FACT

NARRATIVE, NAME = "He showed bruises on both arms", "Bekova"


def schemas_in(schema):
    """A schema and every schema within it, references followed."""
    seen, waiting = set(), [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            if (name := each.get("$ref")) is not None and name not in seen:
                seen.add(name)
                waiting.append(document()["components"]["schemas"][name.rpartition("/")[2]])
            yield each
            waiting += each.values()


def disclosing():
    """Every route whose answer can hold what must be noted, with what that is, as the OpenAPI document says."""
    found = {}
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            marks = {each["x-discloses"] for answer in answers for each in schemas_in(answer) if "x-discloses" in each}
            if marks:
                found[f"{method.upper()} {path}"] = marks
    return found


def noted(server):
    """How many showings of each kind are noted."""
    with server.store.read() as session:
        return dict(session.connection().execute(sa.select(Disclosure.what, sa.func.count()).group_by(Disclosure.what)).all())


@pytest.fixture
def house(server, monkeypatch):
    monkeypatch.setitem(FACT, "note", NARRATIVE)
    return House(server)


def reasoned(house, path):
    """What a route needs that tells why something was done: that it was done."""
    if path.endswith("/locks"):
        hearing = house.made("hearings")["id"]
        house.post(f"hearings/{hearing}/lock", {"reason": "All of it was read."})
        return {"hearing_id": hearing}
    if path.endswith("/merges"):
        one, other = (house.made("participants")["id"] for _ in range(2))
        house.post(f"participants/{one}/merge", {"into": other, "reason": "One date of birth."})
        return {"participant_id": one}
    return {}


def taken(house, method, path, route):
    """The answer to a route that is taken in earnest, on an observation that nobody was shown yet."""
    house.things.ids["observation_id"] = house.things.filed()
    house.things.ids["attachment_id"] = house.things.attached()
    if path.endswith("/differences"):
        corrected = house.things.observation(supersedes=house.things.ids["observation_id"], answers={**FACT, "note": f"{NARRATIVE} Twice."})
        assert house.server.post("/v1/observations", corrected, token=house.things.token).status_code == 201
    if method != "GET":
        return house.carry_out(f"{method} {path}")
    known = {"right": "language_interpreter", "number": "1", "key": "coverage.hearings_known"}
    known |= reasoned(house, path)
    address = house.things.path(path, **(known if "/programmes/" in path else {**known, "key": "complaints.total"}))
    return house.server.get(address, token=house.things.token_for(route), params=house.things.needed(route))


def test_every_answer_with_a_narrative_or_a_name_in_it_was_noted_and_is_marked(house):
    marked, showing = disclosing(), {}
    for method, path, route in every_route():
        before = noted(house.server)
        answer = taken(house, method, path, route)
        shown = {kind for kind, canary in (("narrative", NARRATIVE), ("identity", NAME)) if canary in answer.text}
        grown = {kind for kind, n in noted(house.server).items() if n > before.get(kind, 0)}
        address = f"{method} {path}"
        assert shown <= grown, address
        assert shown <= marked.get(address, set()), address
        assert marked.get(address, set()) <= grown, (address, answer.status_code, answer.text)
        if shown:
            showing[address] = shown
    narratives = {address for address, kinds in showing.items() if "narrative" in kinds}
    assert narratives == {address for address, kinds in marked.items() if "narrative" in kinds}
    assert {address for address, kinds in showing.items() if "identity" in kinds} == {IDENTITY}


IDENTITY = "POST /v1/participants/{participant_id}/identity/reveal"


def test_what_is_marked_is_what_people_expect():
    """The list in the how-to is this one."""
    one = "/v1/observations/{observation_id}"
    narratives = {f"GET {one}", f"GET {one}/differences", *(f"POST {one}/{act}" for act in ("review", "release", "withdraw", "answer"))}
    assert {address for address, kinds in disclosing().items() if kinds == {"narrative"}} == narratives
    files = {f"GET /v1/attachments/{{attachment_id}}/{part}" for part in ("content", "thumbnail", "copy")}
    assert {address for address, kinds in disclosing().items() if kinds == {"attachment"}} == files
    reasons = {"GET /v1/hearings/{hearing_id}/locks", "GET /v1/participants/{participant_id}/merges"}
    assert {address for address, kinds in disclosing().items() if kinds == {"reason"}} == reasons
    assert {address for address, kinds in disclosing().items() if kinds == {"identity"}} == {IDENTITY, "POST /v1/participants/match"}
