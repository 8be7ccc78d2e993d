"""What a file is by its content, whatever it is called: a short list of types, and everything else is bytes.

Written out here because the library chosen for it, puremagic, needs a newer Python than we promise, and misses what phones record most
(M4A, AMR). A type found here opens nothing: every original leaves as bytes to be saved.
"""

import re
from dataclasses import dataclass

BYTES = "application/octet-stream"
HEAD = 1024 * 1024
TAIL = 64 * 1024
_SEARCHED = 64 * 1024
LISTED = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/heic",
        "image/avif",
        "application/pdf",
        "video/mp4",
        "video/quicktime",
        "video/3gpp",
        "video/webm",
        "audio/mp4",
        "audio/mpeg",
        "audio/amr",
        "audio/ogg",
        "audio/wav",
        "text/plain",
    }
)
"""Types that an observer's phone makes; any other is kept too, and flagged."""
_PREFIXES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
    (b"#!", "text/x-script"),
    (b"{\\rtf", "text/rtf"),
)
_BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_MARKUP = (
    (re.compile(rb"<\?php|^\s*<\?=", re.IGNORECASE), "application/x-php"),
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "image/svg+xml"),
    (re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe)[\s>]", re.IGNORECASE), "text/html"),
    (re.compile(rb"^\s*<\?xml\s", re.IGNORECASE), "application/xml"),
)
_END_OF_ZIP = b"PK\x05\x06"
# A PDF that does something by itself (ISO 32000-1, 12.6.4), or brings another file with it.
_ACTING = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|SubmitForm|RichMedia)[\s<(/\[>]")
# Where a size stands, a comment of JavaScript is opened: a picture to one reader, and a program to another.
_SPOKEN = re.compile(rb"GIF8[79]a(?:/\*|//|=[ -~])|\xff\xd8\xff.(?:/\*|//)|RIFF(?:/\*|//|=[ -~])", re.DOTALL)
_BY_NAME = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "heif": "image/heic",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "webm": "video/webm",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "amr": "audio/amr",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "txt": "text/plain",
    "html": "text/html",
    "htm": "text/html",
    "zip": "application/zip",
}
_SAME = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/heif": "image/heic",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/3gpp": "video/3gpp",
    "audio/opus": "audio/ogg",
    "audio/webm": "video/webm",
    "application/x-pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a content looks like; `is_two_things` where something else is hidden in it."""

    type: str
    is_two_things: bool = False


def sniff(head: bytes, tail: bytes) -> Sniffed:
    """The type of a content by its first bytes, and whether another one hides in it.

    A page in a picture, an archive behind one, a program in a document or in a size. No list of these is ever whole: what makes a file
    harmless is how it leaves, and this tells people to be careful.
    """
    first = _by_prefix(head) or _by_container(head)
    hidden = _markup(head[:_SEARCHED])
    if first is None:
        return Sniffed(hidden or ("text/plain" if _is_text(head) else BYTES))
    is_archive_too = first != "application/zip" and _END_OF_ZIP in tail
    is_document_too = first != "application/pdf" and b"%PDF-" in head[:1024]
    is_program_too = _SPOKEN.match(head) is not None or (first == "application/pdf" and _ACTING.search(head) is not None)
    return Sniffed(first, is_two_things=hidden is not None or is_archive_too or is_document_too or is_program_too)


def declared(filetype: str | None, filename: str | None) -> str | None:
    """What a phone says a file is: in so many words, else by the ending of its name; none where it says nothing that is known."""
    if filetype:
        plain = filetype.partition(";")[0].strip().lower()
        return _SAME.get(plain, plain)
    return by_name(filename)


def by_name(filename: str | None) -> str | None:
    """What the ending of a name stands for."""
    return _BY_NAME.get((filename or "").rpartition(".")[2].lower())


def is_other(said: str | None, found: Sniffed) -> bool:
    """Whether a file is not what it was said to be."""
    return found.is_two_things or (said is not None and said not in {found.type, BYTES})


def _by_prefix(head: bytes) -> str | None:
    return next((kind for prefix, kind in _PREFIXES if head.startswith(prefix)), None)


def _by_container(head: bytes) -> str | None:
    """RIFF (WebP, WAV) and the ISO base media format (ISO/IEC 14496-12, 4.3), whose brands stand behind their first words."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    return _BRANDS.get(brand) or ("video/3gpp" if brand.startswith((b"3gp", b"3g2")) else "video/mp4")


def _markup(head: bytes) -> str | None:
    return next((kind for pattern, kind in _MARKUP if pattern.search(head)), None)


def _is_text(head: bytes) -> bool:
    if not head or any(byte < 9 or 13 < byte < 32 for byte in head[:4096]):  # noqa: PLR2004 - tab to carriage return, and the blank
        return False
    try:
        head.decode()
    except UnicodeDecodeError as fault:
        return fault.start >= len(head) - 3  # A letter that is cut in the middle is a letter.
    return True
