"""Memberships: equal answers for new and existing names, invitations, several roles of one person, removal."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from app.accounts import service
from tests.support.clocks import FakeClock
from tests.support.people import PASSWORD, a_member, a_programme, a_username, an_account, sign_in, signed_in


def add(server, programme, username, *, token=None, **body):
    asked = {"username": username, "code": a_username("M"), "role": "observer", **body}
    return server.post(f"/v1/programmes/{programme.id}/members", asked, token=token or programme.token)


def path(programme, member_id=""):
    return f"/v1/programmes/{programme.id}/members" + (f"/{member_id}" if member_id else "")


def me(server, person):
    return server.get("/v1/me", token=person.token).json()


def redeem(server, username, secret, password=PASSWORD):
    return server.post("/v1/auth/password", {"username": username, "secret": secret, "password": password})


def test_a_new_name_gets_an_account_that_joins_by_signing_in(server):
    programme = a_programme(server)
    answer = add(server, programme, "dana", password=PASSWORD, code="OBS1", languages={"kk": "full", "ru": "none"})
    assert answer.status_code == 201
    shown = answer.json()
    assert set(shown) == {
        *("id", "programme_id", "username", "code", "role", "languages", "status", "version", "secret", "secret_expires_at"),
    }
    assert (shown["status"], shown["secret"]) == ("invited", None)
    assert answer.headers["location"] == path(programme, shown["id"])
    (membership,) = me(server, signed_in(server, "dana"))["memberships"]
    assert (membership["id"], membership["code"], membership["status"]) == (shown["id"], "OBS1", "active")
    assert membership["languages"] == {"kk": "full", "ru": "none"}
    assert membership["programme"]["id"] == membership["programme_id"] == programme.id


@pytest.mark.parametrize("with_password", [True, False])
def test_nobody_learns_by_adding_a_member_whether_the_name_existed(server, with_password):
    programme = a_programme(server)
    an_account(server, "existing")
    body = {"password": PASSWORD} if with_password else {}
    answers = [add(server, programme, name, code=code, **body) for name, code in (("existing", "A1"), ("brandnew", "A2"))]
    shapes = []
    for answer in answers:
        shown = answer.json()
        assert (shown["secret"] is None) == with_password
        shown["secret"] = len(shown["secret"] or "")
        for name in ("id", "username", "code", "secret_expires_at"):
            assert shown.pop(name) is not None or name == "secret_expires_at"
        shapes.append((answer.status_code, shown, sorted(answer.headers)))
    assert shapes[0] == shapes[1]
    listed = server.get(path(programme), token=programme.token).json()["items"]
    assert len({(each["status"], each["version"]) for each in listed if each["username"] in ("existing", "brandnew")}) == 1


def test_an_existing_account_keeps_its_password_and_the_secret_opens_nothing(server):
    programme = a_programme(server)
    name = an_account(server)
    secret = add(server, programme, name.upper()).json()["secret"]
    assert redeem(server, name, secret, "another long password").json()["code"] == "invalid_credentials"
    assert sign_in(server, name).status_code == 200


def test_an_invitation_counts_only_once_it_is_accepted(server):
    programme = a_programme(server)
    person = signed_in(server, an_account(server))
    member_id = add(server, programme, person.username).json()["id"]
    shown = me(server, person)
    assert shown["memberships"] == []
    assert [(each["id"], each["status"], each["programme"]["slug"]) for each in shown["invitations"]] == [
        (member_id, "invited", programme.shown["slug"])
    ]
    person = signed_in(server, person.username)
    assert server.get(f"/v1/programmes/{programme.id}", token=person.token).status_code == 404
    accepted = server.post(f"/v1/me/invitations/{member_id}/accept", token=person.token)
    assert (accepted.status_code, accepted.json()["status"]) == (200, "active")
    assert server.get(f"/v1/programmes/{programme.id}", token=person.token).status_code == 200
    assert server.post(f"/v1/me/invitations/{member_id}/accept", token=person.token).json()["code"] == "not_found"


def test_an_invitation_can_be_declined_and_belongs_to_one_person(server):
    programme = a_programme(server)
    person, stranger = signed_in(server, an_account(server)), signed_in(server, an_account(server))
    member_id = add(server, programme, person.username).json()["id"]
    for answer in ("accept", "decline"):
        assert server.post(f"/v1/me/invitations/{member_id}/{answer}", token=stranger.token).json()["code"] == "not_found"
    assert server.post(f"/v1/me/invitations/{member_id}/decline", token=person.token).status_code == 204
    assert server.get(path(programme, member_id), token=programme.token).json()["status"] == "removed"


def test_rights_of_several_memberships_add_up_without_a_new_invitation(server):
    programme = a_programme(server)
    coordinator = programme.coordinator
    further = add(server, programme, coordinator.username, role="custodian", code="CUST")
    assert further.json()["status"] == "active"
    assert sorted(each["role"] for each in me(server, coordinator)["memberships"]) == ["coordinator", "custodian"]
    again = add(server, programme, coordinator.username, role="custodian", code="CUST2")
    assert (again.status_code, again.json()["code"]) == (409, "already_member")
    assert add(server, programme, coordinator.username, role="observer", code="cuST").json()["code"] == "code_taken"


def test_codes_that_look_alike_are_taken_in_a_race_too(server):
    programme = a_programme(server)
    codes = ["OBS1", "obs1", "ОBS1", "оbs1"]  # noqa: RUF001 - two begin with a Cyrillic letter, which is the point
    names = [a_username() for _ in codes]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda pair: add(server, programme, pair[0], code=pair[1], password=PASSWORD), zip(names, codes, strict=True))
        )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (refused["code"], refused["errors"]) == ("code_taken", [{"pointer": "/code", "code": "code_taken"}])
    assert [sign_in(server, name).status_code for name in names].count(200) == 1


def test_one_account_is_made_where_a_new_name_is_added_twice_at_once(server):
    programmes = [a_programme(server) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda programme: add(server, programme, "racer", password=PASSWORD), programmes))
    assert [answer.status_code for answer in answers] == [201] * 3
    shown = me(server, signed_in(server, "racer"))
    assert (len(shown["memberships"]), len(shown["invitations"])) == (1, 2)


def test_a_one_time_secret_runs_out_after_seven_days(server, monkeypatch):
    programme = a_programme(server)
    secret = add(server, programme, "late").json()["secret"]
    clock = FakeClock(monkeypatch)
    clock.moment = clock.moment.replace(year=2099)
    assert redeem(server, "late", secret).json()["code"] == "invalid_credentials"


def test_nobody_learns_by_redeeming_which_names_exist(server):
    programme = a_programme(server)
    add(server, programme, "waiting")
    names = ["waiting", "nobody", an_account(server), programme.coordinator.username]
    answers = [redeem(server, name, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-F") for name in names]
    told = [(answer.status_code, {**answer.json(), "request_id": ""}) for answer in answers]
    assert told.count(told[0]) == 4
    assert told[0][1]["code"] == "invalid_credentials"


def test_a_weak_password_is_refused_before_the_secret_is_looked_at(server):
    programme = a_programme(server)
    secret = add(server, programme, "late").json()["secret"]
    for password in ("elevenchars", "Password1234", "hearsight2026!"):
        answer = redeem(server, "late", secret, password)
        assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/password", "code": "weak_password"}])
    assert redeem(server, "late", secret.lower()).status_code == 204
    assert sign_in(server, "late").status_code == 200


def test_a_new_password_ends_every_older_session(server):
    person = signed_in(server, an_account(server))
    newcomer = server.app.state.sign_in.newcomer(person.username, None)
    assert server.store.write(lambda session: service.renew_secret(session, newcomer))
    assert server.get("/v1/me", token=person.token).status_code == 200
    assert redeem(server, person.username, newcomer.secret, "a password of another day").status_code == 204
    assert server.get("/v1/me", token=person.token).json()["code"] == "session_ended"
    assert sign_in(server, person.username).status_code == 401


def test_languages_can_be_changed_and_old_edits_are_stale(server):
    programme = a_programme(server)
    observer = a_member(server, programme)
    at = path(programme, observer.member_id)
    etag = server.get(at, token=programme.token).headers["etag"]
    changed = server.patch(at, {"languages": {"kk": "partial"}}, token=programme.token, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["languages"]) == (200, {"kk": "partial"})
    assert server.patch(at, {"languages": {}}, token=programme.token, headers={"If-Match": etag}).json()["code"] == "stale_version"
    assert server.request("DELETE", at, token=programme.token, headers={"If-Match": etag}).json()["code"] == "stale_version"
    for languages, pointer, code in [({"kk": "perfect"}, "/languages/kk", "not_in_vocabulary"), (["kk"], "/languages", "wrong_type")]:
        answer = server.patch(at, {"languages": languages}, token=programme.token)
        assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": pointer, "code": code}])


def test_a_role_or_a_code_never_changes(server):
    programme = a_programme(server)
    observer = a_member(server, programme)
    for name, value in [("role", "coordinator"), ("code", "X"), ("username", "x"), ("account_id", str(uuid4())), ("version", 9)]:
        answer = server.patch(path(programme, observer.member_id), {name: value}, token=programme.token)
        assert answer.json()["errors"] == [{"pointer": f"/{name}", "code": "unknown_field"}]


def test_a_removed_member_can_be_brought_back_and_keeps_the_code(server):
    programme = a_programme(server)
    observer = a_member(server, programme, code="OBS1")
    at = path(programme, observer.member_id)
    assert server.patch(at, {"status": "removed"}, token=programme.token).json()["status"] == "removed"
    assert server.delete(at, token=programme.token).status_code == 204
    assert add(server, programme, "another", code="obs1").json()["code"] == "code_taken"
    assert server.patch(at, {"status": "active"}, token=programme.token).json()["status"] == "active"
    assert server.get(f"/v1/programmes/{programme.id}", token=signed_in(server, observer.username).token).status_code == 200


def test_who_never_accepted_is_invited_again_when_brought_back(server):
    programme = a_programme(server)
    member_id = add(server, programme, an_account(server)).json()["id"]
    at = path(programme, member_id)
    server.patch(at, {"status": "removed"}, token=programme.token)
    assert server.patch(at, {"status": "active"}, token=programme.token).json()["status"] == "invited"


def test_the_last_coordinator_stays(server):
    programme = a_programme(server)
    first, second = programme.coordinator, a_member(server, programme, role="coordinator")
    add(server, programme, an_account(server), role="coordinator")
    for answer in (
        server.delete(path(programme, first.member_id), token=second.token),
        server.delete(path(programme, second.member_id), token=second.token),
        server.patch(path(programme, second.member_id), {"status": "removed"}, token=second.token),
    ):
        if answer.status_code == 204:
            continue
        assert (answer.status_code, answer.json()["code"]) == (409, "last_coordinator")
    assert server.get(path(programme), token=second.token).status_code == 200


def test_two_coordinators_who_remove_each_other_at_once_leave_one(server):
    programme = a_programme(server)
    first, second = programme.coordinator, a_member(server, programme, role="coordinator")
    pairs = [(first.member_id, second.token), (second.member_id, first.token)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: server.delete(path(programme, pair[0]), token=pair[1]), pairs))
    with server.store.read() as session:
        found = [service.member_by_id(session, UUID(programme.id), UUID(member_id)) for member_id, _ in pairs]
    assert sorted(each.status for each in found) == ["active", "removed"]


def test_only_coordinators_manage_members_and_only_of_their_programme(server):
    programme, other = a_programme(server), a_programme(server)
    observer = a_member(server, programme)
    random = server.get(path(programme, uuid4()), token=programme.token)
    assert (random.status_code, random.json()["code"]) == (404, "not_found")
    for method in ("GET", "PATCH", "DELETE"):
        body = {"json": {"languages": {}}} if method == "PATCH" else {}
        assert server.request(method, path(programme, observer.member_id), token=observer.token, **body).json()["code"] == "forbidden"
        for foreign in (path(programme, observer.member_id), path(other, observer.member_id)):
            answer = server.request(method, foreign, token=other.token, **body)
            assert (answer.status_code, {**answer.json(), "request_id": ""}) == (404, {**random.json(), "request_id": ""})
    assert add(server, programme, "x", token=observer.token).json()["code"] == "forbidden"
    assert add(server, programme, "x", token=other.token).json()["code"] == "not_found"
    assert server.get(path(programme), token=observer.token).json()["code"] == "forbidden"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"role": "operator"}, "/role", "not_in_vocabulary"),
        ({"role": None}, "/role", "not_in_vocabulary"),
        ({"code": "a b"}, "/code", "wrong_format"),
        ({"code": "x" * 33}, "/code", "too_long"),
        ({"username": "n" * 65}, "/username", "too_long"),
        ({"username": "\u200b"}, "/username", "required"),
        ({"username": "a\u200bb"}, "/username", "invalid_text"),
        ({"password": 123456789012}, "/password", "wrong_type"),
        ({"password": "elevenchars"}, "/password", "weak_password"),
        ({"is_operator": True}, "/is_operator", "unknown_field"),
        ({"status": "active"}, "/status", "unknown_field"),
        ({"languages": {"KK": "full"}}, "/languages/KK", "wrong_format"),
    ],
)
def test_what_is_wrong_with_a_member_is_told_by_place_and_code(server, body, pointer, code):
    answer = add(server, a_programme(server), **{"username": "x", **body})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": pointer, "code": code}]


def test_observers_are_known_by_code_with_their_languages_even_once_removed(server):
    programme = a_programme(server)
    made = [a_member(server, programme, code=code, languages={"kk": fluency}) for code, fluency in (("B", "full"), ("A", "none"))]
    a_member(server, programme, role="analyst")
    server.delete(path(programme, made[0].member_id), token=programme.token)
    with server.store.read() as session:
        found = service.observers(session, UUID(programme.id))
        assert service.member_by_id(session, UUID(programme.id), uuid4()) is None
        assert service.programme_of(session, UUID(programme.id)).timezone == "Asia/Almaty"
    assert [(each.code, each.languages, each.status) for each in found] == [
        ("A", {"kk": "none"}, "active"),
        ("B", {"kk": "full"}, "removed"),
    ]
