"""Pictures in which everything is planted that a camera may write beside the pixels."""

import io
import struct

from PIL import Image, PngImagePlugin

from tests.support.liars import a_chunk, with_comment
from tests.support.tus import a_picture

SEED = "PLANTED"
LATITUDE = 43648123
"""Degrees times a million: a number that stands nowhere by chance."""
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{SEED}-author</dc:creator></x:xmpmeta>'.encode()
PROFILE = b"\0\0\x02\0ADBE" + bytes(120) + f"{SEED}-profile".encode() + bytes(400)


def needles():
    """Whatever may be found of what was planted, in every spelling in which it may stand."""
    texts = [SEED.encode(), SEED.encode("utf-16-le"), SEED.encode("utf-16-be"), b"xmpmeta", b"Exif\0", b"ICC_PROFILE", b"51.17"]
    return [*texts, struct.pack("<I", LATITUDE), struct.pack(">I", LATITUDE)]


def exif():
    """Where, when, by whom and with what, with a small picture of the large one."""
    found = Image.Exif()
    found[0x010F], found[0x013B], found[0x0112] = f"{SEED}-make", f"{SEED}-artist", 6
    inner = found.get_ifd(0x8769)
    inner[0xA431], inner[0x9286], inner[0x927C] = f"{SEED}-serial", b"UNICODE\0" + SEED.encode("utf-16-le"), f"{SEED}-maker".encode()
    place = found.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (43.0, LATITUDE / 1e6, 0.0), "E", (51.0, 10.0, 0.0)
    return (
        found.tobytes() + with_comment(a_picture("JPEG", (16, 12)), f"{SEED}-thumbnail {LATITUDE}".encode()) + struct.pack("<I", LATITUDE)
    )


def _segment(marker, content):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def a_jpeg():
    """Exif with a thumbnail, XMP and its extension, IPTC, a comment, a colour profile, and a second picture behind the first."""
    plain = a_picture("JPEG", (60, 40))
    beside = [
        _segment(0xE1, exif() if exif().startswith(b"Exif\0\0") else b"Exif\0\0" + exif()),
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        _segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + XMP),
        _segment(0xE2, b"ICC_PROFILE\0\x01\x01" + PROFILE),
        _segment(0xE2, b"MPF\0" + f"{SEED}-other".encode()),
        _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02P\0\x0b" + f"{SEED}-iptc".encode()),
        _segment(0xFE, f"{SEED}-comment".encode()),
    ]
    return plain[:2] + b"".join(beside) + plain[2:] + f"{SEED}-behind".encode()


def a_png():
    """Text in three kinds of chunks, XMP, Exif, a profile, a time, a chunk that nobody knows, and something behind the end."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", f"{SEED}-author")
    said.add_text("Comment", f"{SEED}-comment", zip=True)
    said.add_itxt("XML:com.adobe.xmp", XMP.decode())
    made = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 80, 0, 120)).save(made, "PNG", pnginfo=said, exif=exif(), icc_profile=PROFILE)
    whole = made.getvalue()
    return whole[:33] + a_chunk(b"gpSx", f"{SEED}-private".encode()) + whole[33:] + f"{SEED}-behind".encode()


def a_webp():
    made = io.BytesIO()
    Image.new("RGB", (60, 40), (0, 80, 0)).save(made, "WEBP", exif=exif(), xmp=XMP, icc_profile=PROFILE)
    return made.getvalue()


def a_gif():
    made = io.BytesIO()
    Image.new("P", (60, 40), 3).save(made, "GIF", comment=f"{SEED}-comment".encode(), xmp=XMP)
    return made.getvalue()


def _box(kind, content):
    """A box of the ISO base media format (ISO/IEC 14496-12, 4.2)."""
    return struct.pack(">I", len(content) + 8) + kind + content


def a_video():
    """A film that says where it was made."""
    place = _box(b"\xa9xyz", b"\0\x12\x15\xc7+43.6481+51.1722/" + f"{SEED}-place".encode())
    moved = _box(b"moov", _box(b"udta", place) + _box(b"uuid", b"\xbezzzz" + XMP))
    return _box(b"ftyp", b"mp42\0\0\0\0mp42isom") + moved + _box(b"mdat", bytes(500))


def a_heic():
    return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _box(b"meta", bytes(4) + _box(b"idat", exif())) + _box(b"mdat", XMP)


COPIED = {"image/jpeg": a_jpeg, "image/png": a_png, "image/webp": a_webp, "image/gif": a_gif}
NEVER_COPIED = {"video/mp4": a_video, "image/heic": a_heic}
