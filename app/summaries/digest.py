"""The fingerprint of a summary: equal for the same facts in every language and in every order of arrival.

SHA-256 over canonical JSON (keys sorted, no blanks, UTF-8) of the summary without `computed`, labels, sentences, links, and without the
ids and revisions of cases, which are the server's names for them and its count of what was entered when, and no facts about them.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

_SENTENCES = ("text", "statement", "label")
_OF_THE_SERVER = ("id", "revision")


def digest_of(summary: Mapping[str, Any]) -> str:
    """SHA-256 in hex of what a summary says."""
    return hashlib.sha256(orjson.dumps(said(summary), option=orjson.OPT_SORT_KEYS)).hexdigest()


def said(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What a summary says, part by part, in no language."""
    told = {name: part for name, part in summary.items() if name not in ("computed", "case")}
    if "case" in summary:
        told["case"] = _without([summary["case"]], _OF_THE_SERVER)[0]
    if "cases" in summary:
        told["cases"] = _without(summary["cases"], _OF_THE_SERVER)
    told["coverage"] = {**summary["coverage"], "statements": _without(summary["coverage"]["statements"])}
    told["figures"] = [{**each, "trace": {"count": each["trace"]["count"]}} for each in _without(summary["figures"])]
    for name in ("rights", "groups", "discrepancies"):
        if name in told:
            told[name] = _without(told[name])
    return told


def _without(rows: list[dict[str, Any]], names: tuple[str, ...] = _SENTENCES) -> list[dict[str, Any]]:
    return [{name: part for name, part in row.items() if name not in names} for row in rows]
