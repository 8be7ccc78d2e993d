"""What every request passes, as one plain ASGI layer: a request id, the language, safe headers, HEAD, and one line in the log.

A log line holds an event, the route's template, status, milliseconds and the request id: never a path value, a query, a body, an address.
"""

import logging
import os
import time
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit import i18n
from app.kit.i18n import asked_language, current_language

log = logging.getLogger("hearsight.requests")

SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_RAW_SAFE = [(name.lower().encode(), value.encode()) for name, value in SAFE_HEADERS.items()]
_DOCS = ("/docs", "/swagger")
_DOCS_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)


class Passage:
    """The one middleware of the application; it stands before the framework's own, which the short roads have no use for."""

    def __init__(self, app: ASGIApp, roads: Mapping[tuple[str, str], ASGIApp] | None = None) -> None:
        """`roads`: by method and path, what needs nothing of the framework's ways of finding a route and its arguments."""
        self.app = app
        self._roads = roads or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = os.urandom(8).hex()
        is_head = scope["method"] == "HEAD"
        status = 0
        if is_head:
            # A copy: the server that sends the answer must go on knowing that nothing but headers was asked for.
            scope = {**scope, "method": "GET"}
        scope["hearsight.request_id"], scope["hearsight.is_head"] = request_id, is_head
        wanted = _language(scope)
        asked = asked_language.set(wanted)
        language = current_language.set(wanted or i18n.FALLBACK)

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _harden(message, scope["path"], request_id)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._roads.get((scope["method"], scope["path"]), self.app)(scope, receive, answer)
        finally:
            current_language.reset(language)
            asked_language.reset(asked)
            if log.isEnabledFor(logging.INFO):
                _note(scope, status, started, request_id)


def _language(scope: Scope) -> str | None:
    """`?lang=` before `Accept-Language`; None where neither names a language that we have."""
    query = scope["query_string"]
    if b"lang=" in query:
        for part in query.decode("latin-1").split("&"):
            name, _, value = part.partition("=")
            if name == "lang" and value in i18n.LANGUAGES:
                return str(value)
    for name, header in scope["headers"]:
        if name == b"accept-language":
            return i18n.negotiate(header.decode("latin-1"))
    return None


def _harden(message: Message, path: str, request_id: str) -> None:
    headers = message.setdefault("headers", [])
    present = {name for name, _ in headers}
    headers.extend(pair for pair in _RAW_SAFE if pair[0] not in present)
    headers.append((b"x-request-id", request_id.encode()))
    if path.startswith(_DOCS):
        MutableHeaders(raw=headers)["Content-Security-Policy"] = _DOCS_POLICY


def _note(scope: Scope, status: int, started: float, request_id: str) -> None:
    route: Any = scope.get("route")
    facts = {
        "route": getattr(route, "path", "unrouted"),
        "method": scope["method"],  # the log's allow-list lets known ones through
        "status": status,
        "ms": round((time.perf_counter() - started) * 1000, 1),
        "request_id": request_id,
    }
    # Made here rather than by `log.info`, which would look up through the stack who calls.
    log.handle(log.makeRecord(log.name, logging.INFO, __file__, 0, "request", (), None, extra={"facts": facts}))
