"""Takes out of a filings file what its expected discrepancies are made of: the notes, roles, outcomes and observations of the other side.

Nothing here names a case. What goes is found from the discrepancy's check, its subject, and the sources of its values.
"""

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

Raw = dict[str, Any]
Found = Mapping[str, Any]


def agreeing(raw: Raw, expected: list[Found] | None = None) -> Raw:
    """The same file without the discrepancies given; without all that it expects where none are given."""
    made = copy.deepcopy(raw)
    for each in raw["expect"]["discrepancies"] if expected is None else expected:
        removals = _OF_STATISTICS if each["summary"] == "statistics" else _OF_CASES
        removals[each["check"]](made, each)
    _let_go(made)
    return made


def _let_go(raw: Raw) -> None:
    """Corrections of what is gone, changes of it and reviews of it go as well."""
    kept = {each["body"]["id"] for each in [*raw["observations"], *_asked(raw, "/v1/observations")]}
    raw["observations"] = [each for each in raw["observations"] if each["body"]["supersedes"] in {None, *kept}]
    made = {each["ref"] for each in _all(raw) if "ref" in each}
    raw["documents"] = [each for each in raw["documents"] if each["method"] != "PATCH" or each["path"].rsplit("/", 1)[-1] in made]
    accepted = raw["reviews"]["body"]
    accepted["ids"] = [each for each in accepted["ids"] if each in kept]


def _all(raw: Raw) -> list[Raw]:
    return [*raw["setup"], *raw["documents"]]


def _asked(raw: Raw, path: str) -> list[Raw]:
    return [each for each in _all(raw) if each.get("path") == path]


def _drop(raw: Raw, is_gone: Callable[[Raw], bool]) -> None:
    """Drop requests, wherever they stand."""
    for stage in ("setup", "observations", "documents"):
        raw[stage] = [each for each in raw[stage] if not is_gone(each)]


def _case(found: Found) -> str:
    return f"$case:{found['summary'].removeprefix('case:')}"


def _person(found: Found) -> str:
    return f"${found['subject']}"


def _answers(request: Raw) -> Raw:
    return request["body"].get("answers", {}) if request.get("path", "/v1/observations") == "/v1/observations" else {}


def _is_of(request: Raw, found: Found, form: str) -> bool:
    return bool(_answers(request)) and (request["body"]["form"], request["body"]["case_id"]) == (form, _case(found))


def _is_outcome(request: Raw, found: Found, **fields: Any) -> bool:
    body = request.get("body", {})
    is_row = request.get("path") == "/v1/outcomes" and body["case_id"] == _case(found)
    return is_row and all(body.get(name) == value for name, value in fields.items())


def _forget(raw: Raw, people: set[str]) -> None:
    """Nobody speaks of some participants any more: filings about them alone go, in lists of several they are left out."""
    _drop(raw, lambda each: _is_about(_answers(each), people))
    for each in [*raw["observations"], *raw["documents"]]:
        if _answers(each):
            each["body"]["answers"] = _without(_answers(each), people)


def _is_about(said: Any, people: set[str]) -> bool:
    """Whether something is about some participants and nobody else."""
    if not isinstance(said, dict):
        return isinstance(said, str) and said in people
    listed = said.get("participant_refs")
    return said.get("participant_ref") in people or (bool(listed) and set(listed) <= people)


def _without(said: Any, people: set[str]) -> Any:
    if isinstance(said, list):
        return [_without(each, people) for each in said if not _is_about(each, people)]
    if isinstance(said, dict):
        kept = {name: _without(part, people) for name, part in said.items()}
        return {name: part for name, part in kept.items() if part != [] or said[name] == []}
    return said


def _without_roles(raw: Raw, found: Found) -> None:
    _drop(raw, lambda each: each.get("path") == f"/v1/participants/{_person(found)}/roles")


def _without_question(raw: Raw, found: Found) -> None:
    _drop(raw, lambda each: each.get("path") == "/v1/notes" and each["body"]["values"].get("participant") == _person(found))


def _as_counted(raw: Raw, found: Found) -> None:
    """Of those not listed by name nobody complains; what is in the judgment without a written form is not there; no unnumbered group."""
    if found["subject"] == "complaints.in_judgment_not_written":
        (people,) = (each["value"] for each in found["values"] if isinstance(each["value"], list))
        _forget(raw, {f"$participant:{each}" for each in people})
    elif found["subject"] == "witnesses.anonymous":
        groups = {f"${each['source']}" for each in found["values"] if each["source"].startswith("participant:")}
        _forget(raw, groups)
        _drop(raw, lambda each: each.get("ref") in groups)
    else:
        listed = {each["ref"] for each in _asked(raw, "/v1/participants") if each["body"]["named_in_source"]}
        _drop(raw, lambda each: _is_of(each, found, "torture_complaint") and each["body"]["answers"]["participant_ref"] not in listed)


def _without_parts(raw: Raw, found: Found) -> None:
    if found["subject"] == "outcomes.balance":
        _without_verdicts(raw, found)
    elif found["subject"] == "outcomes.custody_balance":
        for each in raw["documents"]:
            if each["path"].startswith("/v1/outcomes"):
                each["body"] = {name: part for name, part in each["body"].items() if name not in ("custody_status", "status_as_of")}
    else:
        _drop(raw, lambda each: _is_outcome(each, found, result="replaced_by_suspended"))


def _with_number(raw: Raw, found: Found) -> None:
    if found["subject"] == "retractions.persons":
        _drop(raw, lambda each: _is_of(each, found, "witness_retraction"))
    else:
        _drop(raw, lambda each: _is_outcome(each, found, count=None) and "participant_id" not in each["body"])


def _in_order(raw: Raw, found: Found) -> None:
    _drop(raw, lambda each: _is_of(each, found, "access_restriction") and _answers(each)["change"] not in ("new", "extended"))


def _without_verdicts(raw: Raw, found: Found) -> None:
    _drop(raw, lambda each: _is_outcome(each, found, instance="first") or _is_of(each, found, "outcome"))


def _unsaid(raw: Raw, found: Found) -> None:
    key, _, cell = found["subject"].partition("/")

    def says_it(values: Raw) -> bool:
        return values.get("about") == key and values.get("cell", "") == cell

    _drop(raw, lambda each: each.get("path") == "/v1/notes" and says_it(each["body"]["values"]))


_OF_CASES: Mapping[str, Callable[[Raw, Found], None]] = {
    "role_differs": _without_roles,
    "identity_uncertain": _without_question,
    "listed_against_counted": _as_counted,
    "parts_against_total": _without_parts,
    "number_missing": _with_number,
    "order_unknown": _in_order,
    "cross_table_incomplete": _without_verdicts,
    "statement_against_figure": _unsaid,
    "statements_differ": _unsaid,
}


def _tables(raw: Raw) -> list[Raw]:
    return raw["statistics"]["body"].get("tables", [])


def _named(row: Raw) -> str:
    return "/".join(str(row[name]) for name in ("article", "year") if row.get(name) is not None)


def _without_printed_rates(raw: Raw, found: Found) -> None:
    """One row's printed rate goes, or all of a table whose printed rates do not go together."""
    key, _, row = found["subject"].replace(".rate", "").partition("/")
    for each in (each for table in _tables(raw) if table["key"] == key for each in table["rows"]):
        if row in ("", _named(each)):
            each.pop("printed_rate", None)


def _without_rows_or_sums(raw: Raw, found: Found) -> None:
    key, _, row = found["subject"].partition("/")
    body = raw["statistics"]["body"]
    body["sums"] = [each for each in body.get("sums", []) if f"sum:{each['key']}" != key]
    for table in (each for each in _tables(raw) if each["key"] == key):
        table["rows"] = [each for each in table["rows"] if _named(each) != row]
    body["tables"] = [each for each in _tables(raw) if each["rows"]]


def _without_statements(raw: Raw, found: Found) -> None:
    gone = {found for each in found["values"] for found in re.findall(r"statement:([^/ ]+)", each["source"])}
    body = raw["statistics"]["body"]
    body["statements"] = [each for each in body.get("statements", []) if each["key"] not in gone]


def _without_counts(raw: Raw, found: Found) -> None:
    """The tables whose numbers are compared are about the subject no more, but for the first where they are compared with each other."""
    keys = list(dict.fromkeys(found for each in found["values"] for found in re.findall(r"table:([^/ ]+)", each["source"])))
    for table in _tables(raw):
        if table["key"] in keys[found["check"] == "statements_differ" :]:
            table.pop("counts", None)


def _with_one_name(raw: Raw, found: Found) -> None:
    offence, _, what = found["subject"].partition("/")
    for each in raw["statistics"]["body"]["offences"]:
        if f"offence:{each['code']}" == offence:
            each[what] = each[what][:1]


_OF_STATISTICS: Mapping[str, Callable[[Raw, Found], None]] = {
    "rate_against_counts": _without_printed_rates,
    "parts_against_total": _without_rows_or_sums,
    "statement_against_figure": _without_statements,
    "statements_differ": _without_counts,
    "observed_against_official": _without_counts,
    "names_differ": _with_one_name,
}
