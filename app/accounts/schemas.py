"""What crosses the wire about people, sessions, phones, programmes, memberships and service clients."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from app.accounts.rules import LONGEST_PASSWORD, normal_password
from app.kit import errors
from app.kit.ids import Id
from app.kit.wire import Body, Code, Instant, Text, at_most, clean_text, is_blank
from app.kit.zones import Zone

Role = Literal["observer", "coordinator", "custodian", "analyst", "auditor"]
MemberStatus = Literal["invited", "active", "removed"]
Fluency = Literal["full", "sufficient", "partial", "none"]
Language = Literal["en", "kk", "ru"]
Review = Literal["required", "trusted"]
Devices = Literal["optional", "required"]
LONGEST_USERNAME = 64
_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}


def _seen(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError(errors.REQUIRED, errors.REQUIRED)
    return text


def _username(text: str) -> str:
    name = _seen(text.strip())
    if len(name) > LONGEST_USERNAME:
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    if any(unicodedata.category(letter) in _UNSEEN for letter in name):
        raise PydanticCustomError(errors.INVALID_TEXT, errors.INVALID_TEXT)
    return name


def _password(given: SecretStr) -> SecretStr:
    text = normal_password(given.get_secret_value())
    try:
        clean_text(text, narrative=True)
    except ValueError:
        raise PydanticCustomError(errors.INVALID_TEXT, errors.INVALID_TEXT) from None
    if len(text) > LONGEST_PASSWORD:
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    return SecretStr(text)


Username = Annotated[Text, AfterValidator(_username), Field(examples=["a.observer"])]
"""1-64 characters that can be seen, in NFC, outer blanks cut. Compared without case."""

Name = Annotated[Text, AfterValidator(_seen), Field(examples=["Trials of 2012"])]
"""What people call a programme."""

Password = Annotated[SecretStr, AfterValidator(_password), Field(examples=["correct horse battery staple"])]
"""12-200 characters of any script after NFC; never in an answer, never in a log."""

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Languages = Annotated[dict[LanguageCode, Fluency], Field(max_length=20, examples=[{"kk": "full", "ru": "sufficient"}])]
"""How well a person follows a hearing in each language."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$", max_length=64), Field(examples=["trials-2012"])]
"""A programme's name in addresses: small Latin letters, digits, inner hyphens."""


class TokenShown(BaseModel):
    """A session's tokens. `expires_in` is in seconds; the refresh token is good once, and again while its successor is unused."""

    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiIs…"])
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a scheme, not a token
    expires_in: int = Field(examples=[600])
    refresh_token: str | None = Field(default=None, examples=["AZq…"])
    scope: str = Field(default="api", examples=["api"], description="For a service client what it may read, else `api`.")


class PasswordSet(Body):
    """Sets a password by a one-time secret."""

    username: Username
    secret: Annotated[SecretStr, Field(max_length=200, examples=["ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z"])]
    password: Password


class FirstCoordinator(Body):
    """Who will run a programme; without a password the answer holds a one-time secret."""

    username: Username
    password: Password | None = None
    code: Code = "COORD"
    languages: Languages = Field(default_factory=dict)


class ProgrammeCreated(Body):
    """A new programme and its first coordinator."""

    slug: Slug
    name: Name
    timezone: Zone
    default_language: Language = "en"
    review: Review = "required"
    devices: Devices = "optional"
    coordinator: FirstCoordinator


class ProgrammeChanged(Body):
    """What a coordinator may change of a programme; what is left out stays."""

    name: Name | None = None
    timezone: Zone | None = None
    default_language: Language | None = None
    review: Review | None = None
    devices: Devices | None = None


class MemberAdded(Body):
    """A new membership. An account is made where the username is new; an existing one finds an invitation in `/v1/me`."""

    username: Username
    password: Password | None = None
    code: Code
    role: Role
    languages: Languages = Field(default_factory=dict)


class MemberChanged(Body):
    """What a coordinator may change of a membership. `removed` takes effect on the next request; `active` brings a removed one back."""

    languages: Languages | None = None
    status: Literal["active", "removed"] | None = None


class ProgrammeShown(BaseModel):
    """A programme, without any of its content."""

    id: UUID
    slug: str = Field(examples=["trials-2012"])
    name: str = Field(examples=["Trials of 2012"])
    timezone: str = Field(examples=["Asia/Almaty"])
    default_language: Language
    review: Review
    devices: Devices
    version: int = Field(examples=[1])


class MemberShown(BaseModel):
    """A membership as coordinators see it. `invited` until the person accepts; a new account does so by signing in."""

    id: UUID
    programme_id: UUID
    username: str = Field(examples=["a.observer"])
    code: str = Field(examples=["OBS1"])
    role: Role
    languages: dict[str, Fluency] = Field(examples=[{"kk": "full", "ru": "sufficient"}])
    status: MemberStatus
    version: int = Field(examples=[1])


class MemberMade(MemberShown):
    """A new membership. `secret` stands there once, where no password was sent: with it the person sets one."""

    secret: str | None = Field(default=None, examples=["ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z"])
    secret_expires_at: datetime | None = None


class ProgrammeMade(ProgrammeShown):
    """A new programme with its first coordinator."""

    coordinator: MemberMade


class AccountShown(BaseModel):
    """The signed-in account."""

    id: UUID
    username: str = Field(examples=["a.observer"])
    is_operator: bool


class ProgrammeNamed(BaseModel):
    """A programme as its members' phones need it."""

    id: UUID
    slug: str = Field(examples=["trials-2012"])
    name: str = Field(examples=["Trials of 2012"])
    timezone: str = Field(examples=["Asia/Almaty"])
    default_language: Language


class MembershipShown(BaseModel):
    """What the caller is in one programme."""

    id: UUID
    programme_id: UUID
    programme: ProgrammeNamed
    role: Role
    code: str = Field(examples=["OBS1"])
    languages: dict[str, Fluency] = Field(examples=[{"kk": "full", "ru": "sufficient"}])
    status: MemberStatus


class DeviceShown(BaseModel):
    """An enrolled phone. `member` is the member's code. Of when it was last seen the day is kept: the day in the programme's zone.

    `replayed_on`: on that day a refresh token of it came again after its successor had been used, which ended its session. Somebody may
    have copied the phone.
    """

    id: UUID
    programme_id: UUID
    member: str = Field(examples=["OBS1"])
    label: str = Field(examples=["Phone 3"])
    enrolled_at: datetime
    last_seen_on: date | None
    replayed_on: date | None
    revoked_at: datetime | None


class MeShown(BaseModel):
    """The caller: account, memberships in force, invitations that wait for an answer, and the phone that the session is bound to.

    A phone's session holds the one membership that it was enrolled for, and sees no other.
    """

    account: AccountShown
    memberships: list[MembershipShown]
    invitations: list[MembershipShown]
    device: DeviceShown | None = None


def _distinct(scopes: list[str]) -> list[str]:
    if len(set(scopes)) < len(scopes):
        raise PydanticCustomError(errors.DUPLICATE_ITEM, errors.DUPLICATE_ITEM)
    return sorted(scopes)


ClientScope = Literal["summaries:read", "monitored:read", "observations:read", "journal:read"]
ClientScopes = Annotated[list[ClientScope], Field(min_length=1, max_length=4, examples=[["summaries:read"]]), AfterValidator(_distinct)]
"""What a service client may read. None opens an identity, and none writes."""

Label = Annotated[Text, AfterValidator(_seen), Field(examples=["Figures for the website"])]
"""What a service client is for, in words; not a person's name."""


class ClientCreated(Body):
    """A new service client; without `expires_at` it ends after a year, which is also the longest."""

    label: Label
    scopes: ClientScopes
    expires_at: Annotated[Instant | None, Field(examples=["2027-03-01T00:00:00Z"])] = None


class ClientShown(BaseModel):
    """A service client. `revoked_at` is set once it was revoked; it never comes back."""

    id: UUID
    programme_id: UUID
    label: str = Field(examples=["Figures for the website"])
    scopes: list[ClientScope] = Field(examples=[["summaries:read"]])
    created_by: UUID = Field(description="The membership that made it.")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class ClientMade(ClientShown):
    """A new service client with its secret, which stands here once and is kept nowhere."""

    secret: str = Field(examples=["b7c1…"])


EnrolmentMinutes = Annotated[int, Field(ge=5, le=10_080, examples=[1440])]
"""How long a code is good: five minutes to a week."""


class EnrolmentCreated(Body):
    """A code for the phone of an observer."""

    member_id: Id
    expires_in_minutes: EnrolmentMinutes = 1440


class EnrolmentMade(BaseModel):
    """A code, this once: only a digest of it is kept. `payload` is what the QR code in `qr_svg` says."""

    id: UUID
    member_id: UUID
    code: str = Field(examples=["4Q7H-02ZK-9MXE-TB5C"])
    expires_at: datetime
    payload: str = Field(examples=["https://hearsight.example.org/observe#enrol=4Q7H02ZK9MXETB5C"])
    qr_svg: str = Field(examples=["<svg…></svg>"])


Coordinate = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class PublicKey(Body):
    """The public key of a phone as a JSON Web Key (RFC 7517): a point on P-256. The private key never leaves the phone."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate = Field(examples=["axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY"])
    y: Coordinate = Field(examples=["T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"])


class DeviceCreated(Body):
    """A phone that enrols itself: the code, the public key of a pair that it made, and what its coordinator will know it by."""

    code: Annotated[SecretStr, Field(max_length=64, examples=["4Q7H-02ZK-9MXE-TB5C"])]
    public_key: PublicKey
    label: Annotated[Text, AfterValidator(_seen), at_most(100), Field(json_schema_extra={"maxLength": 100}, examples=["Phone 3"])]


class DeviceMade(TokenShown):
    """An enrolled phone and the tokens of its session; each refresh must be signed with its key."""

    device: DeviceShown


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to become a member: the name, and what an account made for it would be opened with."""

    username: str
    username_key: str
    password_hash: str | None
    secret: str | None
    secret_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObserverKnown:
    """A member with the role observer, removed ones included: what they filed stays, and so does how well they followed it."""

    id: UUID
    code: str
    languages: dict[str, str]
    status: str
