"""Plays a file of filings: its requests in order, each by the actor it names, with the ids that the server gives in place of symbols.

A symbol, `$kind:code` or `$kind`, stands for the id that the server gave to the request with that `ref`. How a request travels is the
caller's matter: a test plays in process, the demonstration over a socket.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SETUP, OBSERVATIONS, DOCUMENTS, STATISTICS, REVIEWS = "setup", "observations", "documents", "statistics", "reviews"
STAGES = (SETUP, OBSERVATIONS, DOCUMENTS, STATISTICS, REVIEWS)
_SYMBOL = re.compile(r"\$[a-z]+(?::[^/]+)?")
_MADE = 201
_FIRST_REFUSAL = 400


class Reply(NamedTuple):
    """What the server answered: a status, and JSON."""

    status: int
    content: Any


class Played(NamedTuple):
    """A request as it was sent, and its answer."""

    stage: str
    request: Mapping[str, Any]
    body: Any
    reply: Reply


Send = Callable[[str, str, Any, str], Reply]
"""Sends one request: method, path, JSON body, token."""

SignIn = Callable[[str, str], str]
"""A token for a user name and a password."""

Progress = Callable[[Played, int, int], None]
"""Told after each request: what was played, how many requests that makes, of how many."""


class RefusedError(Exception):
    """The server did not take a request of the file. Says where in the file it stands, and nothing of what it holds."""

    def __init__(self, stage: str, place: int, reply: Reply) -> None:
        super().__init__(f"{stage}/{place}: {reply.status} {reply.content.get('code') if isinstance(reply.content, dict) else ''}")
        self.reply = reply


def requests_of(filings: Mapping[str, Any], stages: Sequence[str] = STAGES) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Stage, place in it, and request, in the order of the stages; a stage that a file lacks has none."""
    for stage in stages:
        found = filings.get(stage, [])
        for place, request in enumerate(found if isinstance(found, list) else [found]):
            yield stage, place, request


@dataclass
class Player:
    """Plays one file; `ids` are those that the server gave, by symbol."""

    filings: Mapping[str, Any]
    send: Send
    sign_in: SignIn
    progress: Progress = lambda _played, _number, _of: None
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def play(self, stages: Sequence[str] = STAGES) -> list[Played]:
        """Everything that was sent, with its answers; raises `RefusedError` at the first request that the server does not take."""
        requests = list(requests_of(self.filings, stages))
        played = []
        for number, (stage, place, request) in enumerate(requests, start=1):
            played.append(self._carry_out(stage, place, request))
            self.progress(played[-1], number, len(requests))
        return played

    def token_of(self, actor: str) -> str:
        """The token of an actor, who signs in when first needed."""
        if actor not in self.tokens:
            account = self.filings["accounts"][actor]
            self.tokens[actor] = self.sign_in(account["username"], account["password"])
        return self.tokens[actor]

    def path_of(self, path: str) -> str:
        """A path with ids in place of symbols."""
        return _SYMBOL.sub(lambda found: self.ids[found[0]], path)

    def with_ids(self, value: Any) -> Any:
        """JSON with ids in place of symbols; what only looks like a symbol stays."""
        if isinstance(value, str):
            return self.ids.get(value, value)
        if isinstance(value, list):
            return [self.with_ids(part) for part in value]
        return {name: self.with_ids(part) for name, part in value.items()} if isinstance(value, dict) else value

    def _carry_out(self, stage: str, place: int, request: Mapping[str, Any]) -> Played:
        body = self.with_ids(request["body"])
        method, path = request.get("method", "POST"), self.path_of(request.get("path", "/v1/observations"))
        reply = self.send(method, path, body, self.token_of(request["as"]))
        if reply.status >= _FIRST_REFUSAL:
            raise RefusedError(stage, place, reply)
        if "ref" in request and reply.status == _MADE:
            self.ids[request["ref"]] = reply.content["id"]
        return Played(stage, request, body, reply)
