"""Reading summaries: who may, in which language, of what state, and when nothing has changed."""

from datetime import UTC, datetime

import pytest

from tests.support.clocks import FakeClock
from tests.support.forms import all_clear, answers_of
from tests.support.people import a_member, a_programme
from tests.support.player import a_server
from tests.support.trial import a_trial

UNKNOWN = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture(scope="module")
def settled(sqlite_templates, tmp_path_factory):
    """A trial that tests only read; its programme's language is Russian."""
    with a_server(sqlite_templates, tmp_path_factory.mktemp("settled")) as server:
        trial = a_trial(server)
        server.patch(f"/v1/programmes/{trial.programme.id}", {"default_language": "ru"}, token=trial.coordinator.token)
        yield trial


def summary(trial, *, of=None, by=None, **params):
    answer = ask(trial, of=of, by=by, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask(trial, *, of=None, by=None, headers=None, **params):
    path = f"/v1/{of or f'cases/{trial.case}'}/summary"
    return trial.server.get(path, token=(by or trial.coordinator).token, params=params, headers=headers or {})


def figure(shown, key):
    return next(each["value"] for each in shown["figures"] if each["key"] == key)


def counted(shown):
    return {row["origin"]: (row["stored"], row["counted"]) for row in figure(shown, "coverage.filings")}


def programme_of(trial):
    return f"programmes/{trial.programme.id}"


def test_coordinators_and_analysts_read_summaries_and_nobody_else(server):
    trial = a_trial(server)
    stranger = a_programme(server).coordinator
    members = [(200, a_member(server, trial.programme, role="analyst"))]
    members += [(403, a_member(server, trial.programme, role=role)) for role in ("observer", "custodian", "auditor")]
    for of in (f"cases/{trial.case}", programme_of(trial)):
        for path in (f"{of}/summary", f"{of}/figures/coverage.filings/sources"):
            assert [server.get(f"/v1/{path}", token=each.token).status_code for _, each in members] == [status for status, _ in members]
            assert server.get(f"/v1/{path}").status_code == 401
            elsewhere = path.replace(of.split("/")[1], UNKNOWN)
            invisible, unknown = (server.get(f"/v1/{each}", token=stranger.token) for each in (path, elsewhere))
            assert (invisible.status_code, unknown.status_code) == (404, 404)
            assert {**invisible.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}


def test_only_accepted_filings_count_and_every_stored_one_is_told(server):
    trial = a_trial(server)
    first, second = trial.filed(), trial.filed(hearing="H-02")
    assert counted(summary(trial))["observer"] == (2, 0)
    trial.review(first)
    assert counted(summary(trial))["observer"] == (2, 1)
    trial.review(second, "reject", "seen by nobody")
    assert counted(summary(trial))["observer"] == (2, 1)
    wider = summary(trial, statuses="rejected,accepted,accepted")
    assert (wider["provisional"], wider["computed"]["statuses"], counted(wider)["observer"]) == (True, ["accepted", "rejected"], (2, 2))
    sources = server.get(wider["figures"][-1]["trace"]["href"], token=trial.coordinator.token).json()
    assert sources["count"] == wider["figures"][-1]["trace"]["count"]


def test_of_a_chain_of_corrections_only_the_newest_counts(server):
    trial = a_trial(server)
    first = trial.filed(answers=all_clear(own_comprehension="none"))
    trial.review(first)
    second = trial.filed(supersedes=first)
    key = "coverage.hearings_not_understood"
    assert (figure(summary(trial), key), counted(summary(trial))["observer"]) == (["H-01"], (2, 1))
    wider = summary(trial, statuses="accepted,submitted")
    assert (figure(wider, key), counted(wider)["observer"]) == ([], (2, 1))
    trial.review(second)
    assert (figure(summary(trial), key), counted(summary(trial))["observer"]) == ([], (2, 1))


def test_an_answer_names_people_by_code_and_leads_to_ids(server):
    trial = a_trial(server)
    said = answers_of("torture_complaint", participant_ref=trial.participants["D01"], basis="heard", document_ref=..., note="What D. said")
    complaint = trial.filed(form="torture_complaint", answers=said)
    report = trial.filed(answers=all_clear(absent_who=[trial.participants["D02"]], any_defendant_absent="yes"))
    for each in (complaint, report):
        assert trial.review(each).status_code == 200
    shown = summary(trial)
    assert [(each["participant"], each["observations"]) for each in shown["complaints"]["ledger"]] == [("D01", [complaint])]
    assert figure(shown, "complaints.by_role") == [{"role": "defendant", "n": 1}]
    assert trial.participants["D01"] not in str({**shown, "figures": [], "complaints": {}})


def test_a_document_of_the_whole_programme_is_cited_by_code_and_traced_by_id(server):
    trial = a_trial(server)
    paper = {"programme_id": trial.programme.id, "code": "yearbook", "kind": "report", "title": "Yearbook"}
    document = trial.made("/v1/documents", paper)
    outcome = {"case_id": trial.case, "participant_id": trial.participants["D01"], "instance": "first", "decided_on": None}
    source = {"document_id": document, "locator": "page 3"}
    trial.made("/v1/outcomes", {**outcome, "verdict": "acquitted", "source": source})
    finding = {"programme_id": trial.programme.id, "case_id": trial.case, "kind": "stated_finding", "key": "S1", "statement": "Two."}
    trial.made("/v1/notes", {**finding, "values": {"about": "outcomes.acquitted", "stated": 2}, "source": source})
    shown = summary(trial)
    assert "document:yearbook page 3" in str(shown["discrepancies"])
    sources = server.get(f"/v1/cases/{trial.case}/figures/outcomes.acquitted/sources", token=trial.coordinator.token).json()
    assert sources["documents"] == [document]


def test_a_repeated_read_with_the_tag_is_not_sent_again(server):
    trial = a_trial(server)
    for path in (f"cases/{trial.case}", programme_of(trial)):
        first = ask(trial, of=path)
        tag = first.headers["ETag"]
        for known in (tag, f'"other", W/{tag}', "*"):
            again = ask(trial, of=path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert ask(trial, of=path, headers={"If-None-Match": '"other"'}).content == first.content
        assert first.headers["Cache-Control"] == "no-store"


CHANGES = {
    "a filing": lambda trial: trial.filed(),
    "an observer's languages": lambda trial: trial.server.patch(
        f"/v1/programmes/{trial.programme.id}/members/{trial.observer.member_id}",
        {"languages": {"kk": "none"}},
        token=trial.coordinator.token,
    ),
    "a note about no case": lambda trial: trial.made(
        "/v1/notes",
        {
            "programme_id": trial.programme.id,
            "case_id": None,
            "kind": "coverage",
            "key": "CV1",
            "statement": "Trials ran in parallel.",
            "values": {"caveat": "parallel_trials"},
            "source": {"document_id": trial.document},
        },
    ),
    "a court's time zone": lambda trial: trial.server.patch(
        f"/v1/courts/{trial.court}", {"timezone": "Asia/Almaty"}, token=trial.coordinator.token
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_a_summary_depends_on_changes_its_tag(server, change):
    trial = a_trial(server)
    before = [ask(trial, of=path).headers["ETag"] for path in (f"cases/{trial.case}", programme_of(trial))]
    change(trial)
    after = [ask(trial, of=path).headers["ETag"] for path in (f"cases/{trial.case}", programme_of(trial))]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_note_about_no_case_sets_its_caveat_for_every_case(server):
    trial = a_trial(server)
    CHANGES["a note about no case"](trial)
    assert {"caveat": "parallel_trials"} in summary(trial)["caveats"]


def test_another_case_of_the_programme_does_not_change_a_tag(server):
    trial = a_trial(server)
    other = {"programme_id": trial.programme.id, "code": "T-2", "title": "Another", "court_id": trial.court, "charge_articles": []}
    tag = ask(trial).headers["ETag"]
    trial.made("/v1/cases", {**other, "monitoring": "none"})
    assert ask(trial).headers["ETag"] == tag
    assert [each["code"] for each in summary(trial, of=programme_of(trial))["cases"]] == ["T-1", "T-2"]


def test_a_scheduled_hearing_becomes_known_on_the_day_after_in_the_courts_zone(server, monkeypatch):
    clock = FakeClock(monkeypatch, datetime(2026, 3, 2, 23, 55, tzinfo=UTC))
    trial = a_trial(server)
    server.patch(f"/v1/courts/{trial.court}", {"timezone": "Europe/London"}, token=trial.coordinator.token)
    hearing = {"case_id": trial.case, "code": "H-99", "instance": "first", "hearing_type": "evidence", "status": "scheduled"}
    trial.made("/v1/hearings", {**hearing, "date": "2026-03-02"})
    paths = (f"cases/{trial.case}", programme_of(trial))
    seen = []
    for seconds in (0, 290, 20):
        clock.advance(seconds=seconds)
        seen.append([(ask(trial, of=of).headers["ETag"], summary(trial, of=of)["coverage"]["hearings_known"]) for of in paths])
    assert seen[0] == seen[1]
    for (old_tag, known), (new_tag, known_now) in zip(seen[1], seen[2], strict=True):
        assert known_now == known + 1
        assert new_tag != old_tag


@pytest.mark.parametrize(
    ("headers", "params", "language"),
    [
        ({}, {}, "ru"),
        ({"Accept-Language": "de"}, {}, "ru"),
        ({"Accept-Language": "kk-KZ, en;q=0.5"}, {}, "kk"),
        ({"Accept-Language": "kk"}, {"lang": "en"}, "en"),
    ],
)
def test_the_programmes_language_decides_where_nobody_asks_for_another(settled, headers, params, language):
    for of in (f"cases/{settled.case}", programme_of(settled)):
        answer = ask(settled, of=of, headers=headers, **params)
        assert answer.headers["Content-Language"] == language
        assert answer.headers["ETag"].endswith(f'-{language}"')


@pytest.mark.parametrize(
    "params",
    [
        {"statuses": "held"},
        {"statuses": ""},
        {"statuses": "accepted,"},
        {"statuses": "accepted\n"},
        {"lang": "de"},
        {"statuses": "x" * 500},
    ],
)
def test_a_bad_parameter_is_named_and_not_shown(settled, params):
    answer = ask(settled, **params)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid_parameter")
    assert [each["pointer"] for each in problem["errors"]] == [f"/query/{next(iter(params))}"]
    assert next(iter(params.values())) in ("", "de") or next(iter(params.values())) not in answer.text


@pytest.mark.parametrize(
    ("of", "key", "params", "status"),
    [
        ("cases", "no.such", {}, 404),
        ("cases", "coverage.cases", {}, 404),
        ("cases", "complaints.total", {"reading": "C"}, 422),
        ("cases", "complaints.total", {"cell": "defendant"}, 422),
        ("cases", "complaints.by_role", {"cell": "judge"}, 200),
        ("cases", "complaints.total", {"statuses": "withdrawn"}, 422),
        ("programmes", "complaints.total", {}, 404),
        ("programmes", "coverage.cases", {"reading": "A"}, 422),
        ("programmes", "coverage.filings", {"cell": "observer"}, 200),
    ],
)
def test_what_no_figure_has_is_refused(settled, of, key, params, status):
    path = f"/v1/{of}/{settled.case if of == 'cases' else settled.programme.id}/figures/{key}/sources"
    answer = settled.server.get(path, token=settled.coordinator.token, params=params)
    assert answer.status_code == status
    if status == 422:
        assert [each["pointer"] for each in answer.json()["errors"]] == [f"/query/{next(iter(params))}"]


def test_an_observer_who_left_goes_on_being_one_of_what_she_filed(server):
    trial = a_trial(server)
    idle = a_member(server, trial.programme)
    trial.review(trial.filed())
    for member in (trial.observer, idle):
        path = f"/v1/programmes/{trial.programme.id}/members/{member.member_id}"
        server.patch(path, {"status": "removed"}, token=trial.coordinator.token)
    assert figure(summary(trial, of=programme_of(trial)), "coverage.observers") == 1
    assert summary(trial)["coverage"]["observers"] == ["OBS1"]
