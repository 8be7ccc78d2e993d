"""The sections about one case, in the order in which a coordinator asks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from app.demo.complaints import complaints
from app.demo.findings import Told, figures_of
from app.demo.in_short import in_short
from app.demo.origins import origins
from app.demo.rights import rights
from app.demo.tables import bullets, rows
from app.demo.words import Words

Case = Mapping[str, Any]
OUTCOMES = ("convicted", "acquitted", "custodial", "conditional", "released", "held", "commuted", "unattributed")


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    parts: list[RenderableType]


@dataclass(frozen=True)
class Hearings:
    """The hearings of a case by code, with their days."""

    days: Mapping[str, str]

    def named(self, code: str) -> str:
        """A hearing's code with its day."""
        return f"{code} ({self.days[code]})" if code in self.days else code


def sections_of(words: Words, code: str, told: Told) -> list[Section]:
    """Every section about a case."""
    case, hearings = told.summary, Hearings({each["code"]: each["date"] for each in told.hearings})
    parts = {
        "coverage": _coverage(words, case, [hearings.named(each["code"]) for each in told.unseen]),
        "in_short": in_short(words, case),
        "complaints": complaints(words, case),
        "restrictions": _restrictions(words, case, hearings),
        "language": _language(words, case, hearings),
        "retractions": _retractions(words, case),
        "outcomes": _outcomes(words, case),
        "rights": rights(words, case),
        "readings": _readings(words, case),
        "differences": _differences(words, case, hearings),
        "discrepancies": discrepancies(words, case),
        "origins": origins(words, told),
    }
    found = [Section(words.say(f"section.{name}", case=code), list(under)) for name, under in parts.items()]
    return [section for section in found if section.parts]


def _coverage(words: Words, case: Case, unseen: list[str]) -> Iterator[RenderableType]:
    said = [statement["text"] for statement in case["coverage"]["statements"]]
    if unseen:
        said.append(words.say("unseen", hearings=", ".join(unseen)))
    if case["caveats"]:
        said.append(words.say("caveats", caveats=words.terms("coverage_caveat", (each["caveat"] for each in case["caveats"]))))
    yield bullets(said)


def _restrictions(words: Words, case: Case, hearings: Hearings) -> Iterator[RenderableType]:
    table = rows(*(words.say(f"restrictions.{name}") for name in ("order", "what", "first", "by")))
    for each in case["restrictions"]:
        ordered_by = words.terms("ordered_by", each["ordered_by"])
        what = words.terms("restriction_kind", each["kinds"])
        table.add_row(words.amount(each["order"]), what, hearings.named(each["first_hearing"]), ordered_by)
    yield table if case["restrictions"] else Text(words.say("none_reported"))


def _language(words: Words, case: Case, hearings: Hearings) -> Iterator[RenderableType]:
    figures = figures_of(case)
    language = words.terms("court_language", case["language"]) if case["language"] else words.say("unknown")
    table = rows("", "")
    table.show_header = False
    table.add_row(figures["language.court"]["label"], language)
    lost = figures["coverage.hearings_not_understood"]
    table.add_row(lost["label"], ", ".join(map(hearings.named, lost["value"])) if lost["value"] else words.figure(lost))
    for number, each in enumerate(case["counsel"]):
        table.add_row(words.say("counsel") if not number else "", words.indicator(each))
    yield table


def _retractions(words: Words, case: Case) -> Iterator[RenderableType]:
    figures = figures_of(case)
    for key in ("retractions.persons", "retractions.stated", "witnesses.anonymous"):
        yield Text(f"{figures[key]['label']}: {words.figure(figures[key])}")
    reasons = ((each["participant"], words.terms("retraction_reason", each["reasons"])) for each in case["retractions"])
    yield bullets(f"{participant}: {said or words.say('unknown')}" for participant, said in reasons)


def _outcomes(words: Words, case: Case) -> Iterator[RenderableType]:
    figures = figures_of(case)
    yield Text("; ".join(f"{figures[f'outcomes.{name}']['label']}: {words.figure(figures[f'outcomes.{name}'])}" for name in OUTCOMES))
    for change in case["outcomes"]["changes"]:
        old, new = (words.amount(change[f"{name}_months"]) for name in ("from", "to"))
        yield Text(words.say("term_changed", participant=change["participant"], old=old, new=new))
    table = rows(*(words.say(f"checks.{name}") for name in ("check", "left", "right", "holds")))
    for check in case["outcomes"]["consistency"]:
        sides = (_side(words, check[side]) for side in ("left", "right"))
        table.add_row(words.say(f"check.{check['check']}"), *sides, words.say("adds_up" if check["holds"] else "adds_not"))
    yield Padding(table, (1, 0, 0, 0))


def _side(words: Words, value: Any) -> str:
    return " / ".join(map(words.amount, value)) if isinstance(value, list) else words.amount(value)


def _readings(words: Words, case: Case) -> Iterator[RenderableType]:
    read = [each for each in case["figures"] if each.get("readings")]
    if not read:
        yield Text(words.say("readings.none"))
        return
    yield Text(words.say("readings.why"))
    names = [each["reading"] for each in read[0]["readings"]]
    table = rows(words.say("readings.figure"), *(words.say("readings.reading", name=name) for name in names))
    for figure in read:
        said = (words.value(figure["type"], each["value"], at_least=bool(figure.get("at_least"))) for each in figure["readings"])
        table.add_row(figure["label"], *said)
    yield table


def _differences(words: Words, case: Case, hearings: Hearings) -> Iterator[RenderableType]:
    table = rows(*(words.say(f"differences.{name}") for name in ("hearing", "what", "said")))
    for each in case["disagreements"]:
        said = "\n".join(_stance(words, each, stance) for stance in each["values"])
        table.add_row(hearings.named(each["hearing"]), _about(words, each), said)
    yield table if case["disagreements"] else Text(words.say("differences.none"))
    if case["not_assessable"]:
        yield Padding(Text(words.say("not_assessable")), (1, 0, 0, 0))
        yield bullets(_unsure(words, each, hearings) for each in case["not_assessable"])


def _unsure(words: Words, said: Mapping[str, Any], hearings: Hearings) -> str:
    answer = words.answer(said["kind"], said["what"], said["value"])
    return f"{said['observer']}, {hearings.named(said['hearing'])}: {_about(words, said)}: {answer}"


def _about(words: Words, topic: Mapping[str, Any]) -> str:
    what = words.what(topic["kind"], topic["what"])
    return what if topic["unit"] == topic["hearing"] else f"{what}: {topic['unit']}"


def _stance(words: Words, topic: Mapping[str, Any], stance: Mapping[str, Any]) -> str:
    said = words.answer(topic["kind"], topic["what"], stance["value"])
    who = words.say("decides") if stance.get("decides") else ", ".join(stance["observers"]) or words.say("document")
    return f"{said}: {who}"


def discrepancies(words: Words, case: Mapping[str, Any]) -> Iterator[RenderableType]:
    """All of them by check. A statement is `label: subject. values.`, so that a group's label stands once above it."""
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in case["discrepancies"]:
        groups[each["check"]].append(each)
    if not groups:
        yield Text(words.say("discrepancies.none"))
    for found in groups.values():
        label = found[0]["statement"].partition(": ")[0]
        yield Padding(Text(f"{label} ({len(found)})", style="bold"), (1, 0, 0, 0))
        yield bullets(map(_said, found))


def _said(discrepancy: Mapping[str, Any]) -> str:
    """The sentence without its label, and where in its documents it stands: a sentence names a document by its code only."""
    said = str(discrepancy["statement"].partition(": ")[2])
    places = [each["source"].partition(":")[2] for each in discrepancy["values"] if each["source"].startswith("document:")]
    return f"{said} [{'; '.join(places)}]" if places else said
