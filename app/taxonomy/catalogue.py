"""The taxonomy as typed, frozen values: loaded once from package data, the same for everybody.

A core form's version is its taxonomy's. Every version ever shipped stays in `versions/`, so that an old filing can be read for ever.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

import orjson

from app.taxonomy.conditions import Condition, Leaf, condition_of, holds

Labels = Mapping[str, str]
Unit = Literal["hearing", "case", "participant"]
EmitUnit = Literal["hearing", "case", "listed", "all_concerned"]

_FILE = re.compile(r"taxonomy-([0-9]+\.[0-9]+\.[0-9]+)\.json")


@dataclass(frozen=True, slots=True, eq=False)
class RightGroup:
    """A family of rights under one heading."""

    code: str
    labels: Labels


@dataclass(frozen=True, slots=True, eq=False)
class Right:
    """A fair-trial right; `unit` is what it is assessed per."""

    code: str
    labels: Labels
    group: str
    fundamental: bool
    unit: Unit
    needs_documents: bool


@dataclass(frozen=True, slots=True, eq=False)
class Indicator:
    """One thing that can be seen to have happened or not; severity 1 (slight) to 4 (gravest)."""

    code: str
    labels: Labels
    help: Labels
    right: str
    kind: str
    polarity: str
    severity: int
    applies_to: Unit
    content_dependent: bool
    outcome_link: bool
    harm: bool
    derived: bool
    needs_document: bool
    opposes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A term of a vocabulary. What only some vocabularies say of their terms is None elsewhere; `attributes` has all of it by name."""

    code: str
    labels: Labels
    indicator: str | None
    order: int | None
    conviction: bool | None
    custodial: bool | None
    sufficient: bool | None
    assessable: bool | None
    content_dependent: bool | None
    coercion: bool | None
    class_: str | None
    attributes: Mapping[str, Any]


Vocabulary = Mapping[str, Term]


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """The limits of an answer; `not_before` and `not_more_than` name another question of the form."""

    min: int | None = None
    max: int | None = None
    max_length: int | None = None
    min_items: int = 0
    pattern: str | None = None
    shape: re.Pattern[str] | None = None
    not_before: str | None = None
    not_more_than: str | None = None
    not_future: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Emit:
    """An answer makes a mark: when, of which indicator, with which value, about whom."""

    when: Condition
    indicator: str
    value: str
    unit: EmitUnit


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question of a form.

    `sensitivity` is the one in force (the question's, else the form's default), `own_sensitivity` the one written on the question.
    `listed_in` names the question directly behind it that lists participants: "who", after "did it happen to anybody".
    `emits_by_answer` are the emits that each single answer makes, where nothing but that answer decides; else None.
    """

    code: str
    type: str
    labels: Labels
    help: Labels
    required: bool
    choices: str | None
    terms: Vocabulary
    relevant: Condition | None
    constraint: Constraint
    emits: tuple[Emit, ...]
    emits_by_answer: Mapping[str, tuple[Emit, ...]] | None
    emits_from_terms: bool
    sensitivity: str
    own_sensitivity: str | None
    opens_form: str | None
    seconds: int
    listed_in: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Questions under one heading."""

    code: str
    labels: Labels
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form in one version. `subject` is what it is about: hearing, participant, participant_or_hearing or case."""

    code: str
    version: str
    labels: Labels
    subject: str
    default_sensitivity: str
    max_minutes: int
    opens: tuple[str, ...]
    sections: tuple[Section, ...]
    questions: Mapping[str, Question]
    emitting: tuple[Question, ...]
    indicators: Mapping[str, Indicator] = field(repr=False)
    vocabularies: Mapping[str, Vocabulary] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Taxonomy:
    """One version of it all. `raw` is the file as published, `assessment` its rules of rating; both are to be read only."""

    version: str
    rights: Mapping[str, Right]
    right_groups: Mapping[str, RightGroup]
    indicators: Mapping[str, Indicator]
    vocabularies: Mapping[str, Vocabulary]
    forms: Mapping[str, Form]
    raw: Mapping[str, Any] = field(repr=False)
    assessment: Mapping[str, Any] = field(repr=False)


@cache
def versions() -> tuple[str, ...]:
    """Every version ever shipped, oldest first."""
    found = (_FILE.fullmatch(each.name) for each in files(__package__).joinpath("versions").iterdir())
    return tuple(sorted((match[1] for match in found if match), key=_numbers))


def version(wanted: str) -> Taxonomy | None:
    """The taxonomy in one version, or None for a version that was never shipped."""
    return _load(wanted) if wanted in versions() else None


def current() -> Taxonomy:
    """The newest version: the one by which new filings are checked and figures computed."""
    return _load(versions()[-1])


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


@cache
def _load(wanted: str) -> Taxonomy:
    return taxonomy_of(orjson.loads(files(__package__).joinpath("versions", f"taxonomy-{wanted}.json").read_bytes()))


def taxonomy_of(raw: Mapping[str, Any]) -> Taxonomy:
    """The typed view of a taxonomy file's JSON."""
    indicators = _by_code([_indicator(each) for each in raw["indicators"]])
    vocabularies = MappingProxyType({each["code"]: _by_code([_term(term) for term in each["terms"]]) for each in raw["vocabularies"]})
    number = raw["meta"]["version"]
    return Taxonomy(
        version=number,
        rights=_by_code([_right(each) for each in raw["rights"]]),
        right_groups=_by_code([RightGroup(each["code"], _labels(each["label"])) for each in raw["right_groups"]]),
        indicators=indicators,
        vocabularies=vocabularies,
        forms=_by_code([_form(each, number, indicators, vocabularies) for each in raw["forms"]]),
        raw=MappingProxyType(dict(raw)),
        assessment=MappingProxyType(raw["assessment"]),
    )


def own_form(raw: Mapping[str, Any], number: str, taxonomy: Taxonomy) -> Form:
    """A programme's own form in one version. It chooses from lists of its own, and from those of the taxonomy it was written against."""
    own = {each["code"]: _by_code([_term(term) for term in each["terms"]]) for each in raw["vocabularies"]}
    return _form(raw, number, taxonomy.indicators, MappingProxyType({**taxonomy.vocabularies, **own}))


def _by_code(things: list[Any]) -> Mapping[str, Any]:
    return MappingProxyType({each.code: each for each in things})


def _labels(texts: Mapping[str, str] | None) -> Labels:
    return MappingProxyType(dict(texts or {}))


def _right(raw: Mapping[str, Any]) -> Right:
    return Right(raw["code"], _labels(raw["label"]), raw["group"], raw["fundamental"], raw["unit"], raw["needs_documents"])


def _indicator(raw: Mapping[str, Any]) -> Indicator:
    plain = ("code", "right", "kind", "polarity", "severity", "applies_to")
    claims = ("content_dependent", "outcome_link", "harm", "derived", "needs_document")
    return Indicator(
        labels=_labels(raw["label"]),
        help=_labels(raw.get("help")),
        opposes=tuple(raw["opposes"]),
        **{name: raw[name] for name in plain + claims},
    )


def _term(raw: Mapping[str, Any]) -> Term:
    named = ("indicator", "order", "conviction", "custodial", "sufficient", "assessable", "content_dependent", "coercion")
    attributes = {name: value for name, value in raw.items() if name not in ("code", "label")}
    return Term(
        code=raw["code"],
        labels=_labels(raw["label"]),
        class_=raw.get("class"),
        attributes=MappingProxyType(attributes),
        **{name: raw.get(name) for name in named},
    )


def _form(raw: Mapping[str, Any], number: str, indicators: Mapping[str, Indicator], vocabularies: Mapping[str, Vocabulary]) -> Form:
    following = _listing(raw)
    sections = tuple(
        Section(
            each["code"],
            _labels(each["label"]),
            tuple(_question(q, raw["default_sensitivity"], vocabularies, following.get(q["code"])) for q in each["questions"]),
        )
        for each in raw["sections"]
    )
    questions = [question for section in sections for question in section.questions]
    return Form(
        code=raw["code"],
        version=number,
        labels=_labels(raw["label"]),
        subject=raw["subject"],
        default_sensitivity=raw["default_sensitivity"],
        max_minutes=raw["max_minutes"],
        opens=tuple(raw["opens"]),
        sections=sections,
        questions=_by_code(questions),
        emitting=tuple(q for q in questions if q.emits or q.emits_from_terms or q.type == "indicator_picks"),
        indicators=indicators,
        vocabularies=vocabularies,
    )


def _listing(raw: Mapping[str, Any]) -> dict[str, str]:
    """For each question directly before one that lists participants, the code of the latter."""
    questions = [question for section in raw["sections"] for question in section["questions"]]
    return {q["code"]: behind["code"] for q, behind in pairwise(questions) if behind["type"] == "participant_refs"}


def _question(raw: Mapping[str, Any], default: str, vocabularies: Mapping[str, Vocabulary], listed_in: str | None) -> Question:
    terms: Vocabulary = vocabularies[raw["choices"]] if raw["choices"] else MappingProxyType({})
    emits = tuple(Emit(condition_of(each["when"]), each["indicator"], each["value"], each["unit"]) for each in raw.get("emits", ()))
    return Question(
        code=raw["code"],
        type=raw["type"],
        labels=_labels(raw["label"]),
        help=_labels(raw.get("help")),
        required=raw["required"],
        choices=raw["choices"],
        terms=terms,
        relevant=condition_of(raw["relevant"]) if raw["relevant"] else None,
        constraint=_constraint(raw["constraint"] or {}),
        emits=emits,
        emits_by_answer=_by_answer(raw["code"], terms, emits) if raw["type"] == "select_one" else None,
        emits_from_terms=raw.get("emits_from_terms", False),
        sensitivity=raw.get("sensitivity", default),
        own_sensitivity=raw.get("sensitivity"),
        opens_form=raw.get("opens_form"),
        seconds=raw["est_seconds"],
        listed_in=listed_in,
    )


def _by_answer(code: str, terms: Vocabulary, emits: tuple[Emit, ...]) -> Mapping[str, tuple[Emit, ...]] | None:
    """The emits of each term, found once; None where an emit also depends on another question."""
    if not all(isinstance(emit.when, Leaf) and emit.when.question == code for emit in emits):
        return None
    return {term: tuple(emit for emit in emits if holds(emit.when, {code: term})) for term in terms}


def _constraint(raw: Mapping[str, Any]) -> Constraint:
    pattern = raw.get("pattern")
    return Constraint(**raw, shape=re.compile(_to_the_end(pattern)) if pattern else None)


def _to_the_end(pattern: str) -> str:
    """The pattern as its author meant it: Python's `$` would let a line end through."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern
