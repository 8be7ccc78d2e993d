"""Turns a filings file (golden, variant, or the base of an example) directly into what a summary is folded from, without a server."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from app.summaries.records import (
    CaseRecords,
    Document,
    Filing,
    Hearing,
    Mark,
    Member,
    Note,
    Outcome,
    Participant,
    Placeholder,
    ProgrammeRecords,
    RoleReading,
    Source,
    Stored,
)
from app.taxonomy.catalogue import Taxonomy, current
from app.taxonomy.rules import EmittedMark, emit_marks
from tests.support.reference import load_file

TODAY = date(2026, 1, 1)


def code_of(ref: str) -> str:
    """The code in a reference: `$participant:D01` is `D01`."""
    return ref.split(":", 1)[1]


def coded(value: Any) -> Any:
    """References replaced by codes, however deep they stand."""
    if isinstance(value, str):
        return code_of(value) if re.match(r"\$[a-z]+:", value) else value
    if isinstance(value, list):
        return [coded(each) for each in value]
    return {name: coded(each) for name, each in value.items()} if isinstance(value, dict) else value


@dataclass
class FilingsFile:
    """A filings file as the server knows it after all requests."""

    raw: Mapping[str, Any]
    taxonomy: Taxonomy = field(default_factory=current)

    def __post_init__(self) -> None:
        self.requests = [*self.raw["setup"], *self.raw["documents"]]
        self.observers = {each["code"] for each in self._made("/v1/programmes/$programme/members") if each["role"] == "observer"}
        sent = [*self.raw["observations"], *(each for each in self.requests if each.get("path") == "/v1/observations")]
        self.sent = {each["body"]["id"]: each for each in reversed(sent)}
        self.accepted = set(self.raw["reviews"]["body"]["ids"])

    def programme(self) -> ProgrammeRecords:
        """The programme with all its cases."""
        notes = tuple(self._notes(None))
        cases = tuple(self._case(each, notes) for each in self._made("/v1/cases"))
        return ProgrammeRecords(id="programme-id", cases=cases, members=self._members(), notes=notes)

    def case(self, code: str) -> CaseRecords:
        """One case."""
        return next(each for each in self.programme().cases if each.code == code)

    def _made(self, path: str) -> list[dict[str, Any]]:
        return [each["body"] for each in self.requests if each.get("path") == path and each["method"] == "POST"]

    def _members(self) -> tuple[Member, ...]:
        members = self._made("/v1/programmes/$programme/members")
        return tuple(Member(f"member-{each['code']}", each["code"], each["languages"]) for each in members if each["role"] == "observer")

    def _case(self, body: Mapping[str, Any], programme_notes: tuple[Note, ...]) -> CaseRecords:
        code = body["code"]
        mine = [each for each in self.sent.values() if code_of(each["body"]["case_id"]) == code]
        ids = {origin: frozenset(e["body"]["id"] for e in mine if (e["as"] in self.observers) == origin) for origin in (True, False)}
        return CaseRecords(
            id=f"case-{code}",
            code=code,
            monitoring=body["monitoring"],
            defendants_stated=body.get("defendants_stated"),
            verdict_on=body.get("verdict_on"),
            participants=tuple(self._people(code)),
            hearings=tuple(
                Hearing(f"hearing-{each['code']}", each["code"], date.fromisoformat(each["date"]), each["status"])
                for each in self._made("/v1/hearings")
                if code_of(each["case_id"]) == code
            ),
            documents=tuple(
                Document(f"document-{each['code']}", each["code"], each["kind"])
                for each in self._made("/v1/documents")
                if each.get("case_id") == f"$case:{code}"
            ),
            outcomes=tuple(self._outcomes(code)),
            notes=tuple(self._notes(code)),
            filings=tuple(self._filing(each) for each in mine if each["body"]["id"] in self.accepted),
            stored=Stored(observer=ids[True], document=ids[False]),
            members=self._members(),
            today=TODAY,
            programme_notes=programme_notes,
        )

    def _people(self, case: str) -> Iterator[Participant]:
        for body in self._made("/v1/participants"):
            if code_of(body["case_id"]) != case:
                continue
            path = f"/v1/participants/$participant:{body['code']}/roles"
            roles = [RoleReading(each["role"], each["reading"], source_of(each["source"])) for each in self._made(path)]
            held = body.get("placeholder")
            yield Participant(
                id=f"participant-{body['code']}",
                code=body["code"],
                role=body["role"],
                is_anonymous=body["is_anonymous"],
                is_protected=body["is_protected"],
                named_in_source=body["named_in_source"],
                roles=tuple(roles),
                placeholder=Placeholder(held["stands_for"], held.get("count"), held.get("at_least")) if held else None,
            )

    def _outcomes(self, case: str) -> Iterator[Outcome]:
        for request in self.requests:
            if request.get("path") != "/v1/outcomes" or code_of(request["body"]["case_id"]) != case:
                continue
            body = dict(request["body"])
            for patch in self.requests:
                if patch["method"] == "PATCH" and patch["path"] == f"/v1/outcomes/{request['ref']}":
                    body.update(patch["body"])
            plain = ("count", "verdict", "result", "term_months", "new_term_months", "custody_status")
            yield Outcome(
                id=f"outcome-{code_of(request['ref'])}",
                instance=body["instance"],
                source=source_of(body["source"]),
                participant=code_of(body["participant_id"]) if "participant_id" in body else None,
                is_group="participant_id" not in body,
                sentences=tuple(body["sentences"]) if "sentences" in body else None,
                **{name: body.get(name) for name in plain},
            )

    def _notes(self, case: str | None) -> Iterator[Note]:
        for body in self._made("/v1/notes"):
            if (code_of(body["case_id"]) if body["case_id"] else None) == case:
                yield Note(
                    id=f"note-{body['key']}",
                    kind=body["kind"],
                    key=body["key"],
                    values=coded(body.get("values") or {}),
                    source=source_of(body["source"]),
                    target_kind=body.get("target_kind"),
                    target=body.get("target"),
                )

    def _filing(self, request: Mapping[str, Any]) -> Filing:
        body, who = request["body"], request["as"]
        form = self.taxonomy.forms[body["form"]]
        answers = {name: coded(value) for name, value in body["answers"].items() if form.questions[name].type != "text"}
        return Filing(
            id=body["id"],
            form=body["form"],
            hearing=code_of(body["hearing_id"]) if body["hearing_id"] else None,
            captured_at=datetime.fromisoformat(body["captured_at"]),
            observer=who,
            is_observer=who in self.observers,
            answers=answers,
            marks=tuple(_mark(each) for each in emit_marks(form, coded(body["answers"]))),
        )


def source_of(body: Mapping[str, Any]) -> Source:
    """A source as the API takes it."""
    document = body.get("document_id")
    return Source(code_of(document) if document else None, body.get("observation_id"), body.get("locator"))


def _mark(emitted: EmittedMark) -> Mark:
    names = ("indicator", "unit", "value", "basis", "participant", "document", "informant_role", "informant", "aspect", "listed")
    return Mark(**{name: getattr(emitted, name) for name in names})


@cache
def golden() -> FilingsFile:
    """The golden filings."""
    return FilingsFile(load_file("zhanaozen_filings.json"))
