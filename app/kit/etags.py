"""Versions of what can be edited, as `ETag` and `If-Match` say them (RFC 9110, 8.8.3 and 13.1.1)."""

from typing import Annotated

from fastapi import Header

from app.kit.errors import STALE_VERSION, Problem

IfMatch = Annotated[str | None, Header(max_length=200, description="The `ETag` that the edit builds on; optional.", examples=['"3"'])]
"""The `If-Match` header of an edit."""


def tag(version: int) -> str:
    """The `ETag` of a version."""
    return f'"{version}"'


def check(expected: str | None, version: int) -> None:
    """409 `stale_version` with the version that stands now, where an edit builds on another; without a header nothing is asked."""
    wanted = {each.strip() for each in expected.split(",")} if expected is not None else {"*"}
    if not wanted & {"*", tag(version)}:
        raise Problem(STALE_VERSION, facts={"current_version": version})


def has(if_none_match: str | None, etag: str) -> bool:
    """Whether a caller has what the tag stands for (RFC 9110, 13.1.2)."""
    tags = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    return bool(tags & {etag, "*"})
