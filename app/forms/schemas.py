"""What crosses the wire when a phone gets ready (codes, and no name of anybody), and about a programme's own forms."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.accounts.schemas import ProgrammeShown
from app.taxonomy.shown import FormShown

Labels = dict[str, str]


class MemberOnPhone(BaseModel):
    """As whom the caller files."""

    id: UUID
    code: str = Field(examples=["OBS1"])
    role: Literal["observer", "coordinator"]
    languages: dict[str, str] = Field(examples=[{"kk": "full", "ru": "sufficient"}])


class CourtOnPhone(BaseModel):
    """A court; without a zone of its own it keeps the programme's."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    code: str
    label: str
    timezone: str | None


class CaseOnPhone(BaseModel):
    """A case, with nothing that a coordinator noted about it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    code: str
    title: str
    court_id: UUID
    charge_articles: list[str]
    verdict_on: str | None


class HearingOnPhone(BaseModel):
    """A hearing; `court_id` null means the case's court, `date` is the plain day there.

    `locked_at`: the coordinator closed it then, and what comes of it now waits for review.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    case_id: UUID
    code: str
    date: dt.date
    court_id: UUID | None
    starts_at: dt.datetime | None
    instance: str
    hearing_type: str
    language: str | None
    status: Literal["scheduled", "held", "postponed", "cancelled"]
    mode: str | None
    locked_at: dt.datetime | None


class AssignmentOnPhone(BaseModel):
    """What the caller is to observe: one hearing, or a case with all its hearings."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    hearing_id: UUID | None
    case_id: UUID | None


class ParticipantOnPhone(BaseModel):
    """Somebody under a code. `roles` holds what sources say beside `role`; `stands_for` marks somebody nobody identified."""

    id: UUID
    case_id: UUID
    code: str
    role: str
    roles: list[str]
    stands_for: Literal["person", "group"] | None
    merged_into: UUID | None = Field(description="Who this is, where two were found to be one: not to be chosen any more, still valid.")


class DocumentOnPhone(BaseModel):
    """Something that an answer can cite."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    case_id: UUID | None
    code: str
    kind: str
    title: str


class TermOnPhone(BaseModel):
    """A term in every language that it has."""

    code: str
    label: Labels


class IndicatorOnPhone(TermOnPhone):
    """What `indicator_picks` chooses from."""

    right: str
    applies_to: Literal["hearing", "case", "participant"]
    kind: str
    polarity: str


class Bootstrap(BaseModel):
    """All that a phone needs to work for days without a network."""

    programme: ProgrammeShown
    member: MemberOnPhone
    taxonomy_version: str = Field(examples=["1.1.0"])
    courts: list[CourtOnPhone]
    cases: list[CaseOnPhone]
    hearings: list[HearingOnPhone]
    assignments: list[AssignmentOnPhone]
    participants: list[ParticipantOnPhone]
    documents: list[DocumentOnPhone]
    forms: list[FormShown] = Field(description="Each form in its newest version, as `GET /v1/forms/{code}/versions/{version}` shows it.")
    vocabularies: dict[str, list[TermOnPhone]] = Field(
        description="By the names that questions give in `choices`, and those of parts of answers."
    )
    indicators: list[IndicatorOnPhone]
    rights: list[TermOnPhone]


Told = dict[str, Any]


class OwnFormListed(BaseModel):
    """A version of a programme's own form, as those see it who write it."""

    id: UUID
    programme_id: UUID
    code: str = Field(examples=["x_courthouse"])
    version: str = Field(examples=["1"])
    label: str = Field(examples=["The courthouse"])
    labels: Labels
    opened_from: str | None = Field(examples=["hearing"])
    status: Literal["draft", "published"]
    questions: int = Field(examples=[2])
    written_by: str = Field(examples=["C1"], description="The code of who wrote it.")
    written_at: dt.datetime
    published_by: str | None
    published_at: dt.datetime | None
    digest: str = Field(description="SHA-256 of the form as it is kept, in hex; the journal names it when the form is published.")


class OwnFormShown(OwnFormListed):
    """The same with the form itself, as phones are shown it once it is published."""

    form: FormShown
