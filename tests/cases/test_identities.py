"""Names come in and stay sealed; a custodian opens them for a reason, and nobody else ever sees one."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.cases.models import Identity, IdentityReveal
from app.kit.crypto import Place, open_
from app.kit.ids import new_id
from tests.support.monitored import codes, without_request_id
from tests.support.named import Named
from tests.support.people import an_operator
from tests.support.refusals import lines, listening, nothing_written

pytestmark = pytest.mark.one_server

NAME, OTHER, CONTACT, REASON = "Амберова Сайпан", "Amberova Saipan", "Turmalin lane 7", "Because Amberova asked"
CANARIES = ("мберов", "mberov", "Сайпан", "Saipan", "Turmalin")


@pytest.fixture
def named(running):
    return Named(running)


def rows(named, table):
    with named.server.store.read() as session:
        return session.connection().execute(sa.select(table).where(table.programme_id == UUID(named.programme.id))).all()


def tamper(named, **columns):
    """Change the sealed row of the programme behind the server's back."""
    with Session(named.server.store.database.writing) as session:
        session.connection().execute(sa.update(Identity).where(Identity.programme_id == UUID(named.programme.id)).values(**columns))
        session.commit()


def test_names_go_in_and_come_out_for_a_custodian_with_a_reason(named):
    answer = named.identify(named.participant, NAME, OTHER, contact=CONTACT)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (204, b"", '"1"')
    opened = named.reveal(named.participant)
    assert opened.status_code == 200
    assert opened.headers["cache-control"] == "no-store"
    shown = opened.json()
    assert shown.pop("updated_at").endswith("Z")
    names = [{"text": NAME}, {"text": OTHER}]
    assert shown == {"participant_id": named.participant["id"], "names": names, "contact": CONTACT, "version": 1}


def test_a_participant_shows_only_that_there_is_a_name(named):
    assert named.participant["has_identity"] is False
    named.identify(named.participant, NAME, contact=CONTACT)
    shown = [named.get("participants", named.participant), named.server.get("/v1/participants", token=named.token)]
    assert shown[0].json()["has_identity"] is True
    assert [canary for canary in CANARIES if any(canary in answer.text for answer in shown)] == []


def test_entering_again_takes_the_place_of_what_stood(named):
    named.identify(named.participant, NAME, contact=CONTACT)
    assert named.identify(named.participant, OTHER).headers["etag"] == '"2"'
    shown = named.reveal(named.participant).json()
    assert (shown["names"], shown["contact"], shown["version"]) == ([{"text": OTHER}], None, 2)


def test_the_same_again_changes_nothing(named):
    named.identify(named.participant, NAME)
    with nothing_written(named.server):
        assert named.identify(named.participant, f"  {NAME} ").headers["etag"] == '"1"'


def test_an_edit_of_another_version_is_refused(named):
    assert codes(named.identify(named.participant, NAME, headers={"If-Match": '"1"'})) == ["stale_version"]
    named.identify(named.participant, NAME)
    stale = named.identify(named.participant, OTHER, headers={"If-Match": '"3"'})
    assert (stale.status_code, stale.json()["current_version"]) == (409, 1)
    assert named.identify(named.participant, OTHER, headers={"If-Match": '"1"'}).status_code == 204


def test_what_is_stored_is_sealed_and_padded(named):
    named.identify(named.participant, NAME, OTHER, contact=CONTACT)
    named.reveal(named.participant, REASON)
    (identity,), (reveal,) = rows(named, Identity), rows(named, IdentityReveal)
    assert {len(identity.sealed), len(reveal.reason)} == {17 + 256 + 16, 17 + 64 + 16}
    for text in (NAME, OTHER, CONTACT, REASON):
        assert text.encode() not in identity.sealed + reveal.reason
    place = Place(identity.programme_id, "identity_reveal", "reason", reveal.id)
    assert open_(named.server.store.keys.identity, place, reveal.reason).plaintext.decode() == REASON


def test_the_journal_tells_who_entered_opened_and_looked_and_no_word_of_it(named):
    named.identify(named.participant, NAME)
    named.reveal(named.participant, REASON)
    named.match(OTHER)
    written, revealed, searched = named.told("identity.written", "identity.revealed", "identity.searched")
    assert [each[0] for each in (written, revealed, searched)] == ["identity.written", "identity.revealed", "identity.searched"]
    assert {each[1]["id"] for each in (written, revealed)} == {named.participant["id"]}
    assert written[1]["actor"] == searched[1]["actor"] == named.programme.coordinator.member_id
    assert revealed[1]["actor"] == named.custodian.member_id
    assert searched[1]["facts"]["candidates"] == 1
    assert len(written[1]["facts"]["commitment"]) == len(revealed[1]["facts"]["commitment"]) == 64
    assert [canary for canary in CANARIES if canary in f"{written} {revealed} {searched}"] == []


def test_the_same_name_has_another_commitment_wherever_it_is_entered(named):
    for _ in range(2):
        named.somebody(NAME)
    first, second = named.told("identity.written")
    assert first[1]["facts"]["commitment"] != second[1]["facts"]["commitment"]


@pytest.mark.parametrize("role", ["observer", "analyst", "auditor", "coordinator"])
def test_only_a_custodian_opens_a_name(named, role):
    named.identify(named.participant, NAME)
    token = named.token if role == "coordinator" else named.an_observer(role=role).token
    with nothing_written(named.server):
        refused = named.reveal(named.participant, token=token)
    assert (refused.status_code, codes(refused)) == (403, ["forbidden"])


@pytest.mark.parametrize("role", ["observer", "analyst", "auditor", "custodian"])
def test_only_a_coordinator_enters_and_looks_for_names(named, role):
    token = named.an_observer(role=role).token
    with nothing_written(named.server):
        for answer in (named.identify(named.participant, NAME, token=token), named.match(NAME, token=token)):
            assert (answer.status_code, codes(answer)) == (403, ["forbidden"])


def test_people_of_another_programme_are_invisible(named, running):
    other = Named(running)
    named.identify(named.participant, NAME)
    strangers = (other.token, other.custodian.token, an_operator(running).token)
    for token in strangers:
        answers = [named.identify(named.participant, NAME, token=token), named.reveal(named.participant, token=token)]
        unknown = [named.identify({"id": new_id()}, NAME, token=token), named.reveal({"id": new_id()}, token=token)]
        assert {each.status_code for each in answers} == {404}
        assert list(map(without_request_id, answers)) == list(map(without_request_id, unknown))
    assert codes(named.match(NAME, token=other.token)) == ["not_found", "/programme_id not_found"]
    assert codes(named.match(NAME, case_id=other.case["id"])) == ["not_found", "/case_id not_found"]
    assert other.found(NAME) == []


def test_where_no_name_was_entered_nothing_can_be_opened(named):
    with nothing_written(named.server):
        assert named.reveal(named.participant).status_code == 404


def test_a_participant_goes_with_its_name_unless_it_was_opened(named):
    person, opened = named.somebody(NAME), named.somebody(OTHER)
    named.reveal(opened)
    assert named.delete("participants", person).status_code == 204
    assert codes(named.delete("participants", opened)) == ["in_use"]
    assert [str(each.participant_id) for each in rows(named, Identity)] == [opened["id"]]
    assert named.shown(opened)["has_identity"] is True


def test_a_row_moved_to_another_participant_does_not_open(named):
    named.identify(named.participant, NAME)
    other = named.make("participants")
    tamper(named, participant_id=UUID(other["id"]))
    with nothing_written(named.server):
        moved = named.reveal(other)
        assert (moved.status_code, codes(moved)) == (500, ["identity_unreadable"])
        assert codes(named.match(NAME)) == ["identity_unreadable"]
    assert named.identify(other, OTHER).status_code == 204
    assert named.reveal(other).json()["names"] == [{"text": OTHER}]


def test_a_row_of_an_older_version_put_back_does_not_open(named):
    named.identify(named.participant, NAME)
    (older,) = rows(named, Identity)
    named.identify(named.participant, OTHER)
    tamper(named, sealed=older.sealed)
    assert codes(named.reveal(named.participant)) == ["identity_unreadable"]


BAD_BODIES = {
    "no names": ({"names": []}, ["too_few_items", "/names too_few_items"]),
    "eleven names": ({"names": [{"text": f"Amberova {n}"} for n in range(11)]}, ["too_many_items", "/names too_many_items"]),
    "a long name": ({"names": [{"text": "Amberova" * 26}]}, ["too_long", "/names/0/text too_long"]),
    "a blank name": ({"names": [{"text": " \u200b"}]}, ["required", "/names/0/text required"]),
    "a name with NUL": ({"names": [{"text": "Amberova\0"}]}, ["invalid_text", "/names/0/text invalid_text"]),
    "a name turned round": ({"names": [{"text": "\u202eAmberova"}]}, ["invalid_text", "/names/0/text invalid_text"]),
    "a name twice": ({"names": [{"text": "Amberova"}, {"text": " Amberova "}]}, ["duplicate_item", "/names duplicate_item"]),
    "a bare name": ({"names": ["Amberova"]}, ["wrong_type", "/names/0 wrong_type"]),
    "a further field": ({"names": [{"text": "Amberova", "Saipan": 1}]}, ["unknown_field", "/names/0/Saipan unknown_field"]),
    "a contact of another type": ({"names": [{"text": "Amberova"}], "contact": {"Turmalin": 7}}, ["wrong_type", "/contact wrong_type"]),
    "nothing": ({}, ["required", "/names required"]),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_bad_names_are_refused_and_never_echoed(named, caplog, case):
    body, expected = BAD_BODIES[case]
    with listening(caplog), nothing_written(named.server):
        answer = named.server.put(f"/v1/participants/{named.participant['id']}/identity", body, token=named.token)
    assert (answer.status_code, codes(answer)) == (422, expected)
    told = answer.text.replace("/names/0/Saipan", "") + lines(caplog)
    assert [canary for canary in CANARIES if canary in told] == []


@pytest.mark.parametrize("name", ["", " ", "Amberova" * 26, "Amberova\0", 7, None, ["Amberova"]])
def test_bad_questions_are_refused_and_never_echoed(named, caplog, name):
    with listening(caplog), nothing_written(named.server):
        answer = named.match(name)
    assert answer.status_code == 422
    assert "/name" in codes(answer)[1]
    assert [canary for canary in CANARIES if canary in answer.text + lines(caplog)] == []


def test_a_reason_of_blanks_is_no_reason(named):
    named.identify(named.participant, NAME)
    with nothing_written(named.server):
        assert codes(named.reveal(named.participant, " \u200b ")) == ["required", "/reason required"]


def test_no_name_leaves_by_any_other_way(named, caplog):
    case = named.case["id"]
    with listening(caplog):
        person = named.somebody(NAME, OTHER)
        named.identify(named.participant, OTHER, contact=CONTACT)
        named.match(NAME)
        named.merge(person, named.participant, f"{NAME} is {OTHER}")
        named.reveal(person, f"{NAME} asked")
        pages = [f"/v1/cases/{case}/summary", f"/v1/programmes/{named.programme.id}/summary", "/v1/participants", "/v1/cases", "/v1/notes"]
        answers = [named.server.get(path, token=named.token) for path in pages]
        answers.append(named.match(NAME))
        answers.append(named.unmerge(person, f"{NAME} is not {OTHER}"))
        answers.append(named.delete("participants", person))
    assert {each.status_code for each in answers} == {200, 409}
    seen = "".join(each.text for each in answers) + lines(caplog)
    assert [canary for canary in CANARIES if canary in seen] == []
