"""Official statistics as coordinators and analysts reach them: entered, read, replaced, refused, on both databases."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.demo.player import STAGES
from app.journal.rules import canonical
from app.statistics.answers import StatisticsShown
from tests.support.expectations import as_set, compared, without
from tests.support.official import a_row, a_table, statistics, with_example
from tests.support.people import a_member, a_programme
from tests.support.player import a_run, play
from tests.support.reference import a_variant, load_file

GOLDEN = "zhanaozen_filings.json"
CHECKS = {each["check"]: each for each in load_file("checks.json")["checks"] if "statistics" in each["fires"]}
BODY = statistics(a_table(a_row(printed_rate="14 %"), rate_of=["sent", "all"]))


def path(programme):
    return f"/v1/programmes/{programme.id}/statistics"


def put(server, programme, body=None, *, token=None, **options):
    return server.put(path(programme), BODY if body is None else body, token=token or programme.token, **options)


def get(server, programme, *, token=None, **options):
    return server.get(path(programme), token=token or programme.token, **options)


def discrepancies(run, **params):
    shown = run.read(f"/v1/programmes/{run.programme}/statistics", params=params)
    return as_set(map(compared, shown["discrepancies"]))


def wanted(filings):
    return as_set(compared(without(each, "summary")) for each in filings["expect"]["discrepancies"] if each["summary"] == "statistics")


def entries(server, programme):
    """What the journal tells of statistics."""
    with server.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT leaf FROM journal WHERE kind = 'statistics.replaced' ORDER BY seq")
        return [bytes(leaf).decode() for (leaf,) in rows]


def test_the_golden_statistics_are_entered_and_every_discrepancy_comes_out(templates, tmp_path):
    filings = load_file(GOLDEN)
    with a_run(templates, tmp_path, filings) as run:
        assert discrepancies(run, lang="kk") == wanted(filings)
        assert len(wanted(filings)) == 21
        shown = run.read(f"/v1/programmes/{run.programme}/statistics")
        assert {part: shown[part] for part in filings["statistics"]["body"]} == run.player.with_ids(filings["statistics"]["body"])
        StatisticsShown.model_validate_json(run.get(f"/v1/programmes/{run.programme}/statistics").text, strict=True)
        document = run.player.ids["$document:submission"]
        assert run.server.delete(f"/v1/documents/{document}", token=run.token).json()["code"] == "in_use"


@pytest.mark.parametrize("seed", [1, 5])
def test_random_statistics_come_to_what_the_reference_expects(templates, tmp_path, seed):
    filings = a_variant(seed)
    assert "statistics" in filings
    with a_run(templates, tmp_path, filings) as run:
        assert discrepancies(run) == wanted(filings)


@pytest.mark.parametrize("check", ["observed_against_official", "rate_against_counts"])
@pytest.mark.parametrize("side", ["fires", "silent"])
def test_a_check_finds_exactly_what_its_example_expects(server, check, side):
    filings = with_example(CHECKS[check][side])
    run = play(server, filings, [stage for stage in STAGES if stage != "reviews" or filings["reviews"]["body"]["ids"]])
    assert discrepancies(run) == as_set(compared(without(each, "summary")) for each in CHECKS[check][side]["expect"])


def test_statistics_that_were_never_entered_are_empty(server):
    programme = a_programme(server)
    answer = get(server, programme)
    assert answer.status_code == 200
    shown = StatisticsShown.model_validate_json(answer.text, strict=True)
    assert (shown.version, shown.source, shown.tables, shown.discrepancies) == (0, None, [], [])


def test_what_is_entered_comes_back_with_what_follows_from_it(server):
    programme = a_programme(server)
    answer = put(server, programme)
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["version"], shown["tables"]) == (1, BODY["tables"])
    assert [each["subject"] for each in shown["discrepancies"]] == ["t.rate/2020"]
    again = get(server, programme)
    assert (again.json(), again.headers["etag"]) == (shown, answer.headers["etag"])


def test_the_journal_holds_a_digest_and_no_text(server):
    programme = a_programme(server)
    body = statistics(a_table(title="Something that somebody typed"))
    shown = put(server, programme, body).json()
    (entry,) = entries(server, programme)
    digest = hashlib.sha256(canonical({**body, "offences": [], "statements": [], "sums": []})).hexdigest()
    assert shown["computed"]["digest"] == digest
    assert f'"facts":{{"digest":"{digest}","version":1}}' in entry
    assert "typed" not in entry


def test_the_same_again_changes_nothing(server):
    programme = a_programme(server)
    first = put(server, programme)
    assert (put(server, programme).headers["etag"], len(entries(server, programme))) == (first.headers["etag"], 1)


def test_an_edit_that_builds_on_an_older_version_is_refused(server):
    programme = a_programme(server)
    tag = get(server, programme).headers["etag"]
    assert put(server, programme, headers={"If-Match": tag}).status_code == 200
    stale = put(server, programme, statistics(), headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"], stale.json()["current_version"]) == (409, "stale_version", 1)
    assert put(server, programme, statistics(), headers={"If-Match": '"1"'}).json()["version"] == 2
    assert put(server, programme, headers={"If-Match": "*"}).json()["version"] == 3
    assert put(server, programme, statistics()).json()["version"] == 4


def test_coordinators_who_are_first_at_once_leave_one_whole_and_one_version_for_each_change(server):
    programme = a_programme(server)
    bodies = [statistics(a_table(key=f"t{number}")) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda body: put(server, programme, body), bodies))
    taken = [each for each in answers if each.status_code == 200]
    assert {each.json()["code"] for each in answers if each not in taken} <= {"stale_version"}
    shown = get(server, programme).json()
    assert shown["tables"] in [each["tables"] for each in bodies]
    assert len(entries(server, programme)) == shown["version"] == len(taken) > 0


def test_the_tag_changes_with_the_numbers_the_language_and_what_was_observed(server):
    programme = a_programme(server)
    put(server, programme)
    tag = get(server, programme).headers["etag"]
    assert get(server, programme, headers={"If-None-Match": tag}).status_code == 304
    assert get(server, programme, headers={"If-None-Match": tag}, params={"lang": "kk"}).status_code == 200
    a_member(server, programme)
    later = get(server, programme, headers={"If-None-Match": tag})
    assert (later.status_code, put(server, programme, statistics(), headers={"If-Match": tag}).status_code) == (200, 200)


def test_sentences_follow_the_language_and_nothing_else_does(server):
    programme = a_programme(server)
    put(server, programme)
    shown = {lang: get(server, programme, params={"lang": lang}) for lang in ("en", "ru", "kk")}
    said = {lang: answer.json()["discrepancies"][0]["statement"] for lang, answer in shown.items()}
    assert len(set(said.values())) == 3
    assert {lang: answer.headers["content-language"] for lang, answer in shown.items()} == {lang: lang for lang in shown}
    codes = [[without(each, "statement") for each in answer.json()["discrepancies"]] for answer in shown.values()]
    assert codes[0] == codes[1] == codes[2]
    assert {answer.json()["computed"]["digest"] for answer in shown.values()} == {shown["en"].json()["computed"]["digest"]}


def test_who_may_read_and_who_may_write(server):
    programme, other = a_programme(server), a_programme(server)
    statuses = {
        role: (get(server, programme, token=person.token).status_code, put(server, programme, token=person.token).status_code)
        for role in ("analyst", "observer", "custodian", "auditor", "coordinator")
        for person in [a_member(server, programme, role=role)]
    }
    assert statuses == {
        "analyst": (200, 403),
        **dict.fromkeys(("observer", "custodian", "auditor"), (403, 403)),
        "coordinator": (200, 200),
    }
    assert (get(server, programme, token=other.token).status_code, put(server, programme, token=other.token).status_code) == (404, 404)
    assert (server.get(path(programme)).status_code, server.put(path(programme), BODY).status_code) == (401, 401)
    nobody = "/v1/programmes/0197a3c2-0000-7000-8000-0000000000a1/statistics"
    assert (server.get(nobody, token=programme.token).status_code, server.put(nobody, BODY, token=programme.token).status_code) == (
        404,
        404,
    )


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (statistics(a_table(a_row(sent="seven"))), "/tables/0/rows/0/sent", "wrong_type"),
        (statistics(a_table(a_row(sent=7.5))), "/tables/0/rows/0/sent", "wrong_type"),
        (statistics(a_table(a_row(sent=True))), "/tables/0/rows/0/sent", "wrong_type"),
        (statistics(a_table(a_row(sent=-7))), "/tables/0/rows/0/sent", "out_of_range"),
        (statistics(a_table(rate_of=["sent", "none"])), "/tables/0/rate_of/1", "unknown_column"),
        (statistics(a_table(), a_table()), "/tables/1/key", "duplicate_item"),
        (statistics(computed={}), "/computed", "unknown_field"),
        ([], "", "wrong_type"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place_and_nothing_is_stored(server, body, pointer, code):
    programme = a_programme(server)
    answer = put(server, programme, body)
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"]) == (422, code, [{"pointer": pointer, "code": code}])
    assert get(server, programme).json()["version"] == 0


def test_a_division_by_zero_is_flagged_and_taken(server):
    answer = put(server, a_programme(server), statistics(a_table(a_row(all=0, sent=0, printed_rate="0 %"), rate_of=["sent", "all"])))
    assert answer.status_code == 200
    rate = answer.json()["recomputed"]["tables"][0]["rows"][0]["rate"]
    assert (rate["percent"], rate["flag"]) == (None, "no_denominator")


def test_a_document_of_another_programme_is_no_source(server):
    programme, other = a_programme(server), a_programme(server)
    asked = {"programme_id": other.id, "code": "paper", "kind": "report", "title": "A report"}
    document = server.post("/v1/documents", asked, token=other.token).json()["id"]
    answer = put(server, programme, {"source": {"document_id": document}})
    assert (answer.status_code, answer.json()["errors"]) == (404, [{"pointer": "/source/document_id", "code": "not_found"}])
    assert put(server, other, {"source": {"document_id": document}}).status_code == 200
