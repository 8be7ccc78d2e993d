"""Edits as handlers see them: fields that may be left out, and the headers of an answer that shows one thing."""

from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.kit import etags

UNCHANGED: Any = Field(default_factory=lambda: None)
"""Default of a field that may be left out of an edit. Nothing reads it: an edit takes only the fields that were sent."""


class Kept(Protocol):
    """Something shown that stands under an id."""

    id: UUID


class Edited(Kept, Protocol):
    """Something shown that can be edited."""

    version: int


Shown = TypeVar("Shown", bound=Edited)
Standing = TypeVar("Standing", bound=Kept)


class Reply:
    """The headers of an answer that shows one thing."""

    def __init__(self, request: Request, response: Response) -> None:
        self._path = request.url.path
        self._headers = response.headers

    def tagged(self, shown: Shown) -> Shown:
        """The same, with its `ETag`."""
        self._headers["ETag"] = etags.tag(shown.version)
        return shown

    def created(self, shown: Shown) -> Shown:
        """The same, with its `ETag` and where it stands from now on."""
        return self.tagged(self.located(shown))

    def located(self, shown: Standing) -> Standing:
        """The same, with where it stands from now on."""
        self._headers["Location"] = f"{self._path}/{shown.id}"
        return shown


ReplyOf = Annotated[Reply, Depends()]
"""The answer of a handler, for its headers."""
