"""A case's papers in order: filings sorted by form, people and hearings under their codes; everything that follows starts here."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.summaries.counting import Tracer
from app.summaries.lexicon import Lexicon, lexicon_of
from app.summaries.records import CaseRecords, Filing, Hearing, Mark, Participant
from app.taxonomy.catalogue import Taxonomy

EVERYBODY = "all_concerned"


@dataclass(frozen=True, slots=True)
class Docket:
    """The records of one case, indexed once. Filings stand in the order of their ids, each once: arrival decides nothing."""

    records: CaseRecords
    lexicon: Lexicon
    tracer: Tracer
    filings: tuple[Filing, ...]
    by_form: Mapping[str, tuple[Filing, ...]]
    people: Mapping[str, Participant]
    hearings: Mapping[str, Hearing]
    defendants: tuple[str, ...]

    def of(self, *forms: str) -> Iterator[Filing]:
        """The counted filings of some forms."""
        for form in forms:
            yield from self.by_form.get(form, ())

    def is_placeholder(self, code: str) -> bool:
        """Whether a code stands for somebody nobody identified."""
        person = self.people.get(code)
        return person is not None and person.placeholder is not None

    def is_documentary(self, filing: Filing) -> bool:
        """Whether a filing says what a document or a recording shows."""
        return filing.answers.get("basis") in self.lexicon.documentary

    def units(self, filing: Filing, mark: Mark) -> tuple[str, ...]:
        """What a mark is about: a hearing's code, `case`, a participant's code, or for `all_concerned` every defendant present.

        Present is every identified defendant whom the same filing does not list as absent; whom it lists beside the answer is left
        out as well. A mark about a hearing that the filing does not name is about nothing.
        """
        match mark.unit:
            case "case":
                return ("case",)
            case "hearing":
                return (filing.hearing,) if filing.hearing else ()
            case "all_concerned":
                away = (*listed(filing, "absent_who"), *mark.listed)
                return tuple(code for code in self.defendants if code not in away) if away else self.defendants
            case _:
                return (mark.participant,) if mark.participant else ()


def docket_of(records: CaseRecords, taxonomy: Taxonomy) -> Docket:
    """The docket of a case; a filing that stands twice under one id counts once."""
    filings = tuple(sorted({each.id: each for each in records.filings}.values(), key=lambda each: each.id))
    by_form: dict[str, list[Filing]] = defaultdict(list)
    for each in filings:
        by_form[each.form].append(each)
    people = {each.code: each for each in sorted(records.participants, key=lambda each: each.code)}
    return Docket(
        records=records,
        lexicon=lexicon_of(taxonomy),
        tracer=Tracer(records),
        filings=filings,
        by_form={form: tuple(each) for form, each in by_form.items()},
        people=people,
        hearings={each.code: each for each in records.hearings},
        defendants=tuple(code for code, each in people.items() if each.role == "defendant" and each.placeholder is None),
    )


def listed(filing: Filing, question: str) -> tuple[str, ...]:
    """The codes that answer a question which lists some; nothing where it was not answered."""
    answer = filing.answers.get(question)
    return tuple(answer) if isinstance(answer, (list, tuple)) else ()


def named(filing: Filing) -> tuple[str, ...]:
    """The participants whom a filing is about."""
    one = filing.answers.get("participant_ref")
    return (one,) if isinstance(one, str) else listed(filing, "participant_refs")
