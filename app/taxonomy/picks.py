"""Checking the parts of structured answers: indicator picks, roles of participants, counts (`meta.structured_answers`)."""

from typing import Any

from app.kit import errors
from app.taxonomy.sheet import LARGEST_INTEGER, NOT_RELEVANT, Place, Sheet

PICK_FIELDS = frozenset(
    {"indicator", "value", "participant_refs", "basis", "informant_role", "informant_ref", "document_ref", "aspect", "note"}
)
DOCUMENTED = ("document", "official_recording")
TOLD = "told_by_"
LONGEST_NOTE = 500
LONGEST_INFORMANT = 40
INFORMANT = r"^[A-Za-z0-9_-]+$"
_TERMS = {"basis": "observation_basis", "informant_role": "participant_role", "aspect": "fact_aspect"}
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def check_pick(sheet: Sheet, part: Any, place: Place) -> None:
    """One indicator picked from the whole list: never a derived one, and about what the indicator applies to."""
    pick = sheet.parts(part, ("indicator", "value"), PICK_FIELDS, place)
    if pick is None or not _check_indicator(sheet, pick, place):
        return
    vocabularies = sheet.form.vocabularies
    sheet.term(vocabularies["observation_value"], pick["value"], *place, "value")
    for name, vocabulary in _TERMS.items():
        if name in pick:
            sheet.term(vocabularies[vocabulary], pick[name], *place, name)
    _check_people(sheet, pick, place)
    _check_source(sheet, pick, place)
    if "note" in pick:
        sheet.text(pick["note"], LONGEST_NOTE, *place, "note")


def _check_indicator(sheet: Sheet, pick: dict[str, Any], place: Place) -> bool:
    code = pick["indicator"]
    found = sheet.form.indicators.get(code) if isinstance(code, str) else None
    if found is None or found.derived:
        sheet.fault(errors.NOT_IN_VOCABULARY if isinstance(code, str) else errors.WRONG_TYPE, *place, "indicator")
        return False
    if found.applies_to == "hearing" and sheet.hearing is None:
        sheet.fault(NOT_RELEVANT, *place, "indicator")
    return True


def _check_people(sheet: Sheet, pick: dict[str, Any], place: Place) -> None:
    people = pick.get("participant_refs", [])
    here = (*place, "participant_refs")
    if not sheet.several(people, lambda one, where: sheet.reference(one, *where), here):
        return
    is_about_people = sheet.form.indicators[pick["indicator"]].applies_to == "participant"
    if is_about_people and not people:
        sheet.fault(errors.REQUIRED, *here)
    if people and not is_about_people:
        sheet.fault(NOT_RELEVANT, *here)


def _check_source(sheet: Sheet, pick: dict[str, Any], place: Place) -> None:
    basis = pick.get("basis")
    if "document_ref" in pick:
        sheet.reference(pick["document_ref"], *place, "document_ref")
    elif basis in DOCUMENTED:
        sheet.fault(errors.REQUIRED, *place, "document_ref")
    if "informant_role" not in pick and isinstance(basis, str) and basis.startswith(TOLD):
        sheet.fault(errors.REQUIRED, *place, "informant_role")
    if "informant_ref" in pick:
        informant = sheet.text(pick["informant_ref"], LONGEST_INFORMANT, *place, "informant_ref")
        if informant is not None and not (informant and _LETTERS.issuperset(informant)):
            sheet.fault(errors.WRONG_FORMAT, *place, "informant_ref")


def check_role(sheet: Sheet, part: Any, place: Place) -> None:
    """In which role somebody was heard to be addressed."""
    names = ("participant_ref", "role")
    if (role := sheet.parts(part, names, names, place)) is not None:
        sheet.reference(role["participant_ref"], *place, "participant_ref")
        sheet.term(sheet.form.vocabularies["participant_role"], role["role"], *place, "role")


def check_count(sheet: Sheet, part: Any, place: Place) -> None:
    """How many of something were counted: 0 or more. One filing may hold two counts of one subject, as when the court said two numbers."""
    names = ("subject", "value")
    if (count := sheet.parts(part, names, names, place)) is None:
        return
    sheet.term(sheet.form.vocabularies["count_subject"], count["subject"], *place, "subject")
    if count["value"].__class__ is not int:
        sheet.fault(errors.WRONG_TYPE, *place, "value")
    elif not 0 <= count["value"] <= LARGEST_INTEGER:
        sheet.fault(errors.OUT_OF_RANGE, *place, "value")
