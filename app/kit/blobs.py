"""Where files lie: a folder of this machine or an S3-compatible bucket, behind one interface. A name is ours, never a file's own.

Calls block until what they do is durable; whoever has a loop makes them in a thread. (The asynchronous half of the library calls back into
the interpreter from threads of its own, and aborted one process in four as it ended; this half never did.)
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from app.kit.errors import STORAGE_FULL, STORAGE_UNAVAILABLE, Problem

_FULL = ("os error 28)", "os error 122)", "InsufficientStorage", "StorageFull")
_RETRY_AFTER = {"Retry-After": "5"}


class Lying(NamedTuple):
    """What lies under a name: how many bytes, since when."""

    name: str
    size: int
    since: datetime


class Blobs:
    """Bytes under names. What was put is on the disk, or with the bucket, when `put` returns.

    A store that cannot be reached raises 503 `storage_unavailable`, a full one 507 `storage_full`; a name that leads nowhere `KeyError`.
    """

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        """`folder`: where the files of a local store lie, so that they can be forced to the disk."""
        self._store = store
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Keep bytes under a new name."""
        with _told():
            obstore.put(self._store, name, content, use_multipart=False)
            self._force(name)

    def read(self, name: str) -> bytes:
        """The bytes under a name."""
        with _told():
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except FileNotFoundError:
                raise KeyError(name) from None

    def remove(self, *names: str) -> None:
        """Let go of names; one that leads nowhere is gone already."""
        for name in names:
            with _told():
                try:
                    obstore.delete(self._store, name)
                except FileNotFoundError:
                    continue

    def names(self, folder: str = "") -> list[str]:
        """The names under a first part of names, in no order."""
        with _told():
            return [str(found["path"]) for found_some in obstore.list(self._store, folder) for found in found_some]

    def lying(self) -> Iterator[Lying]:
        """Everything that lies in the store, in no order."""
        with _told():
            for found in obstore.list(self._store):
                yield from (Lying(str(each["path"]), each["size"], each["last_modified"]) for each in found)

    def beginning(self, name: str, length: int) -> bytes:
        """The first bytes under a name; none where it leads nowhere."""
        with _told():
            try:
                return bytes(obstore.get_range(self._store, name, start=0, length=length))
            except FileNotFoundError:
                return b""

    def _force(self, name: str) -> None:
        """Have a file, and the folders that lead to it, on the disk."""
        if self._folder is None:
            return
        file = self._folder / name
        for place in (file, *(each for each in file.parents if each == self._folder or self._folder in each.parents)):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@contextmanager
def _told() -> Iterator[None]:
    """What a failing store means for a caller; its own words, which name places, stay here."""
    try:
        yield
    except (BaseError, OSError) as fault:
        kind = STORAGE_FULL if any(sign in str(fault) for sign in _FULL) else STORAGE_UNAVAILABLE
        raise Problem(kind, headers=_RETRY_AFTER) from None


def open_blobs(address: str, *, endpoint: str | None = None) -> Blobs:
    """The store at an address: a folder, or `s3://bucket/prefix`, at Amazon's or at the endpoint of another S3-compatible server.

    Who may write to a bucket is found where every S3 client looks for it: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, or
    the machine's own role.
    """
    if not address.startswith("s3://"):
        return _in_folder(Path(address))
    where = urlsplit(address)
    options: dict[str, Any] = {"endpoint": endpoint, "virtual_hosted_style_request": False} if endpoint else {}
    allowed: dict[str, Any] = {"timeout": "60s", "connect_timeout": "5s", "allow_http": (endpoint or "").startswith("http://")}
    retries: dict[str, Any] = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
    prefix = where.path.strip("/") or None
    return Blobs(S3Store(where.netloc, prefix=prefix, client_options=allowed, retry_config=retries, **options))  # type: ignore[arg-type]


def _in_folder(folder: Path) -> Blobs:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = folder.resolve()
    return Blobs(LocalStore(whole, automatic_cleanup=True), whole)
