"""Files that are not what they say, or more than that. Each: what the phone calls it, what it says it is, what it holds."""

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

from tests.support.tus import a_picture

SCRIPT = b"<script>alert(document.domain)</script>"
PAGE = b"<!DOCTYPE html><html><body>" + SCRIPT
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"


class Liar(NamedTuple):
    filename: str | None
    filetype: str | None
    content: bytes
    found: str


def an_archive(name="x.js", content=b"alert(1)"):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


def a_chunk(kind, content):
    """A chunk of a PNG (PNG specification, 5.3)."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_comment(picture, comment):
    """A JPEG with a comment behind its first marker."""
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:]


JPEG = a_picture("JPEG")
PNG = a_picture("PNG")
_GIF = a_picture("GIF")
# The width of the canvas opens a comment of JavaScript, which ends behind the picture.
_SPEAKING_GIF = b"GIF89a/*" + _GIF[8:] + b"*/=1;alert(1)"
# The length of the first segment does.
_SPEAKING_JPEG = b"\xff\xd8\xff\xe0/*" + b"JFIF" + bytes(0x2F2A - 6) + JPEG[2:] + b"*/=alert(1)"
_ACTING_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"
LIARS = {
    "a page called a photograph": Liar("photo.jpg", None, PAGE, "text/html"),
    "a page said to be a photograph": Liar("photo", "image/jpeg", PAGE, "text/html"),
    "a drawing with a script, called a.jpg": Liar("a.jpg", None, DRAWING, "image/svg+xml"),
    "a drawing behind an XML declaration": Liar("a.png", None, b'<?xml version="1.0"?>\n' + DRAWING, "image/svg+xml"),
    "a page behind blanks": Liar("a.txt", "text/plain", b" \n" * 700 + PAGE, "text/html"),
    "a page in UTF-16": Liar("a.txt", None, b"\xff\xfe" + PAGE.decode().encode("utf-16-le"), "application/octet-stream"),
    "PHP called a photograph": Liar("photo.jpg", "image/jpeg", b"<?php system($_GET['c']);", "application/x-php"),
    "PHP in the comment of a photograph": Liar("a.jpg", None, with_comment(JPEG, b"<?php system('id'); ?>"), "image/jpeg"),
    "a page in the comment of a photograph": Liar("a.jpg", None, with_comment(JPEG, PAGE), "image/jpeg"),
    "a page in the text of a picture": Liar("a.png", None, PNG[:33] + a_chunk(b"tEXt", b"Title\0" + PAGE) + PNG[33:], "image/png"),
    "an archive behind a photograph": Liar("a.jpg", "image/jpeg", JPEG + an_archive(), "image/jpeg"),
    "an archive called a recording": Liar("a.mp3", "audio/mpeg", an_archive("META-INF/MANIFEST.MF"), "application/zip"),
    "a GIF that is JavaScript": Liar("a.gif", "image/gif", _SPEAKING_GIF, "image/gif"),
    "a JPEG that is JavaScript": Liar("a.jpg", "image/jpeg", _SPEAKING_JPEG, "image/jpeg"),
    "a document that acts": Liar("judgment.pdf", "application/pdf", _ACTING_PDF, "application/pdf"),
    "a document behind JavaScript": Liar("judgment.pdf", None, b"/*\n%PDF-1.7\n*/alert(1)", "text/plain"),
    "a document in a picture": Liar("a.gif", None, _GIF[:-1] + b"%PDF-1.4 1 0 obj", "image/gif"),
    "a program for Windows": Liar("a.jpg", None, b"MZ\x90\0" + bytes(200), "application/vnd.microsoft.portable-executable"),
    "a program for Linux": Liar("a.ogg", "audio/ogg; codecs=opus", b"\x7fELF\x02\x01\x01" + bytes(60), "application/x-executable"),
    "a script of the shell": Liar("notes.txt", None, b"#!/bin/sh\nrm -rf ~\n", "text/x-script"),
}
HONEST = {
    "a photograph": Liar("IMG_1.JPG", "image/jpg", JPEG, "image/jpeg"),
    "a photograph without a name": Liar(None, None, JPEG, "image/jpeg"),
    "a picture that says nothing of itself": Liar("blob", "application/octet-stream", PNG, "image/png"),
    "a scan": Liar("judgment.pdf", None, b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF", "application/pdf"),
    "notes in Kazakh": Liar("жазба.txt", None, "Жұмыста <= он орын".encode(), "text/plain"),
    "a recording of a phone": Liar("a.m4a", "audio/x-m4a", b"\0\0\0\x1cftypM4A \0\0\0\0M4A mp42isom" + bytes(9), "audio/mp4"),
    "a recording of an old phone": Liar("a.amr", None, b"#!AMR\n" + bytes(9), "audio/amr"),
    "a video": Liar("a.mp4", None, b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(9), "video/mp4"),
    "a photograph with what looks like a tag": Liar("a.jpg", None, JPEG[:-2] + b"\x11<?=\x93<a>" + JPEG[-2:], "image/jpeg"),
}
