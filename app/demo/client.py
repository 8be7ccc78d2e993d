"""Speaks to the demonstration's server over HTTP: signs in, sends, reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from app.demo.player import Reply

MOST_LISTED = 200


class TalkError(Exception):
    """The server did not answer as it should; the text says what was asked, on one line."""


@dataclass(frozen=True)
class Client:
    """An HTTP client of the API; everything it raises is a TalkError."""

    http: httpx2.Client

    def sign_in(self, username: str, password: str) -> str:
        """An access token for a user name and a password."""
        form = {"grant_type": "password", "username": username, "password": password}
        return str(_content(self._request("POST", "/v1/auth/token", data=form))["access_token"])

    def send(self, method: str, path: str, body: Any, token: str) -> Reply:
        """Send one JSON body; a refusal is an answer too."""
        answer = self._request(method, path, json=body, headers=_bearer(token))
        return Reply(answer.status_code, orjson.loads(answer.content) if answer.content else None)

    def get(self, path: str, token: str, **query: Any) -> Any:
        """What stands under a path, parsed from the bytes that were served."""
        return _content(self._request("GET", path, params=query or None, headers=_bearer(token)))

    def list(self, path: str, token: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Everything in a list, page by page."""
        page = self.get(path, token, limit=MOST_LISTED, **query)
        yield from page["items"]
        while page["next_cursor"]:
            page = self.get(path, token, limit=MOST_LISTED, cursor=page["next_cursor"], **query)
            yield from page["items"]

    def _request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            return self.http.request(method, path, **options)
        except httpx2.TransportError:
            raise TalkError(f"the server did not answer {method} {path}") from None


def connect(address: str) -> Client:
    """A client of the server at an address; no proxy stands between a machine and itself."""
    return Client(httpx2.Client(base_url=address, trust_env=False, timeout=60))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _content(answer: httpx2.Response) -> Any:
    if answer.status_code != httpx2.codes.OK:
        raise TalkError(f"the server answered {answer.status_code} to {answer.request.method} {answer.request.url.path}")
    return orjson.loads(answer.content)
