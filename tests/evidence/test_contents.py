"""What files hold: kept as it is whatever it is, copied without anything but pixels, told apart from what it is said to be."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.evidence import copies, sniffing
from tests.support.liars import HONEST, LIARS, PNG, a_chunk
from tests.support.planted import COPIED, NEVER_COPIED, needles
from tests.support.refusals import told
from tests.support.tus import TUS, a_picture, an_id

INERT = {
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}


def part_of(phone, address, part):
    answer = phone.server.get(f"{address}/{part}", token=phone.token)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert {name: answer.headers[name] for name in INERT} == {**INERT, **({} if part == "content" else {"content-type": "image/jpeg"})}
    return answer.content


def found_in(content):
    return [needle for needle in needles() if needle.lower() in content.lower()]


def segments(jpeg):
    """The markers of a JPEG (ITU-T T.81, B.1.1) until its first scan."""
    at, found = 2, []
    while jpeg[at : at + 2] != b"\xff\xda":
        found.append(jpeg[at + 1])
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return found


@pytest.mark.parametrize("kind", COPIED)
def test_copies_of_a_picture_hold_pixels_and_nothing_of_what_a_camera_wrote_beside_them(phone, kind):
    """Promise 25."""
    content = COPIED[kind]()
    assert len(found_in(content)) >= (1 if kind == "image/gif" else 5)
    address = phone.sent(content, filename=f"a.{kind.partition('/')[2]}")
    shown = phone.shown(address)
    assert (shown["type"], shown["has_thumbnail"], shown["has_copy"]) == (kind, True, True)
    assert part_of(phone, address, "content") == content
    for part in ("thumbnail", "copy"):
        copy = part_of(phone, address, part)
        assert found_in(copy) == []
        # JFIF, quantisation, frame, Huffman tables; no other application's segment, no comment; nothing behind the end.
        assert set(segments(copy)) == {0xE0, 0xDB, 0xC0, 0xC4}
        assert copy.endswith(b"\xff\xd9")
        with Image.open(io.BytesIO(copy)) as picture:
            assert dict(picture.getexif()) == {}
            assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("kind", NEVER_COPIED)
def test_of_what_is_not_decoded_there_is_no_copy(phone, kind):
    """Promise 25."""
    content = NEVER_COPIED[kind]()
    address = phone.sent(content, filename=f"a.{kind.partition('/')[2]}")
    shown = phone.shown(address)
    assert (shown["type"], shown["flags"], shown["has_thumbnail"], shown["has_copy"]) == (kind, [], False, False)
    for part in ("thumbnail", "copy"):
        assert told(phone.server.get(f"{address}/{part}", token=phone.token)) == (404, "not_found", [])
    assert part_of(phone, address, "content") == content


def test_what_lies_in_the_store_shows_nothing_of_a_file(phone, lying):
    phone.sent(COPIED["image/jpeg"]())
    blobs = phone.server.app.state.evidence.vault.blobs
    names = lying()
    assert len(names) == 3
    assert [found_in(blobs.read(name)) for name in names] == [[], [], []]
    assert found_in(" ".join(names).encode()) == []


def test_a_picture_stands_as_its_camera_was_held(phone):
    made = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (64, 32)).save(made, "JPEG", exif=turned)
    address = phone.sent(made.getvalue())
    for part in ("thumbnail", "copy"):
        with Image.open(io.BytesIO(part_of(phone, address, part))) as picture:
            assert picture.size == (32, 64)


def test_a_large_picture_has_small_copies(phone):
    address = phone.sent(a_picture("JPEG", (4000, 1000)))
    shown = phone.shown(address)
    assert (shown["width"], shown["height"]) == (4000, 1000)
    sizes = [Image.open(io.BytesIO(part_of(phone, address, part))).size for part in ("thumbnail", "copy")]
    assert sizes == [(320, 80), (2560, 640)]


def test_a_photograph_that_is_cut_is_kept_without_copies(phone):
    content = PNG[: PNG.index(b"IDAT") + 20]
    address = phone.sent(content, filename="a.png")
    shown = phone.shown(address)
    assert (shown["type"], shown["has_copy"]) == ("image/png", False)
    assert part_of(phone, address, "content") == content


def test_a_picture_that_is_drawn_over_and_over_is_kept_without_copies(phone):
    drawn = a_picture("JPEG", progressive=True)
    last = drawn.rindex(b"\xff\xc4")
    few, many = (drawn[:-2] + drawn[last:-2] * times + b"\xff\xd9" for times in (5, 100))
    assert [phone.shown(phone.sent(content))["has_copy"] for content in (drawn, few, many)] == [True, True, False]


def test_twenty_liars_are_kept_and_flagged_and_leave_as_bytes_that_do_nothing(phone):
    """Promise 24 and bad input 36."""
    assert len(LIARS) == 20
    for name, liar in LIARS.items():
        said = {"filename": liar.filename or ..., "filetype": liar.filetype or ...}
        address = phone.sent(liar.content, **said)
        shown = phone.server.get(address, token=phone.token).json()
        expected = sniffing.declared(liar.filetype, liar.filename)
        assert (shown["declared_type"], shown["type"]) == (expected, liar.found), name
        assert "type_mismatch" in shown["flags"], name
        assert ("unlisted_type" in shown["flags"]) == (liar.found not in sniffing.LISTED), name
        assert part_of(phone, address, "content") == liar.content, name


@pytest.mark.parametrize("name", HONEST)
def test_who_says_the_truth_is_not_flagged(name):
    honest = HONEST[name]
    found = sniffing.sniff(honest.content[: sniffing.HEAD], honest.content[-sniffing.TAIL :])
    assert (found.type, sniffing.is_other(sniffing.declared(honest.filetype, honest.filename), found)) == (honest.found, False)


def a_header(kind, width, height):
    """The beginning of a picture that claims a size."""
    if kind == "png":
        return PNG[:8] + a_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    if kind == "gif":
        return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0," + struct.pack("<HHHH", 0, 0, width, height) + b"\0\x02\0;"
    whole = a_picture("JPEG")
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg"])
def test_a_picture_that_is_too_large_is_told_by_its_header_and_not_kept(phone, kind, lying, monkeypatch):
    """Bad input 35."""
    monkeypatch.setattr(copies, "make_copies", lambda *_: pytest.fail("it was decoded"))
    rows = zlib.compress(bytes(3751) * 200)
    content = a_header(kind, 30_000, 30_000) + (a_chunk(b"IDAT", rows) + a_chunk(b"IEND", b"") if kind == "png" else b"")
    address = phone.created(content, filename=f"a.{kind}", id=an_id())
    answer = phone.part(address, content)
    assert told(answer) == (422, "image_too_large", [("", "image_too_large")])
    assert (lying(), phone.listed()) == ([], [])
    assert phone.server.request("HEAD", address, token=phone.token, headers=TUS).status_code == 404
