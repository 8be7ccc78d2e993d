"""A folder and an S3-compatible bucket keep files alike."""

import contextlib
import secrets
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app.evidence.reception import PIECE
from app.evidence.schemas import Place
from app.evidence.sweeping import sweep
from app.evidence.vault import Vault
from app.kit import clock
from app.kit.blobs import open_blobs
from app.kit.errors import Problem
from tests.support.refusals import told
from tests.support.servers import Server
from tests.support.trial import a_trial
from tests.support.tus import Phone, a_picture

NAME = "0" * 32 + "/" + "1" * 32


@contextlib.contextmanager
def refused(code):
    with pytest.raises(Problem) as caught:
        yield
    assert caught.value.kind.code == code
    assert int(caught.value.headers["Retry-After"]) > 0


def test_what_is_put_is_read_listed_and_removed(blobs):
    contents = {f"{folder}/{number}": secrets.token_bytes(100) for folder in ("one", "two", "one-more") for number in range(3)}
    contents["two/whole"] = secrets.token_bytes(PIECE + 4096)
    for name, content in contents.items():
        blobs.put(name, content)
    assert {name: blobs.read(name) for name in contents} == contents
    assert sorted(blobs.names()) == sorted(contents)
    assert sorted(blobs.names("one")) == ["one/0", "one/1", "one/2"]
    blobs.remove("one/0", "one/7", "two/0")
    assert sorted(set(contents) - set(blobs.names())) == ["one/0", "two/0"]
    with pytest.raises(KeyError):
        blobs.read("one/0")
    assert blobs.names("three") == []


def test_a_store_is_found_again_with_all_that_lay_in_it(place, blobs):
    blobs.put(NAME, b"a piece")
    again = open_blobs(place["attachments"], endpoint=place.get("attachments_endpoint"))
    assert (again.read(NAME), again.names()) == (b"a piece", [NAME])


def test_a_store_has_no_place_beside_it(place, blobs):
    blobs.put(NAME, b"a piece")
    beside = open_blobs(f"{place['attachments']}2", endpoint=place.get("attachments_endpoint"))
    assert beside.names() == []
    for name in ("../files/x", "/etc/passwd", "a/../../x"):
        with pytest.raises((KeyError, Problem, ValueError)):
            beside.read(name)


def test_a_store_that_is_not_there_is_told_soon_and_in_one_word(place, monkeypatch):
    if "attachments_endpoint" in place:
        gone = open_blobs(place["attachments"], endpoint="http://127.0.0.1:9")
    else:
        gone = open_blobs(place["attachments"])
        shutil.rmtree(place["attachments"])
        Path(place["attachments"]).write_text("no folder", encoding="ascii")
    began = time.monotonic()
    with refused("storage_unavailable"):
        gone.put(NAME, b"a piece")
    assert time.monotonic() - began < 10
    with contextlib.suppress(KeyError), refused("storage_unavailable"):
        gone.read(NAME)


@pytest.fixture
def house(place, sqlite_templates, tmp_path):
    """An observer of a server whose files lie there; which database it has is nothing to the store."""
    address = sqlite_templates.fresh()
    with Server(address, tmp_path, **place) as server:
        trial = a_trial(server)
        yield Phone(server, trial.observer.token, trial.filed())
    sqlite_templates.drop(address)


def test_a_file_is_sent_in_parts_and_kept_byte_for_byte(house, blobs):
    content = a_picture("JPEG", (640, 480)) + secrets.token_bytes(2 * PIECE)
    address = house.created(content)
    for start in range(0, len(content), PIECE - 1000):
        assert house.part(address, content[start : start + PIECE - 1000], start).status_code == 204
    assert house.get(address).content == content
    shown = house.shown(address)
    assert (shown["state"], shown["has_thumbnail"], shown["has_copy"]) == ("complete", True, True)
    assert house.server.get(f"{address}/copy", token=house.token).content.startswith(b"\xff\xd8\xff\xe0")
    assert len(blobs.names()) == 3 + 2
    assert not any(content[:64] in blobs.read(name) for name in blobs.names())


def test_what_is_given_up_or_not_what_it_was_said_to_be_does_not_stay(house, blobs):
    content = secrets.token_bytes(PIECE + 5)
    given_up, wrong = house.created(content), house.created(content, sha256="0" * 64)
    house.part(given_up, content[:-1])
    assert len(blobs.names()) == 2
    assert house.give_up(given_up).status_code == 204
    assert told(house.part(wrong, content))[:2] == (422, "digest_mismatch")
    assert blobs.names() == []


def test_a_piece_that_is_missing_or_another_one_is_said_and_never_shown(house, blobs):
    content = secrets.token_bytes(2 * PIECE)
    address = house.sent(content)
    first, second = blobs.names()
    one, other = blobs.read(first), blobs.read(second)
    blobs.put(first, other)
    blobs.put(second, one)
    assert told(house.get(address))[:2] == (503, "storage_unavailable")
    blobs.remove(first, second)
    answer = house.get(address)
    assert told(answer)[:2] == (503, "storage_unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_what_a_crash_left_is_found_after_a_day_and_removed_where_that_is_asked_for(house, blobs, monkeypatch):
    whole, unfinished = house.sent(a_picture("PNG")), house.created(bytes(100), sha256="1" * 64)
    house.part(unfinished, bytes(50))
    store, vault = house.server.store, house.server.app.state.evidence.vault
    kept = set(blobs.names())
    # Stored and never noted: beside other pieces of an upload, and of one that nobody remembers.
    left = [vault.keep(Place(uuid4(), uuid4(), folder), b"a piece") for folder in (min(kept).partition("/")[0], secrets.token_hex(16))]
    alien = Vault(blobs, secrets.token_bytes(32)).keep(Place(uuid4(), uuid4(), secrets.token_hex(16)), b"of another server")
    blobs.put("notes.txt", b"somebody's own")
    size = sum(len(blobs.read(name)) for name in left)
    assert sweep(store, vault, is_removing=True) == (0, 0)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(days=1, minutes=1))
    assert sweep(store, vault, is_removing=False) == (2, size)
    assert set(blobs.names()) == kept | {*left, alien, "notes.txt"}
    assert sweep(store, vault, is_removing=True) == (2, size)
    assert set(blobs.names()) == kept | {alien, "notes.txt"}
    monkeypatch.undo()
    assert house.get(whole).content == a_picture("PNG")
    assert house.offset(unfinished) == 50
    assert house.part(unfinished, bytes(50), 50).status_code == 422
