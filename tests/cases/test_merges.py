"""Two participants who are one person are merged with a reason, and parted again; no chain ever becomes a circle."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.cases.models import ParticipantMerge
from app.kit.crypto import Place, open_
from app.kit.ids import new_id
from tests.support.audit import Audit
from tests.support.monitored import codes
from tests.support.named import Named
from tests.support.refusals import nothing_written, verify_journal

pytestmark = pytest.mark.one_server

GROUP = {"stands_for": "group", "count": None}
SOMEBODY = {"stands_for": "person", "count": 1}


@pytest.fixture
def named(running):
    return Named(running)


def test_a_merged_participant_stays_and_says_who_it_is(named):
    person = named.somebody()
    answer = named.merge(person, named.participant)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert answer.json() == named.shown(person) == {**person, "merged_into": named.participant["id"], "version": 2}
    assert named.shown(named.participant) == named.participant
    assert len(named.listed("participants", case_id=named.case["id"])) == 2


def test_unmerging_leaves_everything_as_it_was(named):
    person = named.somebody("Жүсіпов Сәкен")
    before = named.shown(person)
    named.merge(person, named.participant)
    answer = named.unmerge(person)
    assert answer.status_code == 200
    assert answer.json() == {**before, "version": 3}
    assert codes(named.unmerge(person)) == ["not_merged"]


def test_the_reason_is_kept_sealed_and_the_journal_tells_ids(named):
    person = named.somebody()
    named.merge(person, named.participant, "Amberova is Saipan")
    named.unmerge(person, "Amberova is not Saipan")
    merged, unmerged = named.told("participant.merged", "participant.unmerged")
    assert [merged[0], unmerged[0]] == ["participant.merged", "participant.unmerged"]
    for _, leaf in (merged, unmerged):
        assert (leaf["id"], leaf["case"]) == (person["id"], named.case["id"])
        assert leaf["facts"]["into"] == named.participant["id"]
        assert leaf["facts"]["into_code"] == named.participant["code"]
        assert "mberov" not in str(leaf)
    with named.server.store.read() as session:
        rows = session.connection().execute(sa.select(ParticipantMerge).order_by(ParticipantMerge.id)).all()
    kept = [each for each in rows if str(each.participant_id) == person["id"]]
    assert [each.what for each in kept] == ["merged", "unmerged"]
    place = Place(kept[0].programme_id, "participant_merge", "reason", kept[0].id)
    assert open_(named.server.store.keys.identity, place, kept[0].reason).plaintext == b"Amberova is Saipan"


def test_a_merge_into_somebody_merged_is_a_merge_into_the_end(named):
    a, b, c, d = (named.somebody() for _ in range(4))
    named.merge(a, b)
    named.merge(b, c)
    assert named.merge(d, a).json()["merged_into"] == c["id"]
    assert [named.shown(each)["merged_into"] for each in (a, b, c, d)] == [c["id"], c["id"], None, c["id"]]
    named.unmerge(b)
    assert [named.shown(each)["merged_into"] for each in (a, b, c, d)] == [b["id"], None, None, c["id"]]


def test_nobody_is_merged_into_oneself_whatever_the_way_round(named):
    a, b, c = (named.somebody() for _ in range(3))
    named.merge(a, b)
    named.merge(b, c)
    with nothing_written(named.server):
        for person, into in ((a, a), (c, a), (c, b), (c, c), (b, a)):
            refused = named.merge(person, into)
            assert (refused.status_code, codes(refused)) == (409, ["merge_cycle"]), (person["code"], into["code"])


def test_the_same_again_changes_nothing_and_another_has_to_wait(named):
    a, b, c = (named.somebody() for _ in range(3))
    first = named.merge(a, b).json()
    with nothing_written(named.server):
        assert named.merge(a, b).json() == first
        assert codes(named.merge(a, c)) == ["already_merged"]
    named.unmerge(a)
    assert named.merge(a, c).json()["merged_into"] == c["id"]


def test_only_people_of_one_case_are_one(named, running):
    elsewhere = named.somebody(case_id=named.make("cases")["id"])
    stranger = Named(running).participant
    with nothing_written(named.server):
        for other in (elsewhere, stranger, {"id": str(new_id())}):
            assert codes(named.merge(named.participant, other)) == ["not_found", "/into not_found"]
        assert named.merge(stranger, named.participant).status_code == 404


def test_a_coordinator_reads_again_why_and_auditors_see_that_she_did(named):
    person, other = named.somebody(), named.somebody()
    named.merge(person, named.participant, reason="One date of birth.")
    named.unmerge(person, reason="Two dates of birth.")
    named.merge(other, named.participant, reason="One face.")
    path = f"/v1/participants/{named.participant['id']}/merges"
    items = named.server.get(path, token=named.token).json()["items"]
    found = [(each["what"], each["participant"], each["into"], each["by"], each["reason"]) for each in items]
    into, by = named.participant["code"], named.programme.coordinator.code
    assert found == [
        ("merged", person["code"], into, by, "One date of birth."),
        ("unmerged", person["code"], into, by, "Two dates of birth."),
        ("merged", other["code"], into, by, "One face."),
    ]
    theirs = named.server.get(f"/v1/participants/{person['id']}/merges", token=named.token).json()["items"]
    assert theirs == items[:2]
    line = Audit(named.server, named.programme).lines(kind="reason", participant_id=other["id"])[-1]
    assert (line["event"], line["reader_code"]) == ("reason.shown", by)
    assert set(line["participant_ids"]) == {person["id"], other["id"], named.participant["id"]}


@pytest.mark.parametrize("role", ["observer", "analyst", "auditor", "custodian"])
def test_only_a_coordinator_merges(named, role):
    token = named.an_observer(role=role).token
    person = named.somebody()
    for answer in (named.merge(person, named.participant, token=token), named.unmerge(person, token=token)):
        assert (answer.status_code, codes(answer)) == (403, ["forbidden"])


def test_a_placeholder_turns_out_to_be_somebody_and_nobody_turns_into_one(named):
    unknown, other, group = (named.somebody(placeholder=each) for each in (SOMEBODY, SOMEBODY, GROUP))
    assert codes(named.merge(named.participant, unknown)) == ["not_relevant", "/into not_relevant"]
    assert named.merge(other, unknown).status_code == 200
    assert named.merge(unknown, named.participant).json()["merged_into"] == named.participant["id"]
    assert named.merge(group, named.participant).status_code == 200


@pytest.mark.parametrize("body", [{}, {"into": "x", "reason": "r"}, {"into": str(new_id())}, {"into": str(new_id()), "reason": "  "}])
def test_a_merge_says_whom_and_why(named, body):
    with nothing_written(named.server):
        assert named.server.post(f"/v1/participants/{named.participant['id']}/merge", body, token=named.token).status_code == 422


def test_whoever_is_named_in_a_merge_stays(named):
    a, b = named.somebody(), named.somebody()
    named.merge(a, b)
    for _ in range(2):
        assert codes(named.delete("participants", a)) == codes(named.delete("participants", b)) == ["in_use"]
        named.unmerge(a)


def test_a_merged_participant_can_be_edited_contested_and_have_an_outcome(named):
    person = named.somebody()
    named.merge(person, named.participant)
    assert named.patch("participants", person, {"is_protected": True}).json()["merged_into"] == named.participant["id"]
    assert named.contest(person).status_code == 201
    assert named.make("outcomes", participant_id=person["id"])["participant_id"] == person["id"]
    assert named.identify(person, "Жүсіпов Сәкен").status_code == 204


def test_merges_at_once_close_no_circle(named):
    people = [named.somebody() for _ in range(4)]
    pairs = [(one, other) for one in people for other in people if one is not other]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pair: named.merge(*pair), pairs))
    assert {each.status_code for each in answers} <= {200, 409}
    ends = {each["id"]: named.shown(each)["merged_into"] for each in people}
    standing = [found for found, end in ends.items() if end is None]
    assert len(standing) >= 1
    assert {end for end in ends.values() if end is not None} <= set(standing)
    verify_journal(named.server)
