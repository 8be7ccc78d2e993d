"""The fingerprint of a summary: equal for the same facts in every language and in every order of arrival.

SHA-256 over canonical JSON (keys sorted, no blanks, UTF-8) of the summary without `computed`, labels, sentences, links, and without the
id of the case, which is the server's name for it and no fact about it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

_SENTENCES = ("text", "statement", "label")


def digest_of(summary: Mapping[str, Any]) -> str:
    """SHA-256 in hex of what a summary says."""
    return hashlib.sha256(orjson.dumps(_said(summary), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _said(summary: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: part for name, part in summary.items() if name not in ("computed", "case")}
    if "case" in summary:
        said["case"] = {name: part for name, part in summary["case"].items() if name != "id"}
    said["coverage"] = {**summary["coverage"], "statements": _without(summary["coverage"]["statements"])}
    said["figures"] = [{**each, "trace": {"count": each["trace"]["count"]}} for each in _without(summary["figures"])]
    for name in ("rights", "groups", "discrepancies"):
        if name in said:
            said[name] = _without(said[name])
    return said


def _without(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: part for name, part in row.items() if name not in _SENTENCES} for row in rows]
