"""A phone that sends files, as tus 1.0 says it: created, part by part, asked how far it is. Valid by default."""

import asyncio
import base64
import functools
import hashlib
import io
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from PIL import Image

from app.evidence.models import Attachment

TUS = {"Tus-Resumable": "1.0.0"}
OFFSET = {"Content-Type": "application/offset+octet-stream"}


def metadata(**said):
    """The header that says what a file is; `...` leaves a key out."""
    pairs = {key: value for key, value in said.items() if value is not ...}
    return ",".join(f"{key} {base64.b64encode(_raw(value)).decode()}" for key, value in pairs.items())


def _raw(value):
    return value if isinstance(value, bytes) else str(value).encode()


@functools.cache
def a_picture(kind="JPEG", size=(40, 30), **saved):
    """The bytes of a small picture."""
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(made, kind, **saved)
    return made.getvalue()


def announced(programme, content=b"12345"):
    """The headers that begin an upload for an observation which is not here yet."""
    said = metadata(programme_id=programme, observation_id=an_id(), filename="photo.jpg", sha256=hashlib.sha256(content).hexdigest())
    return {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": said}


def checksum(content, algorithm="sha1"):
    digest = getattr(hashlib, algorithm)(content).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


class Phone:
    """Sends files about one observation (or document), as one person; about an observation that is not here yet where neither is given."""

    def __init__(self, server, token, observation=None, document=None) -> None:
        self.server, self.token = server, token
        self.about = {"document_id": document} if document else {"observation_id": observation or an_id()}

    def create(self, content, *, length=None, headers=None, **said):
        """The answer to beginning an upload."""
        known = {**self.about, "filename": "photo.jpg", "sha256": hashlib.sha256(content).hexdigest()}
        sent = {"Upload-Length": str(len(content) if length is None else length), "Upload-Metadata": metadata(**{**known, **said})}
        return self.server.request("POST", "/v1/attachments", token=self.token, headers={**TUS, **sent, **(headers or {})})

    def created(self, content, **options):
        """The address of an upload that was just begun."""
        answer = self.create(content, **options)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    def part(self, address, content, offset=0, **headers):
        """The answer to a part of a file."""
        sent = {**TUS, **OFFSET, "Upload-Offset": str(offset), **headers}
        return self.server.request("PATCH", address, token=self.token, content=content, headers=sent)

    def offset(self, address):
        """How far an upload is, as the server says."""
        answer = self.server.request("HEAD", address, token=self.token, headers=TUS)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["upload-offset"])

    def sent(self, content, **options):
        """The address of a file that was sent whole."""
        address = self.created(content, **options)
        answer = self.part(address, content)
        assert answer.status_code == 204, answer.text
        return address

    def give_up(self, address):
        return self.server.request("DELETE", address, token=self.token, headers=TUS)

    def expire(self, address):
        """Let the time go by in which the rest of an upload should have come."""
        self._set_back(address, "expires_at")
        self.server.app.state.evidence.expire()

    def begun_long_ago(self, address):
        """Have an upload begun on another day."""
        self._set_back(address, "created_at")

    def _set_back(self, address, column):
        table = Attachment.__table__
        past = sa.update(table).where(table.c.id == UUID(address.rpartition("/")[2])).values({column: datetime(2012, 4, 2, tzinfo=UTC)})
        with self.server.store.database.writing.begin() as connection:
            assert connection.execute(past).rowcount == 1

    def listed(self, **query):
        answer = self.server.get("/v1/attachments", token=self.token, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def shown(self, address):
        """An attachment as it is shown, alone and in a list."""
        alone = self.server.get(address, token=self.token).json()
        assert alone in self.listed()
        return alone

    def get(self, address, token=None):
        """The answer to asking for the file itself."""
        return self.server.get(f"{address}/content", token=token or self.token)


def an_id():
    return str(uuid4())


class Transfer:
    """One part straight into the application, as its bytes come over a line that can break or drip.

    `body` yields parts, and may wait between them; where it ends before `breaks`, the line breaks.
    """

    def __init__(self, phone, address, body, *, offset=0, declared=None, breaks=False, **headers) -> None:
        self.app, self.body, self.breaks, self.sent, self.read = phone.server.app, body, breaks, [], 0
        given = {**TUS, **OFFSET, "Upload-Offset": str(offset), "Host": "127.0.0.1", "Authorization": f"Bearer {phone.token}", **headers}
        given |= {"Content-Length": str(declared)} if declared is not None else {"Transfer-Encoding": "chunked"}
        raw = [(name.lower().encode(), value.encode()) for name, value in given.items()]
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "query_string": b"", "root_path": ""}
        self.scope = {
            **scope,
            "method": "PATCH",
            "path": address,
            "raw_path": address.encode(),
            "headers": raw,
            "client": None,
            "state": {},
        }

    async def carry(self):
        """Send it, in a loop that runs."""
        self.parts = self.body.__aiter__()
        await self.app(self.scope, self.receive, self.send)
        return self

    def over(self):
        """Send it, to its end."""
        return asyncio.run(self.carry())

    async def receive(self):
        try:
            content = await anext(self.parts)
        except StopAsyncIteration:
            return {"type": "http.disconnect"} if self.breaks else {"type": "http.request", "body": b"", "more_body": False}
        self.read += len(content)
        return {"type": "http.request", "body": content, "more_body": True}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}


async def parts(*contents):
    for each in contents:
        yield each
