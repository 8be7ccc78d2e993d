"""The headers of tus 1.0 (tus.io/protocols/resumable-upload), read strictly, and what a file's name may do: be shown, and nothing else."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from app.evidence.errors import EMPTY_FILE, UNSUPPORTED_CHECKSUM, UNSUPPORTED_TUS_VERSION
from app.kit import errors
from app.kit.errors import Fault, Problem

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination,checksum"
ALGORITHMS: Mapping[str, Callable[[], Any]] = {"sha256": hashlib.sha256, "sha1": lambda: hashlib.sha1(usedforsecurity=False)}
"""tus demands SHA-1; it guards a part of a transfer against noise, and nothing against malice."""
MEDIA_TYPE = "application/offset+octet-stream"
_LONGEST_NUMBER = 18
_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_LIKE_A_PATH = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]+')
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever its ending."""
_KNOWN = ("id", "programme_id", "observation_id", "document_id", "filename", "filetype", "sha256")
METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a part of a transfer is said to hash to."""

    algorithm: str
    digest: bytes

    def begin(self) -> Any:
        """A hash to be fed with the part."""
        return ALGORITHMS[self.algorithm]()


def check_version(declared: str | None) -> None:
    """412 `unsupported_tus_version` with the version that is spoken here, for any other and for none."""
    if declared != VERSION:
        raise Problem(UNSUPPORTED_TUS_VERSION, headers={"Tus-Version": VERSION})


def length_of(declared: str | None) -> int:
    """How many bytes an upload will have; 422 where it does not say, and `empty_file` where it will have none."""
    length = number_of("upload-length", declared)
    if length == 0:
        raise errors.invalid(Fault("/header/upload-length", EMPTY_FILE))
    return length


def number_of(header: str, declared: str | None) -> int:
    """The number in a header, in plain digits; 422 `invalid_parameter` for anything else."""
    if declared is None:
        raise _bad(header, errors.REQUIRED)
    if not (declared.isascii() and declared.isdecimal()):
        raise _bad(header, errors.WRONG_FORMAT)
    # A longer one is larger than any limit, and need not be exact.
    return int(declared) if len(declared) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER


def metadata_of(header: str | None) -> dict[str, str]:
    """The metadata that we know of an upload, as text; keys of other people's are left out.

    422 where a pair is no key with base64, a key stands twice, or a value is not UTF-8.
    """
    found: dict[str, str] = {}
    for pair in (header or "").split(",") if header else ():
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key):
            raise _bad("upload-metadata", errors.WRONG_FORMAT)
        if key in found:
            raise errors.invalid(Fault(errors.pointer(METADATA, key), errors.DUPLICATE_KEY))
        found[key] = _decoded(key, value)
    return {key: value for key, value in found.items() if key in _KNOWN}


def _decoded(key: str, value: str) -> str:
    try:
        raw = base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise errors.invalid(Fault(errors.pointer(METADATA, key), errors.WRONG_FORMAT)) from None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise errors.invalid(Fault(errors.pointer(METADATA, key), errors.INVALID_TEXT)) from None


def checksum_of(header: str | None) -> Checksum | None:
    """What a part is said to hash to; 400 `unsupported_checksum` for an algorithm that is not spoken here, or no digest of it."""
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in ALGORITHMS or len(digest) != ALGORITHMS[algorithm]().digest_size:
        raise Problem(UNSUPPORTED_CHECKSUM, headers={"Tus-Checksum-Algorithm": ",".join(ALGORITHMS)})
    return Checksum(algorithm, digest)


def expires(moment: datetime) -> str:
    """A moment as `Upload-Expires` has it (RFC 9110, 5.6.7)."""
    return format_datetime(moment, usegmt=True)


def disposition(filename: str | None) -> str:
    """A `Content-Disposition` (RFC 6266) under which any reader saves a file and no reader leaves its folder."""
    name = _LIKE_A_PATH.sub("_", filename or "").strip().lstrip("._") or "attachment"
    name = f"attachment_{name}" if _DEVICES.match(name) else name
    plain = _PLAIN.sub("_", name).lstrip("_") or "attachment"
    plain = f"attachment{plain}" if plain.startswith(".") else plain
    encoded = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{plain}"{encoded}'


def _bad(header: str, code: str) -> Problem:
    return Problem(errors.INVALID_PARAMETER, [Fault(f"/header/{header}", code)])
