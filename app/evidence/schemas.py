"""What crosses the wire about attachments, and what an upload is while it goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.kit.ids import Id
from app.kit.wire import Body, Text, at_most

_GIBIBYTE = 1024 * 1024 * 1024
LARGEST = 200 * 1024 * 1024
MOST = 20
DAILY = 2 * _GIBIBYTE
TOTAL = 100 * _GIBIBYTE
CEILING = 4 * _GIBIBYTE
"""What one file may have, and an observation or a document of them, and one member in a day, and a programme, in bytes, unless it is set
otherwise; no file is ever larger than the last."""
Flag = Literal["type_mismatch", "unlisted_type", "undeclared_digest"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be, how many one observation or document may have, what a member may begin in a day, what a programme may hold.

    In bytes, but for the number.
    """

    size: int = LARGEST
    number: int = MOST
    daily: int = DAILY
    total: int = TOTAL


class Metadata(Body):
    """What a phone says of a file: whose it is, its own id for it, what it is called, its type and its SHA-256 in hex.

    The programme is needed by whoever works in several, where the observation is not here yet.
    """

    id: Id | None = None
    programme_id: Id | None = None
    observation_id: Id | None = None
    document_id: Id | None = None
    filename: Text | None = None
    filetype: Annotated[Text, at_most(255)] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True)] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a file is, and the random name of the folder under which it lies."""

    programme_id: UUID
    id: UUID
    folder: str


@dataclass(frozen=True, slots=True)
class Upload(Place):
    """An upload as its next part finds it: what of its `length` is durable, and until when that is kept while the rest is missing."""

    length: int
    received: int
    is_whole: bool
    declared_sha256: str | None
    declared_type: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A durable part of an upload."""

    start: int
    length: int
    name: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What was found out about a file when it had come whole, and the names under which its copies lie."""

    sha256: str
    type: str
    flags: tuple[Flag, ...]
    size: tuple[int, int] | None
    thumbnail: str | None = None
    public: str | None = None

    @property
    def copies(self) -> dict[str, str]:
        """The names of the copies that there are."""
        return {part: name for part, name in (("thumbnail", self.thumbnail), ("public", self.public)) if name is not None}


class AttachmentShown(BaseModel):
    """An attachment without its content and without its name, which come with the download alone.

    `sent_by` is the code of who sent it. `received` of `length` bytes are stored; `state` is `complete` once all of them are, and their
    digest was compared; what came before that is kept until `expires_at`. `type` is what the content looks like, `declared_type` what
    the phone said; `flags` say what to be careful about.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "5b0a4c52-5a0e-4d5a-9a30-0e4f2a1d7c11",
                    "programme_id": "01998c1e-0f00-7000-8000-000000000001",
                    "observation_id": "38c13a88-e30f-53a5-8795-6d375143c25c",
                    "document_id": None,
                    "sent_by": "OBS1",
                    "state": "complete",
                    "length": 184320,
                    "received": 184320,
                    "created_at": "2026-11-25T09:30:00.000000Z",
                    "received_at": "2026-11-25T09:31:10.000000Z",
                    "expires_at": None,
                    "sha256": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
                    "declared_type": "image/jpeg",
                    "type": "image/jpeg",
                    "flags": [],
                    "width": 1600,
                    "height": 1200,
                    "has_thumbnail": True,
                    "has_copy": True,
                }
            ]
        }
    )

    id: UUID
    programme_id: UUID
    observation_id: UUID | None
    document_id: UUID | None
    sent_by: str
    state: Literal["incomplete", "complete"]
    length: int
    received: int
    created_at: datetime
    received_at: datetime | None
    expires_at: datetime | None
    sha256: str | None
    declared_type: str | None
    type: str | None
    flags: list[Flag]
    width: int | None
    height: int | None
    has_thumbnail: bool
    has_copy: bool
