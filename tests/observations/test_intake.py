"""Groups of observations written in one transaction: what each becomes, and what stands in the store afterwards."""

from concurrent.futures import ThreadPoolExecutor, wait
from uuid import uuid4

import pytest
from sqlmodel import Session

from app.journal.service import Journal
from app.kit.database import Database
from app.kit.errors import Problem
from app.observations import tally
from app.observations.arrivals import Parcel
from app.observations.intake import Intake
from tests.support.benches import KEY, Bench
from tests.support.forms import all_clear
from tests.support.world import a_world


@pytest.fixture
def database(database_address):
    found = Database(database_address)
    yield found
    found.close()


@pytest.fixture
def bench(database):
    return Bench(database)


def outcome(answers):
    return [(answer.status, answer.code) for answer in answers]


def test_a_group_is_stored_in_one_go_with_a_receipt_for_each(bench):
    answers = bench.file("OBS1", bench.body(), bench.body(hearing="H-02"))
    assert outcome(answers) == [("created", None)] * 2
    assert [answer.receipt["seq"] for answer in answers] == [0, 1]
    assert bench.leaves() == 2


def test_the_same_again_gives_the_first_receipt_and_changes_nothing(bench):
    body = bench.body()
    first = bench.file("OBS1", body)[0]
    again = bench.file("OBS1", body)[0]
    assert (again.status, again.receipt) == ("duplicate", first.receipt)
    assert bench.leaves() == 1
    assert len(bench.rows()) == 1


def test_equal_ids_in_one_group_are_stored_once(bench):
    body = bench.body()
    found = bench.group(("OBS1", [body, body]), ("OBS1", [body]))
    assert [each.status for some in found for each in some] == ["created", "duplicate", "duplicate"]
    assert len({each.receipt["leaf_hash"] for some in found for each in some}) == 1
    assert len(bench.rows()) == 1


def test_other_content_under_a_known_id_is_kept_out_and_journalled(bench):
    body = bench.body()
    bench.file("OBS1", body)
    other = {**body, "captured_at": "2012-04-02T14:00:00+05:00"}
    assert outcome(bench.file("OBS1", other)) == [("conflict", "id_conflict")]
    assert bench.rows("captured_at") == [("2012-04-02T13:00:00+05:00",)]
    assert [row[0] for row in bench.rows("kind", "journal ORDER BY seq")] == ["observation.filed", "observation.conflicted"]


def test_an_id_that_another_observer_used_is_a_conflict_even_with_equal_content(bench):
    body = bench.body()
    bench.file("OBS1", body)
    assert outcome(bench.file("OBS2", body)) == [("conflict", "id_conflict")]


def test_what_is_not_of_the_callers_programme_is_not_found_at_its_place(bench, database):
    with Session(database.writing) as session:
        other = a_world(session, slug="other")
        session.commit()
    for case in (other.case, uuid4()):
        answer = bench.file("OBS1", bench.body(case=case, hearing=None, form="case_fact", answers=fact()))[0]
        assert (answer.status, answer.code, answer.faults[0].pointer) == ("invalid", "not_found", "/case_id")


def fact():
    return {"counted": [{"subject": "persons_charged", "value": 3}], "basis": "seen", "confidence": "high"}


def test_a_hearing_of_another_case_is_not_found(bench):
    answer = bench.file("OBS1", bench.body(hearing="X-01"))[0]
    assert (answer.code, answer.faults[0].pointer) == ("not_found", "/hearing_id")


def test_a_participant_of_another_case_is_not_found_at_its_place_in_the_answers(bench):
    roles = [
        {"participant_ref": str(bench.world.participants["D01"]), "role": "defendant"},
        {"participant_ref": str(bench.world.participants["X01"]), "role": "witness"},
    ]
    answer = bench.file("OBS1", bench.body(answers=all_clear(roles_heard=roles)))[0]
    assert (answer.code, answer.faults[0].pointer) == ("not_found", "/answers/roles_heard/1/participant_ref")
    assert bench.rows() == []


def test_one_refused_observation_does_not_keep_its_neighbours_out(bench):
    found = bench.file("OBS1", bench.body(), bench.body(hearing="X-01"), bench.body())
    assert [each.status for each in found] == ["created", "invalid", "created"]
    assert len(bench.rows()) == 2


def test_an_unassigned_hearing_is_held_and_counts_nowhere(bench):
    body = bench.body(case=bench.world.other_case, hearing="X-01")
    assert outcome(bench.file("OBS1", body)) == [("held", "not_assigned")]
    assert bench.status(body["id"]) == ("held", "not_assigned")
    assert bench.file("OBS1", body)[0].status == "duplicate"


def test_a_coordinator_needs_no_assignment_and_files_as_document(bench):
    bench.file("COO", bench.body(case=bench.world.other_case, hearing="X-01"))
    assert bench.rows("origin, status") == [("document", "submitted")]


def test_an_unknown_form_version_is_kept_whole(bench):
    body = bench.body(form_version="9.9.9", answers={"new": "ответ", "old": None})
    assert outcome(bench.file("OBS1", body)) == [("held", "unknown_form_version")]
    assert bench.rows("narrative") == [('{"new":"ответ"}',)]


def test_a_correction_is_linked_to_what_it_corrects(bench):
    first, second = bench.body(), bench.body()
    bench.file("OBS1", first)
    assert outcome(bench.file("OBS1", {**second, "supersedes": first["id"]})) == [("created", None)]
    third = bench.body(supersedes=first["id"])
    assert outcome(bench.file("OBS1", third)) == [("conflict", "stale_version")]


def test_a_correction_sent_before_its_base_waits_and_is_linked_when_it_comes(bench):
    first = bench.body()
    second = bench.body(supersedes=first["id"])
    third = bench.body(supersedes=second["id"])
    assert outcome(bench.file("OBS1", third)) == [("held", "base_missing")]
    assert outcome(bench.file("OBS1", second)) == [("held", "base_missing")]
    assert bench.status(third["id"]) == ("submitted", None)
    bench.file("OBS1", first)
    assert [bench.status(each["id"]) for each in (first, second, third)] == [("submitted", None)] * 3
    assert len({str(row[0]) for row in bench.rows("root_id")}) == 1


def test_a_correction_and_its_base_in_one_batch_find_each_other_in_any_order(bench):
    first = bench.body()
    second = bench.body(supersedes=first["id"])
    assert outcome(bench.file("OBS1", second, first)) == [("created", None), ("created", None)]
    assert bench.status(second["id"]) == ("submitted", None)


def test_two_that_correct_each_other_are_both_held_and_do_not_hang(bench):
    first, second = bench.body(), bench.body()
    found = bench.file("OBS1", {**first, "supersedes": second["id"]}, {**second, "supersedes": first["id"]})
    assert {each.status for each in found} <= {"held", "created"}
    assert len(bench.rows()) == 2


def test_nobody_corrects_for_another(bench):
    first = bench.body()
    bench.file("OBS1", first)
    answer = bench.file("OBS2", bench.body(supersedes=first["id"]))[0]
    assert (answer.code, answer.faults[0].pointer) == ("not_found", "/supersedes")
    answer = bench.file("COO", bench.body(supersedes=first["id"]))[0]
    assert (answer.code, answer.faults[0].pointer) == ("invalid_supersedes", "/supersedes")


def test_a_session_that_ended_meanwhile_keeps_nothing_of_its_parcel(bench):
    bench.ended.add(bench.world.accounts["OBS2"])
    ended, alive = bench.group(("OBS2", [bench.body()]), ("OBS1", [bench.body()]))
    assert isinstance(ended, Problem)
    assert ended.kind.code == "session_ended"
    assert outcome(alive) == [("created", None)]
    assert len(bench.rows()) == 1


def test_a_trusted_programme_accepts_on_arrival_corrections_too(database):
    bench = Bench(database, review="trusted")
    first = bench.body()
    bench.file("OBS1", first)
    assert bench.status(first["id"])[0] == "accepted"
    second = bench.body(supersedes=first["id"])
    bench.file("OBS1", second)
    assert (bench.status(first["id"])[0], bench.status(second["id"])[0]) == ("superseded", "accepted")
    assert sums(bench)["", "", "accepted"] == 1
    assert sums(bench)["", "", "superseded"] == 1


def sums(bench):
    return {(row[0], row[1], row[2]): row[3] for row in bench.rows("indicator, value, status, n", "tally WHERE n <> 0")}


def test_the_tally_follows_from_the_marks(bench):
    bench.file("OBS1", bench.body(answers=all_clear()), bench.body(answers=all_clear()))
    marks = {}
    for indicator, value in bench.rows("indicator, value", "mark"):
        marks[indicator, value, "submitted"] = marks.get((indicator, value, "submitted"), 0) + 1
    assert sums(bench) == {**marks, ("", "", "submitted"): 2}


def at_the_same_time(bench, address, first, second):
    """Two processes file at once: the second has begun before the first commits, and ends after it."""
    other = Database(address)
    later = Intake(bench.scopes, Journal((tally.project,)).seal, KEY)

    def file_second():
        with Session(other.writing, expire_on_commit=False) as session:
            later.write(session, [Parcel(bench.world.accounts["OBS1"], (bench.ready(second),))])
            session.commit()

    with ThreadPoolExecutor(1) as pool, Session(bench.database.writing, expire_on_commit=False) as session:
        bench.intake.write(session, [Parcel(bench.world.accounts["OBS1"], (bench.ready(first),))])
        waiting = pool.submit(file_second)
        wait([waiting], timeout=0.5)
        assert not waiting.done()
        session.commit()
        waiting.result(20)
    other.close()


@pytest.mark.parametrize("base_first", [True, False])
def test_a_correction_and_its_base_filed_at_the_same_time_by_two_processes_find_each_other(bench, database_address, base_first):
    base = bench.body()
    correction = bench.body(supersedes=base["id"])
    at_the_same_time(bench, database_address, *((base, correction) if base_first else (correction, base)))
    assert bench.status(correction["id"]) == ("submitted", None)
