"""What crosses the wire when somebody reads the taxonomy: labels in the caller's language, and all languages beside them."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

LabelLanguage = Literal["en", "kk", "ru"]


class Labelled(BaseModel):
    """A code and its label. `label_language` is the language that `label` is in: another than asked for where there is no such label."""

    code: str
    label: str
    labels: dict[str, str]
    label_language: LabelLanguage


class RightShown(Labelled):
    """A fair-trial right, and the instruments that it stands on."""

    group: str
    fundamental: bool
    unit: str
    needs_documents: bool
    instruments: list[dict[str, Any]]


class IndicatorShown(Labelled):
    """One thing that can be seen to have happened or not. Help texts are in English where there is no other."""

    right: str
    kind: str
    polarity: str
    severity: int = Field(description="1 (slight) to 4 (gravest)")
    applies_to: Literal["hearing", "case", "participant"]
    content_dependent: bool
    outcome_link: bool
    harm: bool
    derived: bool
    needs_document: bool
    opposes: list[str]
    help: str | None = None
    help_language: LabelLanguage | None = None


class TermShown(Labelled):
    """A term; some vocabularies say more of their terms (`indicator`, `order`, `conviction`, …)."""

    model_config = ConfigDict(extra="allow")


class VocabularyShown(Labelled):
    """A vocabulary with its terms, in order."""

    ordered: bool
    terms: list[TermShown]


class ConditionShown(BaseModel):
    """A condition: one question's answer compared (`q`, `op`, `value`), or several conditions of which all or any must hold."""

    model_config = ConfigDict(extra="forbid")
    q: str | None = None
    op: Literal["eq", "ne", "in", "not_in", "contains", "answered"] | None = None
    value: str | list[str] | None = None
    all: list["ConditionShown"] | None = None
    any: list["ConditionShown"] | None = None


class ConstraintShown(BaseModel):
    """The limits of an answer; `not_before` and `not_more_than` name another question of the form."""

    model_config = ConfigDict(extra="forbid")
    min: int | None = None
    max: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    pattern: str | None = None
    not_before: str | None = None
    not_more_than: str | None = None
    not_future: bool | None = None


class EmitShown(BaseModel):
    """The mark that an answer makes."""

    when: ConditionShown
    indicator: str
    value: str
    unit: str


class QuestionShown(Labelled):
    """A question; `sensitivity` is the one in force, its own or the form's."""

    type: str
    required: bool
    choices: str | None
    relevant: ConditionShown | None
    constraint: ConstraintShown | None
    est_seconds: int
    sensitivity: str
    emits: list[EmitShown] = []
    emits_from_terms: bool = False
    opens_form: str | None = None
    vocabulary: str | None = None
    help: str | None = None
    help_language: LabelLanguage | None = None


class SectionShown(Labelled):
    """Questions under one heading."""

    questions: list[QuestionShown]


class FormHead(Labelled):
    """A form without its questions. A programme's own has a code with `x_`, and names its programme and the form that it is opened from."""

    version: str
    subject: str
    default_sensitivity: str
    max_minutes: int
    opens: list[str]
    opened_from: str | None = None
    programme_id: UUID | None = None
    taxonomy_version: str | None = None


class FormListed(FormHead):
    """A form in its newest version, and every version there is of it."""

    versions: list[str]


class FormList(BaseModel):
    """Every core form, and the own ones of the caller's programmes."""

    items: list[FormListed]
    next_cursor: str | None = None


class FormShown(FormHead):
    """A form in one version; `vocabularies` are lists that only this form has."""

    sections: list[SectionShown]
    vocabularies: list[VocabularyShown] = []


class TaxonomyShown(BaseModel):
    """One version of rights, indicators, vocabularies, forms and rules of assessment."""

    meta: dict[str, Any]
    sources: list[dict[str, Any]]
    right_groups: list[Labelled]
    rights: list[RightShown]
    indicators: list[IndicatorShown]
    vocabularies: list[VocabularyShown]
    forms: list[FormShown]
    assessment: dict[str, Any]
    crosswalks: list[dict[str, Any]]
