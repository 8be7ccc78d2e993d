"""Answers and marks beside the reference's second opinion, for the golden filings and for random programmes."""

from datetime import date

import pytest

from app.taxonomy.catalogue import current
from app.taxonomy.rules import check_answers, clean_answers, emit_marks
from tests.support.bodies import an_id, bodies_of, with_ids
from tests.support.reference import a_variant, load_file, reference_forms

TODAY = date(2026, 11, 25)
GOLDEN = load_file("zhanaozen_filings.json")


PROGRAMMES = [pytest.param(GOLDEN, id="golden"), *(pytest.param(seed, id=f"variant-{seed}") for seed in range(1, 21))]


def bodies(programme: object) -> list[dict]:
    return bodies_of(programme if isinstance(programme, dict) else a_variant(programme))


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_filing_the_reference_accepts_is_accepted(programme):
    for body in map(with_ids, bodies(programme)):
        form = current().forms[body["form"]]
        assert check_answers(form, body["answers"], hearing_id=body["hearing_id"], today=TODAY) == []


def of_reference(forms, body) -> set[tuple]:
    found = set()
    for mark in forms.marks(body, "OBS", "full"):
        unit = mark["unit"] if mark["unit"] == "case" else "hearing" if mark["unit"] == mark["hearing"] else "participant"
        person = an_id(f"$participant:{mark['unit']}") if unit == "participant" else None
        document = with_ids(mark.get("document"))
        rest = (mark.get("informant_role"), mark.get("informant"), mark.get("aspect"))
        found.add((mark["indicator"], unit, mark["value"], mark["basis"], person, document, *rest))
    return found


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_marks_equal_those_of_the_reference(programme):
    forms = reference_forms()
    for body in bodies(programme):
        form = current().forms[body["form"]]
        sent = with_ids(body)
        emitted = emit_marks(form, clean_answers(form, sent["answers"]))
        expected = of_reference(forms, body)
        assert {mark[:-1] for mark in emitted} == expected
        assert len(emitted) == len(expected)
