"""Builders of valid records: a case with one observed hearing and two defendants, and filings that say the least they may."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.summaries.records import CaseRecords, Document, Filing, Hearing, Mark, Member, Note, Outcome, Participant, Source
from app.taxonomy.catalogue import current
from app.taxonomy.rules import emit_marks

A_DAY = date(2020, 3, 2)
PAPER = Source(document="paper", locator="page 1")


def a_participant(code: str, role: str = "defendant", **more: Any) -> Participant:
    """Somebody of the case."""
    return Participant(id=f"id-{code}", code=code, role=role, **more)


def a_hearing(code: str = "h1", *, day: date = A_DAY, status: str = "held") -> Hearing:
    """A hearing of the case."""
    return Hearing(id=f"id-{code}", code=code, date=day, status=status)


def a_filing(form: str, answers: dict[str, Any], *, hearing: str | None = "h1", by: str = "EYE", n: int = 0, minute: int = 0) -> Filing:
    """A filing with the marks that its answers make; `n` tells filings apart that are alike otherwise."""
    said = {"basis": "seen", "confidence": "medium", **answers}
    names = ("indicator", "unit", "value", "basis", "participant", "document", "informant_role", "informant", "aspect", "listed")
    marks = emit_marks(current().forms[form], said)
    return Filing(
        id=str(uuid5(NAMESPACE_URL, repr((form, sorted(said.items(), key=str), hearing, by, n)))),
        form=form,
        hearing=hearing,
        captured_at=datetime(2020, 3, 2, 10, minute, tzinfo=UTC),
        observer=by,
        is_observer=by != "BOSS",
        answers=said,
        marks=tuple(Mark(**{name: getattr(each, name) for name in names}) for each in marks),
    )


def a_hearing_filing(comprehension: str = "full", **more: Any) -> Filing:
    """An observer's report of a hearing."""
    answers = {"own_comprehension": comprehension, "court_language": "ru", "openness": "open", **more.pop("answers", {})}
    return a_filing("hearing", answers, **more)


def a_complaint(person: str, form: str = "written", **more: Any) -> Filing:
    """A complaint of torture, heard."""
    answers = {"participant_ref": person, "form": form, "basis": "heard", "trace_raised": "yes", **more.pop("answers", {})}
    return a_filing("torture_complaint", answers, **more)


def an_outcome(person: str | None, verdict: str | None = "convicted", *, n: int = 0, **more: Any) -> Outcome:
    """A decision of the first instance about one person; about a group where nobody is named."""
    fields = {"instance": "first", "sentences": ("imprisonment",) if verdict == "convicted" else (), "source": PAPER, **more}
    return Outcome(id=f"id-{person}-{fields['instance']}-{n}", participant=person, is_group=person is None, verdict=verdict, **fields)


def a_note(kind: str, key: str = "N1", **values: Any) -> Note:
    """A note of a coordinator."""
    return Note(id=f"id-{key}", kind=kind, key=key, values=values, source=PAPER)


def a_case(*filings: Filing, **more: Any) -> CaseRecords:
    """A case with hearing h1, defendants P1 and P2, witness W1, and the filings given."""
    given: dict[str, Any] = {
        "participants": (a_participant("P1"), a_participant("P2"), a_participant("W1", "witness")),
        "hearings": (a_hearing(),),
        "documents": (Document("id-paper", "paper", "report"),),
        "members": (Member("id-EYE", "EYE", {"ru": "full"}), Member("id-EAR", "EAR", {"ru": "full"})),
        "today": date(2020, 6, 1),
        **more,
    }
    return CaseRecords(id="id-X1", code="X1", monitoring="full", filings=filings, **{"defendants_stated": 2, "verdict_on": None, **given})
