"""Who is shown what, as a value: what an entry commits to, and what is kept beside it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pydantic import Field
from pydantic.fields import FieldInfo

from app.journal import rules
from app.kit.ids import AnyId


class What(StrEnum):
    """What somebody was shown that not everybody may see."""

    IDENTITY = "identity"
    NARRATIVE = "narrative"
    EXPORT = "export"
    ATTACHMENT = "attachment"
    REASON = "reason"


class Thing(StrEnum):
    """Whose or which it was: what a showing names."""

    OBSERVATION = "observation"
    PARTICIPANT = "participant"
    ATTACHMENT = "attachment"
    HEARING = "hearing"


def discloses(what: What) -> FieldInfo:
    """Marks a field of an answer that shows something of which the journal must tell before it is shown."""
    found: FieldInfo = Field(json_schema_extra={"x-discloses": what.value})
    return found


@dataclass(frozen=True, slots=True)
class Showing:
    """Who is shown what: `reader` is a membership or a service client, nobody where it happens on the machine itself.

    `things` are what is shown and the people whom it is about. With `is_whole` it is every narrative that the log tells of until then.
    An entry commits to it under the salt; the rest is kept beside the journal, for auditors, and may be forgotten one day.
    """

    what: What
    reader: AnyId | None = None
    things: frozenset[tuple[Thing, UUID]] = frozenset()
    is_whole: bool = False
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(rules.HASH_LENGTH))

    def commitment(self, log: AnyId) -> str:
        """What an entry of a log says of it, in hex."""
        said = rules.canonical(
            {
                "what": self.what.value,
                "reader": self.reader,
                "things": sorted([kind.value, str(each)] for kind, each in self.things),
                "whole": self.is_whole,
            }
        )
        return rules.commitment_to_showing(str(log), self.salt, said).hex()


def things_of(kind: Thing, ids: Iterable[UUID]) -> frozenset[tuple[Thing, UUID]]:
    """Things of one kind."""
    return frozenset((kind, each) for each in ids)
