"""Hashing of passwords with Argon2id, a bounded number at a time, so that a flood of sign-ins starves nobody else."""

import base64
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts.errors import TOO_MANY_REQUESTS
from app.accounts.rules import CODE_LENGTH, CODE_LETTERS, LONGEST_PASSWORD, normal_password
from app.kit.errors import Problem

AT_ONCE = 2
QUEUE = 8
SHARE = 6
"""Places that one network may hold, of the ten: a flood from there leaves four to everybody else."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one hash costs: memory in KiB, and passes over it."""

    memory: int
    passes: int


FULL_WORK = Work(19 * 1024, 2)
"""19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's first choice for Argon2id."""


class Passwords:
    """Hashes and checks passwords; every check costs the same, whoever is asked about."""

    def __init__(self, work: Work = FULL_WORK) -> None:
        self._hasher = Argon2Hasher(time_cost=work.passes, memory_cost=work.memory, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self._lock = threading.Lock()
        self._taken: Counter[bytes | None] = Counter()
        self._running = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def turn(self, network: bytes | None = None) -> Iterator[None]:
        """A place to hash in, at most two at once; 429 `too_many_requests` where eight already wait, or six places are one network's."""
        self._take(network)
        try:
            with self._running:
                yield
        finally:
            with self._lock:
                self._taken[network] -= 1
                if not self._taken[network]:
                    del self._taken[network]

    def _take(self, network: bytes | None) -> None:
        with self._lock:
            is_greedy = network is not None and self._taken[network] >= SHARE
            if is_greedy or self._taken.total() >= AT_ONCE + QUEUE:
                raise Problem(TOO_MANY_REQUESTS, headers={"Retry-After": "1"})
            self._taken[network] += 1

    def hash(self, password: str) -> str:
        """The hash of a password, with its salt and parameters."""
        return self._hasher.hash(normal_password(password))

    def holds(self, password: str, kept: str | None) -> bool:
        """Whether a password is the one kept. Without one, the same work is done for nothing."""
        given = normal_password(password)
        is_right = self._hasher.verify(given.encode("utf-8", "replace"), kept or self._nobody)
        return is_right and kept is not None and len(given) <= LONGEST_PASSWORD


def new_secret() -> str:
    """A one-time secret of 128 bits, in letters and digits that are read out easily: `ABCDE-FGHIJ-…`."""
    letters = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


def new_code() -> str:
    """A code of 80 random bits for enrolling a phone."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
