"""Sealed fields (AES-256-GCM under one key, bound to the place where they stand) and signatures (Ed25519; of phones, ECDSA on P-256).

Only this knows `cryptography`.

A blob is `version(1) kid(4) nonce(12) ciphertext tag(16)`; the ciphertext holds `salt(32) length(4) plaintext padding`, padded to 64, 256,
1 Ki, 4 Ki and then to multiples of 4 Ki, so that its length does not tell a name. `kid` are the first four bytes of the key's SHA-256.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = b"\x01"
SALT_LENGTH: Final = 32
_KID_LENGTH = 4
_NONCE_LENGTH = 12
_LENGTH_BYTES = 4
_STEPS = (64, 256, 1024, 4096)
_HEAD = len(VERSION) + _KID_LENGTH + _NONCE_LENGTH
_TAG_LENGTH = 16
_COORDINATE = 32
_UNCOMPRESSED = b"\x04"


class Unreadable(RuntimeError):  # noqa: N818 - not an error of the program
    """A blob that does not open here: changed, moved to another place, or sealed with another key. Which of these is not said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed field stands; a blob moved to another programme, table, column, row or version of the row does not open."""

    programme_id: UUID
    table: str
    column: str
    row_id: UUID
    version: int = 1

    def stated(self) -> bytes:
        """The place as associated data."""
        return f"{self.programme_id}|{self.table}|{self.column}|{self.row_id}|{self.version}".encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """What a blob held."""

    salt: bytes
    plaintext: bytes


def seal(key: bytes, place: Place, plaintext: bytes, *, salt: bytes | None = None) -> bytes:
    """The blob of a plaintext at a place, under a key of 32 bytes; the salt is for a commitment to it, and drawn where none is given."""
    drawn = secrets.token_bytes(SALT_LENGTH) if salt is None else salt
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    padded = _pad(drawn + len(plaintext).to_bytes(_LENGTH_BYTES) + plaintext)
    return VERSION + kid_of(key) + nonce + AESGCM(key).encrypt(nonce, padded, place.stated())


def open_(key: bytes, place: Place, blob: bytes) -> Opened:
    """What was sealed at this place with this key; `Unreadable` for everything else."""
    if len(blob) < _HEAD + _TAG_LENGTH or blob[:1] != VERSION or blob[1 : 1 + _KID_LENGTH] != kid_of(key):
        raise Unreadable
    try:
        padded = AESGCM(key).decrypt(blob[_HEAD - _NONCE_LENGTH : _HEAD], blob[_HEAD:], place.stated())
    except InvalidTag:
        raise Unreadable from None
    start = SALT_LENGTH + _LENGTH_BYTES
    length = int.from_bytes(padded[SALT_LENGTH:start])
    return Opened(padded[:SALT_LENGTH], padded[start : start + length])


def is_sealed_with(key: bytes, beginning: bytes) -> bool:
    """Whether a blob that begins like this names a key as its own; whether it opens is another question."""
    return beginning[: 1 + _KID_LENGTH] == VERSION + kid_of(key)


def kid_of(key: bytes) -> bytes:
    """The four bytes by which a blob names its key."""
    return hashlib.sha256(key).digest()[:_KID_LENGTH]


def commit(place: Place, salt: bytes, plaintext: bytes) -> str:
    """A salted commitment (hex): proves a plaintext to whoever is shown it with its salt, and tells nobody else anything."""
    return hashlib.sha256(b"hearsight-field-1\0" + place.stated() + b"\0" + salt + plaintext).hexdigest()


def _pad(content: bytes) -> bytes:
    step = next((each for each in _STEPS if len(content) <= each), _STEPS[-1])
    return content + bytes(-len(content) % step)


def sign(seed: bytes, message: bytes) -> bytes:
    """The Ed25519 signature (RFC 8032, 64 bytes) of a message under a private key of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public_key(seed: bytes) -> bytes:
    """The 32 bytes by which others check what a private key signs."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature of a message is good."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def point_of(x: bytes, y: bytes) -> bytes:
    """A public key on P-256 by its coordinates of 32 bytes each, as 65 bytes (SEC 1, 2.3.3); `ValueError` where no such point is on it."""
    if len(x) != _COORDINATE or len(y) != _COORDINATE:
        raise ValueError
    point = _UNCOMPRESSED + x + y
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return point


def is_signed_by_phone(point: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an ECDSA signature on P-256 with SHA-256 is good: `r` and `s` of 32 bytes each, as WebCrypto gives them."""
    if len(signature) != 2 * _COORDINATE:
        return False
    r, s = int.from_bytes(signature[:_COORDINATE]), int.from_bytes(signature[_COORDINATE:])
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
