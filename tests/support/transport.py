"""Requests to an application in this process, each carried to the application's thread once: the usual way crosses eight times."""

import asyncio

import httpx2
from anyio.from_thread import BlockingPortal


class InProcess(httpx2.BaseTransport):
    """Calls an application in the thread in which it was started. What it fails with after its answer is raised if `raises` says so."""

    def __init__(self, app, portal: BlockingPortal, client: tuple[str, int]) -> None:
        self._app, self._portal, self._client = app, portal, client
        self.raises = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        exchange = Exchange(request.read())
        try:
            self._portal.call(self._app, self._scope(request), exchange.receive, exchange.send)
        except Exception:
            if self.raises or not exchange.start:
                raise
        body = b"" if request.method == "HEAD" else b"".join(exchange.body)
        return httpx2.Response(exchange.start["status"], headers=exchange.start["headers"], stream=httpx2.ByteStream(body), request=request)

    def _scope(self, request: httpx2.Request):
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": url.path,
            "raw_path": url.raw_path.split(b"?", 1)[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": self._client,
            "server": (url.host, url.port or 80),
            "state": {},
        }


class Exchange:
    """One request, and what is answered to it."""

    def __init__(self, body: bytes) -> None:
        self._request = body
        self._is_read = False
        self._ended = asyncio.Event()
        self.start = {}
        self.body = []

    async def receive(self):
        if self._is_read:
            await self._ended.wait()
            return {"type": "http.disconnect"}
        self._is_read = True
        return {"type": "http.request", "body": self._request, "more_body": False}

    async def send(self, message) -> None:
        if message["type"] == "http.response.start":
            assert not self.start, "an answer begins once"
            self.start = message
            return
        assert self.start, "an answer has a start before its body"
        assert not self._ended.is_set(), "an answer has one end"
        self.body.append(bytes(message.get("body", b"")))
        if not message.get("more_body", False):
            self._ended.set()
