"""Two codes that are one person count once from the merge on, and twice again from the unmerge on; the figures follow at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.forms import all_clear, answers_of
from tests.support.trial import a_trial


@pytest.fixture
def trial(server):
    return a_trial(server, participants=4)


def act(trial, verb, person, into=None):
    body = {"reason": "One person.", **({"into": trial.participants[into]} if into else {})}
    answer = trial.server.post(f"/v1/participants/{trial.participants[person]}/{verb}", body, token=trial.coordinator.token)
    assert answer.status_code == 200, answer.text


def complain(trial, person, **changed):
    """The id of an accepted report of a complaint."""
    said = answers_of("torture_complaint", participant_ref=trial.participants[person], basis="heard", document_ref=...)
    filed = trial.filed(form="torture_complaint", answers=said, **changed)
    assert trial.review(filed).status_code == 200
    return filed


def summary(trial):
    answer = trial.server.get(f"/v1/cases/{trial.case}/summary", token=trial.coordinator.token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(shown):
    return {each["key"]: each["value"] for each in shown["figures"]}


def without_state(shown):
    """A summary without what tells when it was computed."""
    return {name: part for name, part in shown.items() if name != "computed"}


def sources(trial, key):
    return trial.server.get(f"/v1/cases/{trial.case}/figures/{key}/sources", token=trial.coordinator.token).json()


def test_two_codes_of_one_person_are_one_complainant_until_they_are_parted(trial):
    first, second = complain(trial, "D01"), complain(trial, "D02", hearing="H-02")
    before = summary(trial)
    assert (figures(before)["complaints.total"], figures(before)["participants.total"]) == (2, 4)
    act(trial, "merge", "D02", "D01")
    merged = summary(trial)
    assert (figures(merged)["complaints.total"], figures(merged)["participants.total"]) == (1, 3)
    assert figures(merged)["complaints.by_role"] == [{"role": "defendant", "n": 1}]
    (row,) = merged["complaints"]["ledger"]
    assert (row["participant"], sorted(row["observations"])) == ("D01", sorted([first, second]))
    assert sorted(sources(trial, "complaints.total")["observations"]) == sorted([first, second])
    assert "D02" not in str(merged)
    act(trial, "unmerge", "D02")
    assert without_state(summary(trial)) == without_state(before)


def test_a_chain_of_merges_is_one_person(trial):
    for person in ("D01", "D02", "D03"):
        complain(trial, person)
    act(trial, "merge", "D01", "D02")
    act(trial, "merge", "D02", "D03")
    assert figures(summary(trial))["complaints.total"] == 1
    assert [each["participant"] for each in summary(trial)["complaints"]["ledger"]] == ["D03"]
    act(trial, "unmerge", "D02")
    assert [each["participant"] for each in summary(trial)["complaints"]["ledger"]] == ["D02", "D03"]


def test_an_outcome_is_that_of_the_person_who_stands(trial):
    decided = {"case_id": trial.case, "instance": "first", "decided_on": None, "verdict": "convicted", "sentences": ["imprisonment"]}
    source = {"document_id": trial.document}
    trial.made("/v1/outcomes", {**decided, "participant_id": trial.participants["D02"], "source": source})
    complain(trial, "D01")
    assert figures(summary(trial))["outcomes.custodial_complainants"] == []
    act(trial, "merge", "D02", "D01")
    assert figures(summary(trial))["outcomes.custodial_complainants"] == ["D01"]
    assert figures(summary(trial))["outcomes.convicted"] == 1


def test_two_verdicts_on_what_is_one_person_are_both_shown_and_none_is_taken(trial):
    source, about = {"document_id": trial.document}, {"case_id": trial.case, "instance": "first", "decided_on": None}
    for person, verdict in (("D01", "acquitted"), ("D02", "convicted")):
        row = {**about, "participant_id": trial.participants[person], "verdict": verdict, "sentences": [], "source": source}
        trial.made("/v1/outcomes", row)
    before = summary(trial)
    assert figures(before)["outcomes.acquitted"] == figures(before)["outcomes.convicted"] == 1
    act(trial, "merge", "D02", "D01")
    shown = summary(trial)
    (found,) = (each for each in shown["discrepancies"] if each["subject"] == "outcomes.first/D01/verdict")
    assert [each["value"] for each in found["values"]] == ["acquitted", "convicted"]
    told = {each["key"]: (each["value"], each.get("at_least")) for each in shown["figures"]}
    assert told["outcomes.acquitted"] == told["outcomes.convicted"] == (0, True)
    assert told["outcomes.conviction_share"] == (None, None)
    act(trial, "unmerge", "D02")
    assert without_state(summary(trial)) == without_state(before)


def test_somebody_entered_with_two_roles_under_two_codes_is_told_of(trial):
    person = {"case_id": trial.case, "role": "witness", "is_anonymous": False, "is_protected": False, "named_in_source": False}
    trial.participants["W01"] = trial.made("/v1/participants", {**person, "code": "W01"})
    act(trial, "merge", "D01", "W01")
    (found,) = (each for each in summary(trial)["discrepancies"] if each["check"] == "role_differs")
    told = {each["source"]: each["value"] for each in found["values"]}
    assert (found["subject"], told) == ("participant:W01", {"participant:W01": "witness", "participant:D01": "defendant"})
    named = next(each for each in summary(trial)["figures"] if each["key"] == "participants.named_by_role")
    assert {"role": "witness", "n": 1} in named["value"]
    act(trial, "unmerge", "D01")
    assert not [each for each in summary(trial)["discrepancies"] if each["check"] == "role_differs"]


def test_answers_marks_notes_and_roles_name_the_person_who_stands(trial):
    absent = [trial.participants[code] for code in ("D01", "D02")]
    trial.review(trial.filed(answers=all_clear(absent_who=absent, any_defendant_absent="yes")))
    asked = {"participant": trial.participants["D02"], "between": ["complaint"], "confidence": "uncertain"}
    about = {"programme_id": trial.programme.id, "case_id": trial.case, "kind": "identity_question", "key": "Q1", "statement": "Who?"}
    trial.made("/v1/notes", {**about, "values": asked, "source": {"document_id": trial.document}})
    role = {"role": "witness", "reading": "B", "source": {"document_id": trial.document}}
    trial.made(f"/v1/participants/{trial.participants['D02']}/roles", role)
    complain(trial, "D01")
    act(trial, "merge", "D02", "D01")
    shown = summary(trial)
    assert "D02" not in str(shown)
    by_role = next(each for each in shown["figures"] if each["key"] == "complaints.by_role")
    assert by_role["value"] == [{"role": "defendant", "n": 1}]
    assert [each["value"] for each in by_role["readings"] if each["reading"] == "B"] == [[{"role": "witness", "n": 1}]]


def test_a_placeholder_that_turned_out_to_be_somebody_is_no_unknown_any_more(trial):
    person = {"case_id": trial.case, "role": "defendant", "is_anonymous": False, "is_protected": False, "named_in_source": False}
    unknown = {"code": "U01", "placeholder": {"stands_for": "person", "count": 1}}
    trial.participants["U01"] = trial.made("/v1/participants", {**person, **unknown})
    for hearing in ("H-01", "H-02"):
        trial.review(trial.filed(hearing=hearing))
    complain(trial, "U01")
    total = next(each for each in summary(trial)["figures"] if each["key"] == "complaints.total")
    assert (total["value"], total["at_least"]) == (1, True)
    act(trial, "merge", "U01", "D01")
    total = next(each for each in summary(trial)["figures"] if each["key"] == "complaints.total")
    assert (total["value"], total.get("at_least", False)) == (1, False)


def test_a_merge_changes_the_tag_and_looking_at_people_does_not_change_a_figure(trial):
    path = f"/v1/cases/{trial.case}/summary"
    tag = trial.server.get(path, token=trial.coordinator.token).headers["etag"]
    act(trial, "merge", "D02", "D01")
    again = trial.server.get(path, token=trial.coordinator.token, headers={"If-None-Match": tag})
    assert again.status_code == 200


def test_filings_about_a_merged_participant_go_on_arriving(trial):
    act(trial, "merge", "D02", "D01")
    late = complain(trial, "D02")
    assert [each["observations"] for each in summary(trial)["complaints"]["ledger"]] == [[late]]
    act(trial, "unmerge", "D02")
    assert [each["participant"] for each in summary(trial)["complaints"]["ledger"]] == ["D02"]


def test_a_participant_merged_and_unmerged_while_observations_arrive_loses_none(trial):
    def merge_and_part(_):
        act(trial, "merge", "D02", "D01")
        assert figures(summary(trial))["complaints.total"] <= 1
        act(trial, "unmerge", "D02")

    with ThreadPoolExecutor(5) as pool:
        filings = [pool.submit(complain, trial, "D01" if n % 2 else "D02") for n in range(12)]
        merges = pool.submit(lambda: [merge_and_part(n) for n in range(4)])
        ids = sorted(each.result() for each in filings)
        merges.result()
    shown = summary(trial)
    assert figures(shown)["complaints.total"] == 2
    assert sorted(found for each in shown["complaints"]["ledger"] for found in each["observations"]) == ids
    act(trial, "merge", "D02", "D01")
    (row,) = summary(trial)["complaints"]["ledger"]
    assert sorted(row["observations"]) == ids
