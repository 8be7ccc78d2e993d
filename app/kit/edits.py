"""Edits: what a caller leaves out stays, and what somebody else changed meanwhile is not overwritten (RFC 9110, 13.1.1)."""

from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Header
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.kit.errors import STALE_VERSION, Problem

UNCHANGED: Any = Field(default_factory=lambda: None)
"""Default of a field that may be left out of an edit. Nothing reads it: an edit takes only the fields that were sent."""

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=500, description="The `ETag` of what was read; without it the edit is made whatever stands there."),
]


class Edited(Protocol):
    """Something shown that can be edited."""

    id: UUID
    version: int


Shown = TypeVar("Shown", bound=Edited)


def etag(version: int) -> str:
    """The `ETag` of a version."""
    return f'"{version}"'


def check_version(if_match: str | None, version: int) -> None:
    """Raise 409 `stale_version`, with the version that stands, where the caller read another one."""
    if if_match is None:
        return
    tags = {tag.strip() for tag in if_match.split(",")}
    if not tags & {"*", etag(version)}:
        raise Problem(STALE_VERSION, facts={"current_version": version})


class Reply:
    """The headers of an answer that shows something editable."""

    def __init__(self, request: Request, response: Response) -> None:
        self._path = request.url.path
        self._headers = response.headers

    def tagged(self, shown: Shown) -> Shown:
        """The same, with its `ETag`."""
        self._headers["ETag"] = etag(shown.version)
        return shown

    def created(self, shown: Shown) -> Shown:
        """The same, with its `ETag` and where it stands from now on."""
        self._headers["Location"] = f"{self._path}/{shown.id}"
        return self.tagged(shown)


ReplyOf = Annotated[Reply, Depends()]
"""The answer of a handler, for its headers."""
