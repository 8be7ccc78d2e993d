"""The section about complaints of torture: how far they can be traced, and the ledger of everybody who complained."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from app.demo.findings import figures_of
from app.demo.tables import BAR, Part, bar, bullets, rows
from app.demo.words import UNKNOWN, Words

ANSWERS = ("yes", "no", "unknown", "contested")
FORMS_AND_FATES = ("complaints.by_role", "complaints.by_form", "complaints.by_judgment_treatment")
BAR_WIDTH = 22
WIDTH_OF_PERSONS = 30


def complaints(words: Words, case: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The funnel, the complaints by form and fate, and the ledger."""
    ledger = case["complaints"]["ledger"]
    if not ledger:
        yield Text(words.say("none_reported"))
        return
    yield _funnel(words, case["complaints"]["funnel"])
    figures = figures_of(case)
    said = [f"{figures[key]['label']}: {words.figure(figures[key])}" for key in FORMS_AND_FATES]
    responses = Counter(words.terms("court_response", each["response"] or [UNKNOWN]) for each in ledger)
    answers = "; ".join(f"{response}: {count}" for response, count in sorted(responses.items()))
    yield Padding(bullets([*said, words.say("responses", responses=answers)]), (1, 0))
    yield Text(words.say("ledger"))
    yield _ledger(words, case["complaints"])


def _funnel(words: Words, funnel: list[Mapping[str, Any]]) -> RenderableType:
    answers = [each for each in ANSWERS if any(each in stage for stage in funnel)]
    table = rows("", words.say("funnel.stage"), *(f"{words.say(each)} {BAR[each]}" for each in answers), "")
    for number, stage in enumerate(funnel, start=1):
        counts = [Part(each, stage.get(each, 0)) for each in answers]
        label = words.term("complaint_trace_stage", stage["stage"])
        table.add_row(str(number), label, *(str(part.size) for part in counts), bar(counts, BAR_WIDTH))
    return table


def _ledger(words: Words, found: Mapping[str, Any]) -> RenderableType:
    """Persons whose complaints went the same way stand in one row, so that nobody is left out and the eye finds the groups."""
    stages = [each["stage"] for each in found["funnel"]]
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in found["ledger"]:
        answers = (words.say(f"ledger.{each['stages'][stage]}") for stage in stages)
        groups[(_who(words, each), words.term("complaint_form", each["form"]), *answers)].append(each["participant"])
    headings = (words.say(f"ledger.{name}") for name in ("persons", "role", "form"))
    table = rows("", *headings, *map(str, range(1, len(stages) + 1)))
    table.columns[1].width = WIDTH_OF_PERSONS
    for rest, persons in groups.items():
        table.add_row(str(len(persons)), ", ".join(persons), *rest)
    return table


def _who(words: Words, complaint: Mapping[str, Any]) -> str:
    """A role, whether the person is identified, and what the court answered where that is known."""
    said = [words.term("participant_role", complaint["role"])]
    said += [words.say("placeholder")] if complaint.get("placeholder") else []
    known = [each for each in complaint["response"] if each != UNKNOWN]
    return ", ".join([*said, words.terms("court_response", known)] if known else said)
