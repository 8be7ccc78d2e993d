"""What files may not do: fill memory, disks and days, or act by their names."""

import dataclasses
import re
from pathlib import Path
from urllib.parse import unquote

from sqlmodel import SQLModel

from app.evidence.rules import disposition
from tests.support.people import a_member
from tests.support.refusals import nothing_written, told
from tests.support.tus import TUS, Phone, Transfer

MIB = 1024 * 1024
NAMES = [
    "../../x",
    "..\\..\\x.jpg",
    "/etc/passwd",
    "C:\\Windows\\System32\\x.dll",
    "a\r\nSet-Cookie: session=1\r\n\r\n<html>",
    'a.jpg"; filename="b.html',
    "a.jpg\\",
    "CON",
    "nul.txt",
    ".htaccess",
    "..",
    "%2e%2e%2fx",
    "a;b=c,d",
    "зал суда.jpg",
    "תמונה.jpg",
    "\u2028\u00ad\u200b",
    "📷.jpg",
    "ы" * 500,
]
HEADER = re.compile(r"""attachment; filename="([A-Za-z0-9][A-Za-z0-9._-]*)"(?:; filename\*=UTF-8''([A-Za-z0-9%._~-]+))?""")
LYING = re.compile(r"[0-9a-f]{32}/[0-9a-f]{32}")


def saved_as(header):
    """The names under which an old and a new reader save a file."""
    plain, encoded = HEADER.fullmatch(header).groups()
    return plain, unquote(encoded, errors="strict") if encoded else plain


def everything_stored(server):
    with server.store.read() as session:
        rows = [tuple(row) for table in SQLModel.metadata.sorted_tables for row in session.connection().execute(table.select())]
    return repr(rows)


def test_the_name_of_a_file_is_sealed_and_leads_nowhere(server, phone, lying):
    """Bad input 37 and promise 26."""
    for number, name in enumerate(NAMES):
        address = phone.sent(b"a photograph" + bytes([number]), filename=name)
        assert re.fullmatch(r"/v1/attachments/[0-9a-f-]{36}", address)
        answer = phone.get(address)
        assert set(answer.headers) & {"set-cookie", "location"} == set()
        for name_of in saved_as(answer.headers["content-disposition"]):
            assert not re.search(r"[/\\:\x00-\x1f\x7f]", name_of)
            assert name_of.partition(".")[0].upper() not in {"", "CON", "NUL"}
        assert name not in server.get(address, token=phone.token).text
    assert all(LYING.fullmatch(name) for name in lying())
    stored = everything_stored(server)
    for name in (each for each in NAMES if len(each) > 6):
        assert repr(name)[1:-1] not in stored
        assert name.encode().hex() not in stored


def test_a_name_that_does_nothing_is_the_name_of_what_is_saved():
    assert saved_as(disposition("зал суда.jpg")) == (saved_as(disposition("зал суда.jpg"))[0], "зал суда.jpg")
    assert saved_as(disposition("IMG_2012-04-02.jpg")) == ("IMG_2012-04-02.jpg", "IMG_2012-04-02.jpg")
    assert saved_as(disposition("contract.pdf")) == ("contract.pdf", "contract.pdf")
    assert saved_as(disposition(None)) == ("attachment", "attachment")


def memory(name):
    """Kibibytes of memory that this process has now (`VmRSS`), or had at most since it was last set back (`VmHWM`)."""
    return int(re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii")).group(1))


def forget_the_peak():
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return memory("VmRSS")


async def zeros():
    while True:
        yield bytes(65536)


def test_a_stream_without_end_fills_neither_memory_nor_the_store(server, phone, lying):
    """Promise 9: of a server that has been at work, not of one that has just begun to need room."""
    phone.sent(bytes(8 * MIB))
    before = lying()
    address = phone.created(b"x", length=40 * MIB)
    standing = forget_the_peak()
    transfer = Transfer(phone, address, zeros()).over()
    assert memory("VmHWM") - standing <= 30 * 1024
    assert (transfer.status, transfer.headers["connection"]) == (413, "close")
    assert 40 * MIB < transfer.read <= 40 * MIB + 65536
    assert lying() == before
    assert server.request("HEAD", address, token=phone.token, headers=TUS).status_code == 404


def limited(server, **limits):
    reception = server.app.state.evidence
    reception.limits = dataclasses.replace(reception.limits, **limits)


def test_a_member_begins_so_much_in_a_day_and_not_more(server, phone, trial):
    """Promise 9: whichever of her devices it comes from."""
    limited(server, daily=1000)
    first = phone.created(bytes(600))
    with nothing_written(server):
        answer = phone.create(bytes(401))
    assert told(answer) == (429, "upload_quota", [])
    assert int(answer.headers["retry-after"]) > 0
    assert phone.create(bytes(600), id=first.rpartition("/")[2]).status_code == 200
    assert phone.create(bytes(400)).status_code == 201
    other = a_member(server, trial.programme)
    assert Phone(server, other.token).create(bytes(401)).status_code == 201


def test_what_was_given_up_or_begun_the_day_before_counts_no_more(server, phone):
    limited(server, daily=1000)
    phone.give_up(phone.created(bytes(600)))
    phone.begun_long_ago(phone.created(bytes(1000)))
    assert phone.create(bytes(1000)).status_code == 201
    assert told(phone.create(b"x")) == (429, "upload_quota", [])


def test_a_programme_holds_so_much_and_not_more(server, phone):
    """Promise 9."""
    limited(server, total=10**10 - 1, daily=10**12, size=10**10)
    with nothing_written(server):
        answer = phone.create(b"x", length=10**10)
    assert told(answer) == (507, "storage_full", [])
    assert int(answer.headers["retry-after"]) > 0
