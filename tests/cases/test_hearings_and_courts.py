"""Fields of courts, cases, hearings and documents: terms, dates, moments, zones."""

import pytest

from tests.support.monitored import Docket, codes

pytestmark = pytest.mark.one_server

BAD = [
    ("courts", {"timezone": "Asia/Nowhere"}, "/timezone unknown_timezone"),
    ("courts", {"timezone": "../etc/passwd"}, "/timezone unknown_timezone"),
    ("courts", {"label": " \u200b "}, "/label required"),
    ("courts", {"label": "x" * 501}, "/label too_long"),
    ("courts", {"place": "a\u0000"}, "/place invalid_text"),
    ("cases", {"title": "a\u202eb"}, "/title invalid_text"),
    ("cases", {"monitoring": "sometimes"}, "/monitoring not_in_vocabulary"),
    ("cases", {"defendants_stated": -1}, "/defendants_stated out_of_range"),
    ("cases", {"defendants_stated": 37.0}, "/defendants_stated wrong_type"),
    ("cases", {"defendants_stated": "37"}, "/defendants_stated wrong_type"),
    ("cases", {"charge_articles": ["241", "241"]}, "/charge_articles duplicate_item"),
    ("cases", {"charge_articles": [str(n) for n in range(101)]}, "/charge_articles too_many_items"),
    ("cases", {"verdict_on": "2012-13"}, "/verdict_on invalid_date"),
    ("cases", {"verdict_on": "June 2012"}, "/verdict_on invalid_date"),
    ("hearings", {"date": "2012-02-30"}, "/date invalid_date"),
    ("hearings", {"date": "2012-04"}, "/date invalid_date"),
    ("hearings", {"date": "20120402"}, "/date invalid_date"),
    ("hearings", {"date": "2012-04-02T10:00:00Z"}, "/date invalid_date"),
    ("hearings", {"date": 20120402}, "/date wrong_type"),
    ("hearings", {"starts_at": "2012-04-02T10:00:00"}, "/starts_at invalid_time"),
    ("hearings", {"starts_at": "2012-04-02"}, "/starts_at invalid_time"),
    ("hearings", {"starts_at": 1333339200}, "/starts_at wrong_type"),
    ("hearings", {"instance": "second"}, "/instance not_in_vocabulary"),
    ("hearings", {"hearing_type": "Opening"}, "/hearing_type not_in_vocabulary"),
    ("hearings", {"language": "en"}, "/language not_in_vocabulary"),
    ("hearings", {"mode": "online"}, "/mode not_in_vocabulary"),
    ("hearings", {"status": "done"}, "/status not_in_vocabulary"),
    ("participants", {"role": "hero"}, "/role not_in_vocabulary"),
    ("participants", {"is_anonymous": 1}, "/is_anonymous wrong_type"),
    ("participants", {"placeholder": {"stands_for": "crowd", "count": None}}, "/placeholder/stands_for not_in_vocabulary"),
    ("participants", {"placeholder": {"stands_for": "group"}}, "/placeholder/count required"),
    ("participants", {"placeholder": {"stands_for": "person", "count": 2}}, "/placeholder/count out_of_range"),
    ("participants", {"placeholder": {"stands_for": "person", "count": 1, "at_least": 2}}, "/placeholder/at_least not_relevant"),
    ("participants", {"placeholder": {"stands_for": "group", "count": 2, "at_least": 3}}, "/placeholder/at_least out_of_range"),
    ("documents", {"kind": "book"}, "/kind not_in_vocabulary"),
    ("documents", {"dated": "12-06"}, "/dated invalid_date"),
    ("documents", {"dated": "2012-06-31"}, "/dated invalid_date"),
]
REQUIRED = {
    "courts": ("programme_id", "code", "label"),
    "cases": ("programme_id", "code", "title", "court_id", "charge_articles", "monitoring"),
    "hearings": ("case_id", "code", "date", "instance", "hearing_type", "status"),
    "participants": ("case_id", "code", "role", "is_anonymous", "is_protected", "named_in_source"),
    "assignments": ("member_id",),
    "documents": ("programme_id", "code", "kind", "title"),
    "outcomes": ("case_id", "instance", "decided_on", "source"),
    "notes": ("programme_id", "case_id", "kind", "key", "statement", "source"),
}


def test_what_is_no_value_of_a_field_is_refused_at_its_place(docket):
    for thing, fields, fault in BAD:
        answer = docket.post(thing, **fields)
        assert (answer.status_code, codes(answer)) == (422, [fault.partition(" ")[2], fault]), (thing, fields)


def test_what_is_needed_is_asked_for(docket):
    for thing, needed in REQUIRED.items():
        body = docket.body(thing)
        for name in needed:
            answer = docket.server.post(f"/v1/{thing}", {key: value for key, value in body.items() if key != name}, token=docket.token)
            assert codes(answer) == ["required", f"/{name} required"], thing


def test_a_moment_is_shown_in_utc_and_a_day_as_it_is(docket):
    hearing = docket.make("hearings", starts_at="2012-04-02T03:30:00+05:00", date="2012-04-02")
    assert hearing["starts_at"] == "2012-04-01T22:30:00Z"
    assert hearing["date"] == "2012-04-02"
    assert hearing["created_at"].endswith("Z")


def test_dates_are_kept_as_printed(docket):
    for printed in ("2012", "2012-06", "2012-06-04"):
        assert docket.make("cases", verdict_on=printed)["verdict_on"] == printed
        assert docket.make("documents", dated=printed)["dated"] == printed
        assert docket.make("outcomes", decided_on=printed)["decided_on"] == printed


def test_a_hearing_without_a_court_is_in_the_cases(docket):
    assert docket.hearing["court_id"] is None
    court = docket.make("courts")
    assert docket.patch("hearings", docket.hearing, {"court_id": court["id"]}).json()["court_id"] == court["id"]


def test_a_court_of_another_programme_is_missing_in_edits_too(docket):
    foreign = Docket(docket.server).court["id"]
    for thing, made in (("cases", docket.case), ("hearings", docket.hearing)):
        assert codes(docket.patch(thing, made, {"court_id": foreign})) == ["not_found", "/court_id not_found"]


def test_a_placeholder_is_shown_as_it_was_given(docket):
    group = {"stands_for": "group", "count": None, "at_least": 2}
    made = docket.make("participants", placeholder=group)
    assert made["placeholder"] == group
    person = {"stands_for": "person", "count": 1, "at_least": None}
    assert docket.patch("participants", made, {"placeholder": {"stands_for": "person", "count": 1}}).json()["placeholder"] == person
    assert docket.patch("participants", made, {"placeholder": None}).json()["placeholder"] is None


def test_a_document_may_belong_to_no_case(docket):
    assert docket.make("documents", case_id=None)["case_id"] is None
