"""Files come whole or not at all: begun, sent in parts, cut, resumed, given up, and told of."""

import asyncio
import hashlib
import secrets

import pytest

from app.evidence.reception import PIECE
from tests.support.people import a_member
from tests.support.refusals import nothing_written, told
from tests.support.tus import OFFSET, TUS, Phone, Transfer, an_id, checksum, metadata, parts

CONTENT = b"what was heard in the corridor" * 100


def test_a_server_says_what_uploads_may_be_like_to_anybody(server):
    answer = server.request("OPTIONS", "/v1/attachments")
    assert answer.status_code == 204
    said = {name: answer.headers[name] for name in ("tus-version", "tus-extension", "tus-max-size", "tus-checksum-algorithm")}
    assert said == {
        "tus-version": "1.0.0",
        "tus-extension": "creation,expiration,termination,checksum",
        "tus-max-size": str(200 * 1024 * 1024),
        "tus-checksum-algorithm": "sha256,sha1",
    }


def test_a_file_sent_in_parts_is_the_file_that_was_sent(phone):
    content = secrets.token_bytes(3 * PIECE + 12345)
    address = phone.created(content)
    assert phone.offset(address) == 0
    first = phone.part(address, content[: PIECE + 7])
    assert (first.status_code, first.headers["upload-offset"], first.headers["tus-resumable"]) == (204, str(PIECE + 7), "1.0.0")
    assert told(phone.get(address)) == (409, "upload_incomplete", [])
    second = phone.part(address, content[PIECE + 7 :], PIECE + 7)
    assert (second.status_code, second.headers["upload-offset"]) == (204, str(len(content)))
    assert phone.offset(address) == len(content)
    assert phone.get(address).content == content
    shown = phone.shown(address)
    assert (shown["state"], shown["sha256"], shown["received"]) == ("complete", hashlib.sha256(content).hexdigest(), len(content))


def test_the_phone_makes_the_id_and_beginning_again_finds_the_same_upload(phone):
    mine = an_id()
    assert phone.created(CONTENT, id=mine) == f"/v1/attachments/{mine}"
    phone.part(f"/v1/attachments/{mine}", CONTENT[:100])
    again = phone.create(CONTENT, id=mine)
    assert (again.status_code, again.headers["location"], again.headers["upload-offset"]) == (200, f"/v1/attachments/{mine}", "100")


def test_another_file_under_a_known_id_is_a_conflict_and_the_first_stays(phone):
    mine = an_id()
    phone.created(CONTENT, id=mine)
    assert told(phone.create(CONTENT + b"x", id=mine)) == (409, "id_conflict", [])
    assert told(phone.create(b"y" * len(CONTENT), id=mine)) == (409, "id_conflict", [])
    assert phone.part(f"/v1/attachments/{mine}", CONTENT).status_code == 204


def test_a_cut_line_loses_nothing_that_had_come(phone):
    content = secrets.token_bytes(PIECE + 1000)
    address = phone.created(content)
    Transfer(phone, address, parts(content[:PIECE], content[PIECE : PIECE + 10]), breaks=True).over()
    assert phone.offset(address) == PIECE + 10
    assert phone.part(address, content[PIECE + 10 :], PIECE + 10).status_code == 204
    assert phone.get(address).content == content


def test_a_line_that_is_cut_behind_the_last_byte_leaves_a_whole_file(phone):
    address = phone.created(CONTENT)
    Transfer(phone, address, parts(CONTENT), breaks=True).over()
    assert phone.offset(address) == len(CONTENT)
    assert phone.get(address).content == CONTENT


@pytest.mark.parametrize("offset", [1, 50, len(CONTENT), 10**30])
def test_a_part_that_does_not_begin_where_the_upload_stands_is_a_conflict(server, phone, offset):
    address = phone.created(CONTENT)
    with nothing_written(server):
        answer = phone.part(address, b"abc", offset)
    assert told(answer) == (409, "offset_conflict", [])
    assert answer.headers["upload-offset"] == "0"


@pytest.mark.parametrize("offset", ["-1", "+1", "1.0", "x", "", "１"])  # noqa: RUF001 - a digit that is none
def test_an_offset_is_a_number(phone, offset):
    address = phone.created(CONTENT)
    answer = phone.part(address, b"abc", **{"Upload-Offset": offset.encode()})
    assert told(answer) == (422, "invalid_parameter", [("/header/upload-offset", "wrong_format")])


def test_of_two_who_send_the_same_part_at_once_one_is_told_that_it_came_already(server, phone, lying):
    content = secrets.token_bytes(2 * PIECE + 5)
    address = phone.created(content)

    async def both():
        return await asyncio.gather(*(Transfer(phone, address, parts(content)).carry() for _ in range(2)))

    statuses = sorted(each.status for each in asyncio.run(both()))
    assert statuses == [204, 409]
    assert phone.get(address).content == content
    assert len(lying()) == 3


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_its_checksum_counts_as_a_whole_or_not_at_all(server, phone, algorithm, lying):
    content = secrets.token_bytes(PIECE + 5)
    address = phone.created(content)
    bad = phone.part(address, content[:-5], **checksum(content[:-6], algorithm))
    assert (bad.status_code, bad.json()["code"]) == (460, "checksum_mismatch")
    assert (phone.offset(address), lying()) == (0, [])
    Transfer(phone, address, parts(content[:PIECE]), breaks=True, **checksum(content[:-5], algorithm)).over()
    assert (phone.offset(address), lying()) == (0, [])
    assert phone.part(address, content[:-5], **checksum(content[:-5], algorithm)).status_code == 204
    assert phone.part(address, content[-5:], PIECE, **checksum(content[-5:], algorithm)).status_code == 204
    assert phone.get(address).content == content


@pytest.mark.parametrize("said", ["md5 AAAA", "sha1 AAAA", "sha1", "", "sha1 !!!", "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0="])
def test_a_checksum_of_another_kind_is_not_understood(phone, said):
    address = phone.created(CONTENT)
    assert told(phone.part(address, CONTENT, **{"Upload-Checksum": said})) == (400, "unsupported_checksum", [])


def test_a_file_that_is_not_what_it_was_said_to_be_is_not_kept(server, phone, trial, observation, lying):
    """Bad input 34."""
    address = phone.created(CONTENT, sha256="0" * 64)
    answer = phone.part(address, CONTENT)
    assert told(answer) == (422, "digest_mismatch", [("/metadata/sha256", "digest_mismatch")])
    assert lying() == []
    assert server.request("HEAD", address, token=phone.token, headers=TUS).status_code == 404
    assert phone.listed() == []
    assert trial.get(observation).json()["attachments"] == {"expected": 0, "present": 0, "missing": []}
    # And the phone may begin anew, under the same id.
    assert phone.part(phone.created(CONTENT, id=address.rpartition("/")[2]), CONTENT).status_code == 204


def test_an_empty_file_is_refused_before_it_is_begun(server, phone):
    with nothing_written(server):
        answer = phone.create(b"")
    assert told(answer) == (422, "empty_file", [("/header/upload-length", "empty_file")])


@pytest.mark.parametrize("length", [200 * 1024 * 1024 + 1, 10**10, 10**40])
def test_a_file_that_is_said_to_be_too_large_is_not_begun(server, phone, length):
    """Bad input 33."""
    with nothing_written(server):
        answer = phone.create(b"x", length=length)
    assert told(answer) == (413, "body_too_large", [])
    assert answer.headers["connection"] == "close"


def test_a_file_as_large_as_may_be_is_begun(phone):
    assert phone.create(b"x", length=200 * 1024 * 1024).status_code == 201


def test_a_part_that_says_it_is_longer_than_what_is_missing_is_not_read(server, phone):
    address = phone.created(CONTENT)
    with nothing_written(server):
        transfer = Transfer(phone, address, parts(CONTENT), declared=len(CONTENT) + 1).over()
    assert (transfer.status, transfer.headers["connection"], transfer.read) == (413, "close", 0)


def test_more_bytes_than_were_announced_end_the_upload(server, phone, lying):
    """Bad input 33: nobody reads on, and nothing stays."""
    address = phone.created(CONTENT, length=3 * PIECE)

    async def endless():
        while True:
            yield bytes(65536)

    transfer = Transfer(phone, address, endless()).over()
    assert (transfer.status, transfer.headers["connection"]) == (413, "close")
    assert transfer.read <= 3 * PIECE + 65536
    assert lying() == []
    assert server.request("HEAD", address, token=phone.token, headers=TUS).status_code == 404


def test_whoever_drips_is_cut_and_keeps_what_came_while_others_go_on(server, phone):
    server.app.state.evidence.patience = 1.5
    address, other = phone.created(CONTENT), phone.created(CONTENT)

    async def dripping():
        for n in range(10_000):
            yield CONTENT[n : n + 1]
            await asyncio.sleep(0.05)

    async def both():
        slow = asyncio.create_task(Transfer(phone, address, dripping()).carry())
        await asyncio.sleep(0.1)
        fast = await Transfer(phone, other, parts(CONTENT)).carry()
        assert not slow.done()
        return fast, await asyncio.wait_for(slow, 10)

    fast, slow = asyncio.run(both())
    assert (fast.status, slow.status, slow.headers["connection"]) == (204, 408, "close")
    assert 2 <= phone.offset(address) == slow.read < 60


def test_whoever_says_nothing_any_more_is_cut(server, phone):
    server.app.state.evidence.patience = 0.3
    address = phone.created(CONTENT)

    async def silent():
        yield CONTENT[:5]
        await asyncio.sleep(60)
        yield CONTENT[5:]

    assert Transfer(phone, address, silent()).over().status == 408
    assert phone.offset(address) == 5


def test_a_slow_line_that_goes_on_is_not_cut(server, phone):
    server.app.state.evidence.patience = 0.2
    content = secrets.token_bytes(10 * 40_000)
    address = phone.created(content)

    async def slowly():
        for n in range(10):
            yield content[n * 40_000 : (n + 1) * 40_000]
            await asyncio.sleep(0.1)

    assert Transfer(phone, address, slowly()).over().status == 204
    assert phone.offset(address) == len(content)


def test_an_upload_can_be_given_up_until_it_is_whole(server, phone, lying):
    address = phone.created(CONTENT)
    phone.part(address, CONTENT[:50])
    assert phone.give_up(address).status_code == 204
    assert (lying(), phone.listed()) == ([], [])
    assert told(phone.give_up(address)) == (404, "not_found", [])
    whole = phone.sent(CONTENT)
    assert told(phone.give_up(whole)) == (409, "already_received", [])
    assert phone.get(whole).content == CONTENT


def test_a_whole_file_takes_no_more(phone):
    address = phone.sent(CONTENT)
    assert phone.part(address, b"", len(CONTENT)).status_code == 204
    assert phone.part(address, CONTENT).json()["code"] == "offset_conflict"
    assert phone.part(address, b"x", len(CONTENT)).json()["code"] == "body_too_large"
    assert phone.get(address).content == CONTENT


def test_an_observation_has_twenty_files_at_most(server, phone):
    for n in range(20):
        phone.created(CONTENT, sha256=f"{n:064x}")
    with nothing_written(server):
        answer = phone.create(CONTENT)
    assert told(answer) == (422, "too_many_items", [("/metadata/observation_id", "too_many_items")])


def test_what_somebody_else_sends_under_the_id_of_an_observation_is_none_of_it(server, phone, trial, observation):
    own = Phone(server, phone.token, observation)
    stranger = Phone(server, a_member(server, trial.programme).token, observation)
    foreign = stranger.sent(CONTENT)
    for n in range(19):
        stranger.created(CONTENT, sha256=f"{n:064x}")
    address = own.created(CONTENT)
    coordinator = Phone(server, trial.coordinator.token)
    listed = coordinator.listed(observation_id=observation)
    assert [(f"/v1/attachments/{each['id']}", each["sent_by"]) for each in listed] == [(address, trial.observer.code)]
    theirs = {f"/v1/attachments/{each['id']}": each["sent_by"] for each in stranger.listed(observation_id=observation)}
    assert theirs[foreign] == server.get(foreign, token=trial.coordinator.token).json()["sent_by"] != trial.observer.code


def without(name):
    return {key: value for key, value in {**TUS, **OFFSET, "Upload-Offset": "0"}.items() if key != name}


def test_who_speaks_another_tus_or_none_is_told_which_one_is_spoken(server, phone):
    address = phone.created(CONTENT)
    for version in ({}, {"Tus-Resumable": "0.2.2"}, {"Tus-Resumable": "1.0.1"}):
        for method, path in (("PATCH", address), ("DELETE", address), ("POST", "/v1/attachments")):
            headers = {**without("Tus-Resumable"), **version, "Upload-Length": "5", "Upload-Metadata": metadata(**phone.about)}
            answer = server.request(method, path, token=phone.token, headers=headers)
            assert told(answer) == (412, "unsupported_tus_version", []), (method, version)
            assert (answer.headers["tus-version"], answer.headers["tus-resumable"]) == ("1.0.0", "1.0.0")


def test_a_part_is_bytes_as_they_are(server, phone):
    address = phone.created(CONTENT)
    for media in ("application/json", "application/octet-stream", ""):
        assert told(phone.part(address, CONTENT, **{"Content-Type": media})) == (415, "unsupported_media_type", [])
    assert told(phone.part(address, CONTENT, **{"Content-Encoding": "gzip"})) == (415, "unsupported_encoding", [])
    answer = server.request("PATCH", address, token=phone.token, content=CONTENT, headers=without("Upload-Offset"))
    assert told(answer) == (422, "invalid_parameter", [("/header/upload-offset", "required")])


BAD_LENGTHS = {"": "wrong_format", "-1": "wrong_format", "1e3": "wrong_format", " ": "wrong_format", None: "required"}


@pytest.mark.parametrize("length", BAD_LENGTHS)
def test_a_length_is_a_number(server, phone, length):
    headers = {**TUS, "Upload-Metadata": metadata(**phone.about), **({} if length is None else {"Upload-Length": length})}
    answer = server.request("POST", "/v1/attachments", token=phone.token, headers=headers)
    assert told(answer) == (422, "invalid_parameter", [("/header/upload-length", BAD_LENGTHS[length])])


BAD_METADATA = {
    "no base64": ("filename !!!", ("/metadata/filename", "wrong_format")),
    "no UTF-8": (metadata(filename=b"\xff\xfe"), ("/metadata/filename", "invalid_text")),
    "twice": (metadata(filename="a") + "," + metadata(filename="b"), ("/metadata/filename", "duplicate_key")),
    "NUL": (metadata(filename="a\0b"), ("/metadata/filename", "invalid_text")),
    "read backwards": (metadata(filename="gpj.\u202eexe"), ("/metadata/filename", "invalid_text")),
    "endless": (metadata(filename="x" * 4096), ("/metadata/filename", "too_long")),
    "a type without end": (metadata(filetype="x" * 256), ("/metadata/filetype", "too_long")),
    "no digest": (metadata(sha256="abc"), ("/metadata/sha256", "wrong_format")),
    "no id": (metadata(id="17"), ("/metadata/id", "wrong_format")),
    "no observation": (metadata(observation_id="x"), ("/metadata/observation_id", "wrong_format")),
}


@pytest.mark.parametrize("what", BAD_METADATA)
def test_metadata_that_cannot_be_kept_is_named_by_its_place(server, phone, what):
    said, fault = BAD_METADATA[what]
    headers = {**TUS, "Upload-Length": "5", "Upload-Metadata": said}
    with nothing_written(server):
        answer = server.request("POST", "/v1/attachments", token=phone.token, headers=headers)
    assert told(answer) == (422, fault[1], [fault])


@pytest.mark.parametrize("said", [",", "=", "a b c,,", "ключ eA==".encode().decode("latin-1"), " eA=="])
def test_metadata_that_is_no_list_of_pairs_is_a_bad_header(server, phone, said):
    headers = {**TUS, "Upload-Length": "5", "Upload-Metadata": said}
    answer = server.request("POST", "/v1/attachments", token=phone.token, headers={k: v.encode("latin-1") for k, v in headers.items()})
    assert told(answer)[0] == 422


def test_metadata_of_other_peoples_making_are_left_out(phone):
    assert phone.create(CONTENT, role="coordinator", filetype="image/jpeg", relativePath="null").status_code == 201


def test_a_file_is_about_one_thing(server, phone, trial):
    neither = phone.create(CONTENT, observation_id=...)
    assert told(neither) == (422, "required", [("/metadata/observation_id", "required")])
    both = phone.create(CONTENT, document_id=trial.document)
    assert told(both) == (422, "not_relevant", [("/metadata/document_id", "not_relevant")])


def test_anothers_upload_is_not_there(server, phone, trial):
    address = phone.created(CONTENT)
    stranger = a_member(server, trial.programme)
    other = Phone(server, stranger.token, phone.about["observation_id"])
    with nothing_written(server):
        for answer in (other.part(address, CONTENT), other.give_up(address), other.get(address), other.get(f"{address}/thumbnail")):
            assert told(answer) == (404, "not_found", [])
        assert server.request("HEAD", address, token=stranger.token, headers=TUS).status_code == 404
        assert other.listed() == []


def test_a_coordinator_reads_what_observers_send_and_does_not_write_it(server, phone, trial):
    address = phone.created(CONTENT)
    boss = Phone(server, trial.coordinator.token, phone.about["observation_id"])
    with nothing_written(server):
        assert boss.offset(address) == 0
        for answer in (boss.part(address, CONTENT), boss.give_up(address), boss.create(CONTENT)):
            assert told(answer) == (403, "forbidden", [])
    phone.part(address, CONTENT)
    assert boss.get(address).content == CONTENT


def test_who_reads_no_observations_reads_no_files(server, phone, trial):
    address = phone.sent(CONTENT)
    for role in ("custodian", "analyst", "auditor"):
        token = a_member(server, trial.programme, role=role).token
        for path in (address, f"{address}/content", f"{address}/thumbnail", f"{address}/copy"):
            assert told(server.get(path, token=token)) == (403, "forbidden", [])
        assert told(server.get("/v1/attachments", token=token, params={"programme_id": trial.programme.id})) == (403, "forbidden", [])


def test_an_observation_and_its_receipt_say_which_files_are_missing(server, phone, trial, observation):
    here, missing = phone.sent(CONTENT), phone.created(CONTENT, sha256="1" * 64)
    expected = {"expected": 2, "present": 1, "missing": [missing.rpartition("/")[2]]}
    for token in (phone.token, trial.coordinator.token):
        assert server.get(f"/v1/observations/{observation}", token=token).json()["attachments"] == expected
        (result,) = server.post("/v1/observations/receipts", {"ids": [observation]}, token=token).json()["results"]
        assert (result["attachments"], result["safe_to_delete"]) == (expected, False)
    assert [each["id"] for each in phone.listed(observation_id=observation, state="incomplete")] == expected["missing"]
    assert [each["id"] for each in phone.listed(state="complete")] == [here.rpartition("/")[2]]
    phone.give_up(missing)
    assert trial.get(observation).json()["attachments"] == {"expected": 1, "present": 1, "missing": []}


def test_files_are_listed_page_by_page(phone):
    made = [phone.created(CONTENT, sha256=f"{n:064x}").rpartition("/")[2] for n in range(5)]
    seen, cursor = [], None
    while True:
        page = phone.server.get("/v1/attachments", token=phone.token, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made
