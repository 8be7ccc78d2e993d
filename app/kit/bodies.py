"""What a request says of its body, and the body itself: no more of it than its route takes, and of no other kind."""

from collections.abc import Iterable
from email.message import Message as Headers

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from app.kit import errors
from app.kit.errors import Problem


class PlainRequest(Request):
    """A request whose body is taken straight from the server: 413 `body_too_large` at the first part beyond what the route takes."""

    def __init__(self, request: Request, largest: int) -> None:
        super().__init__(request.scope, request.receive)
        self._largest = largest

    async def body(self) -> bytes:
        """The whole body; a caller who is gone before it is whole raises `ClientDisconnect`."""
        parts, left, is_whole = [], self._largest, False
        while not is_whole:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            left -= len(parts[-1])
            if left < 0:
                raise too_large()
            is_whole = not message.get("more_body", False)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def headers_of(request: Request, name: bytes) -> list[str]:
    """What a request says under a header, which is named in small letters; Starlette's own way takes all of them apart first."""
    return [value.decode("latin-1") for each, value in request.scope["headers"] if each == name]


def check_declared_size(request: Request, largest: int) -> None:
    """413 `body_too_large` before anything is read, where a request says itself that its body is larger than the route takes."""
    declared = next(iter(headers_of(request, b"content-length")), "0")
    if not declared.isdecimal() or len(declared) > len(str(largest)) or int(declared) > largest:
        raise too_large()


def counted(receive: Receive, largest: int) -> Receive:
    """The same stream of a body, which ends in 413 `body_too_large` at the first part beyond the limit, whatever was declared."""
    left = largest

    async def receive_counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise too_large()
        return message

    return receive_counted


def too_large() -> Problem:
    """413, and the connection is closed: the rest of such a body is not worth reading."""
    return Problem(errors.BODY_TOO_LARGE, headers={"Connection": "close"})


def check_content(request: Request, encodings: Iterable[str] = ()) -> str:
    """The content encoding of a JSON body; 415 for another media type or an encoding that the route does not take."""
    declared = next(iter(headers_of(request, b"content-type")), "")
    # What nearly everybody sends needs no parser.
    if declared != "application/json" and not is_json(declared):
        raise Problem(errors.UNSUPPORTED_MEDIA_TYPE)
    encoding = next(iter(headers_of(request, b"content-encoding")), "identity").lower()
    if encoding not in ("identity", *encodings):
        raise Problem(errors.UNSUPPORTED_ENCODING)
    return encoding


def is_json(declared: str) -> bool:
    """Whether a Content-Type means JSON in UTF-8 (RFC 8259, section 8.1)."""
    headers = media(declared)
    charset = headers.get_param("charset", "utf-8")
    return headers.get_content_type() == "application/json" and str(charset).lower() in ("utf-8", "utf8")


def media(declared: str) -> Headers:
    """A Content-Type, taken apart; where it names no media type, that is text."""
    headers = Headers()
    headers["content-type"] = declared
    return headers
