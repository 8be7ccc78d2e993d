"""When cases are folded again, and that older facts never take the place of newer ones."""

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import cli
from app.observations.models import Mark
from app.summaries.aggregates import folding, service
from app.summaries.aggregates.models import CaseFact, CaseFolded
from app.taxonomy.catalogue import current
from tests.support.asking import Asking
from tests.support.people import a_member
from tests.support.recount import count_of
from tests.support.trial import a_trial


@pytest.fixture
def trial(server):
    return a_trial(server, review="trusted")


@pytest.fixture
def asked(server, trial):
    return Asking(server, trial.programme.id, trial.coordinator.token)


def more_cases(trial, number):
    """Cases with a hearing each."""
    body = {"programme_id": trial.programme.id, "title": "A trial", "court_id": trial.court, "charge_articles": [], "monitoring": "full"}
    hearing = {"date": "2012-04-02", "instance": "first", "hearing_type": "evidence", "status": "held", "code": "H-01"}
    for n in range(number):
        case = trial.made("/v1/cases", {**body, "code": f"M-{n}"})
        trial.made("/v1/hearings", {**hearing, "case_id": case})


def waiting(trial):
    with trial.server.store.read() as session:
        return folding.waiting(session, current(), UUID(trial.programme.id))


def folded(trial):
    """The case as it stands now."""
    with trial.server.store.read() as session:
        return folding.fold(session, current(), UUID(trial.programme.id), UUID(trial.case))


def keep(trial, facts):
    return trial.server.store.write(lambda session: folding.keep(session, facts))


def test_one_case_too_many_answers_folding_until_they_are_folded(trial, asked):
    more_cases(trial, service.MOST_AT_ONCE)
    answer = asked.answer("hearings_held")
    assert (answer.status_code, answer.json()["code"]) == (503, "folding")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json()["title"] != "problem.folding"
    settings = trial.server.settings
    environment = {"HEARSIGHT_DATA_DIR": str(settings.data_dir), "HEARSIGHT_DATABASE_URL": settings.address}
    done = CliRunner().invoke(cli, ["fold", "--programme", trial.programme.shown["slug"]], env=environment)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1].endswith("1 of 1 cases")
    assert waiting(trial) == []
    assert asked.total("hearings_held") == service.MOST_AT_ONCE + 2


def test_a_read_that_is_sent_again_is_answered_in_the_end(trial, asked):
    more_cases(trial, 2 * service.MOST_AT_ONCE)
    statuses = [asked.answer("incidents").status_code for _ in range(4)]
    assert statuses == [503, 503, 200, 200]


def test_one_case_and_what_the_tally_knows_never_wait_for_others(trial, asked):
    more_cases(trial, service.MOST_AT_ONCE)
    trial.filed()
    assert asked.total("hearings_observed", case_id=trial.case) == 1
    assert asked.rows("observations", "case", "indicator")
    assert asked.total("observations") == 1
    assert asked.answer("observations", "month").status_code in (200, 503)


def test_a_programme_that_there_is_not_cannot_be_folded(trial):
    settings = trial.server.settings
    environment = {"HEARSIGHT_DATA_DIR": str(settings.data_dir), "HEARSIGHT_DATABASE_URL": settings.address}
    assert CliRunner().invoke(cli, ["fold", "--programme", "nowhere"], env=environment).exit_code == 1
    assert CliRunner().invoke(cli, ["fold"], env=environment).exit_code == 0
    assert waiting(trial) == []


def test_older_facts_never_take_the_place_of_newer_ones(trial, asked):
    older = folded(trial)
    trial.filed()
    newer = folded(trial)
    assert (keep(trial, newer), keep(trial, older)) == (True, False)
    assert waiting(trial) == []
    assert asked.total("hearings_observed") == 1


def test_facts_that_were_overtaken_while_they_were_folded_are_folded_again(trial, asked):
    older = folded(trial)
    trial.filed()
    assert keep(trial, older)
    assert waiting(trial) == [UUID(trial.case)]
    assert asked.total("hearings_observed") == 1


def test_a_change_between_folding_and_keeping_is_not_lost(trial, asked, monkeypatch):
    fold, late = folding.fold, []

    def interrupted(*arguments):
        found = fold(*arguments)
        if not late:
            late.append(trial.filed(hearing="H-02"))
        return found

    trial.filed(hearing="H-01")
    monkeypatch.setattr(folding, "fold", interrupted)
    # This read began before the change and may miss it; the next one may not.
    assert asked.total("hearings_observed") in (1, 2)
    assert asked.total("hearings_observed") == 2


def test_whoever_joins_changes_no_fact_and_a_new_language_does(trial, asked):
    trial.filed()
    assert asked.rows("observations", "observer_language") == {("kk",): 1, ("ru",): 1}
    a_member(trial.server, trial.programme)
    assert waiting(trial) == []
    path = f"/v1/programmes/{trial.programme.id}/members/{trial.observer.member_id}"
    answer = trial.server.patch(path, {"languages": {"ru": "sufficient", "kk": "partial"}}, token=trial.coordinator.token)
    assert answer.status_code == 200, answer.text
    assert waiting(trial) == [UUID(trial.case)]
    assert asked.rows("observations", "observer_language") == {("ru",): 1}


def test_a_new_taxonomy_and_a_day_that_came_fold_again(trial, asked):
    for column, value in (("taxonomy", "0.9.0"), ("due", date(2012, 4, 1)), ("zone", "UTC"), ("revision", 0), ("beside", -2)):
        asked.total("incidents")
        assert waiting(trial) == []
        trial.server.store.write(lambda session: session.exec(sa.update(CaseFolded).values({column: value})))  # noqa: B023 - run at once
        assert waiting(trial) == [UUID(trial.case)], column


def test_facts_keep_nothing_from_being_deleted_and_go_with_their_case(trial, asked):
    assert asked.total("hearings_held") == 2
    token = trial.coordinator.token
    assert trial.server.delete(f"/v1/hearings/{trial.hearings['H-02']}", token=token).status_code == 204
    assert asked.total("hearings_held") == 1
    more_cases(trial, 1)
    assert asked.rows("hearings_held", "case") == {("T-1",): 1, ("M-0",): 1}
    found = trial.server.get("/v1/cases", token=token, params={"programme_id": trial.programme.id, "q": "M-0"}).json()["items"]
    case = next(each["id"] for each in found if each["code"] == "M-0")
    (hearing,) = trial.server.get("/v1/hearings", token=token, params={"case_id": case}).json()["items"]
    assert trial.server.delete(f"/v1/hearings/{hearing['id']}", token=token).status_code == 204
    assert trial.server.delete(f"/v1/cases/{case}", token=token).status_code == 204
    assert asked.rows("hearings_held", "case") == {("T-1",): 1}
    folding.renew_all(trial.server.store, current(), None, lambda *_: None)
    with trial.server.store.read() as session:
        assert count_of(session, CaseFolded) == 1


def test_reading_again_writes_nothing_and_never_looks_at_marks(trial, asked):
    trial.filed()
    asked("incidents", "month")
    seen = []

    def listen(_connection, _cursor, statement, *_):
        seen.append(statement)

    engines = (trial.server.store.database.reading, trial.server.store.database.writing)
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", listen)
    for measure in ("incidents", "complaints", "observations", "hearings_observed"):
        asked(measure, "month")
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", listen)
    assert seen
    assert [each for each in seen if Mark.__tablename__ in each.split() or " observation " in each] == []
    assert [each for each in seen if each.split()[0] in ("INSERT", "UPDATE", "DELETE")] == []


def test_a_fact_names_nobody():
    columns = set(CaseFact.__table__.columns.keys())
    assert columns == {
        *("programme_id", "case_id", "place", "measure", "grain", "hearing_id", "day"),
        *("right_code", "indicator", "kind", "language", "value", "n", "is_minimum"),
    }
