"""Programmes: founded by operators, changed by coordinators, invisible to everybody else."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.support.people import PASSWORD, a_member, a_programme, a_username, an_account, an_operator, sign_in, signed_in


def a_body(**changes):
    body = {
        "slug": a_username("slug"),
        "name": "Trials of one winter",
        "timezone": "Asia/Almaty",
        "default_language": "kk",
        "review": "required",
        "coordinator": {"username": a_username("coordinator"), "password": PASSWORD},
    }
    return {**body, **changes}


def found(server, operator, **changes):
    return server.post("/v1/programmes", a_body(**changes), token=operator.token)


def told(answer):
    return answer.status_code, answer.json()["code"], answer.json()["errors"]


def test_an_operator_founds_a_programme_whose_coordinator_can_work_at_once(server):
    operator = an_operator(server)
    body = a_body()
    answer = server.post("/v1/programmes", body, token=operator.token)
    assert answer.status_code == 201
    shown = answer.json()
    assert answer.headers["location"] == f"/v1/programmes/{shown['id']}"
    assert answer.headers["etag"] == '"1"'
    assert {name: shown[name] for name in ("slug", "name", "timezone", "default_language", "review")} == {
        name: body[name] for name in ("slug", "name", "timezone", "default_language", "review")
    }
    assert (shown["coordinator"]["role"], shown["coordinator"]["code"], shown["coordinator"]["status"]) == (
        "coordinator",
        "COORD",
        "active",
    )
    assert shown["coordinator"]["secret"] is None
    coordinator = signed_in(server, body["coordinator"]["username"])
    assert server.get(f"/v1/programmes/{shown['id']}", token=coordinator.token).headers["etag"] == '"1"'


def test_a_coordinator_without_a_password_gets_a_secret_that_sets_one_once(server):
    shown = found(server, an_operator(server), coordinator={"username": "sara"}).json()["coordinator"]
    assert sign_in(server, "sara").status_code == 401
    redeemed = {"username": "Sara", "secret": shown["secret"], "password": PASSWORD}
    assert server.post("/v1/auth/password", redeemed).status_code == 204
    assert server.post("/v1/auth/password", redeemed).json()["code"] == "invalid_credentials"
    assert server.get("/v1/me", token=signed_in(server, "sara").token).json()["memberships"][0]["role"] == "coordinator"


def test_an_existing_account_can_coordinate_and_keeps_its_password(server):
    name = an_account(server)
    assert found(server, an_operator(server), coordinator={"username": name, "password": "another long password"}).status_code == 201
    assert sign_in(server, name).status_code == 200


def test_only_operators_found_programmes(server):
    programme = a_programme(server)
    assert found(server, programme.coordinator).json()["code"] == "forbidden"
    assert server.post("/v1/programmes", a_body()).json()["code"] == "invalid_token"


def test_a_slug_belongs_to_one_programme_in_a_race_too(server):
    operator = an_operator(server)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: found(server, operator, slug="winter"), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert told(refused) == (409, "slug_taken", [{"pointer": "/slug", "code": "slug_taken"}])
    assert len(server.get("/v1/programmes", token=operator.token).json()["items"]) == 1


def test_a_programme_that_could_not_be_founded_leaves_nothing(server):
    operator = an_operator(server)
    found(server, operator, slug="winter")
    assert found(server, operator, slug="winter", coordinator={"username": "left-over", "password": PASSWORD}).status_code == 409
    assert sign_in(server, "left-over").status_code == 401


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"timezone": "Asia/Zhanaozen"}, "/timezone", "unknown_timezone"),
        ({"timezone": "../../etc/passwd"}, "/timezone", "unknown_timezone"),
        ({"timezone": 6}, "/timezone", "wrong_type"),
        ({"slug": "Winter"}, "/slug", "wrong_format"),
        ({"slug": "-"}, "/slug", "wrong_format"),
        ({"slug": "w" * 65}, "/slug", "too_long"),
        ({"name": " "}, "/name", "required"),
        ({"name": "a\u202eb"}, "/name", "invalid_text"),
        ({"default_language": "fr"}, "/default_language", "not_in_vocabulary"),
        ({"review": "never"}, "/review", "not_in_vocabulary"),
        ({"version": 3}, "/version", "unknown_field"),
        ({"id": str(uuid4())}, "/id", "unknown_field"),
        ({"coordinator": {"username": " ", "password": PASSWORD}}, "/coordinator/username", "required"),
        ({"coordinator": {"username": "a\nb", "password": PASSWORD}}, "/coordinator/username", "invalid_text"),
        ({"coordinator": {"username": "a", "password": "too short"}}, "/coordinator/password", "weak_password"),
        ({"coordinator": {"username": "a", "password": "x\u0000" * 10}}, "/coordinator/password", "invalid_text"),
        ({"coordinator": {"username": "a", "password": "seven cranes " * 16}}, "/coordinator/password", "too_long"),
        ({"coordinator": {"username": "a", "role": "observer"}}, "/coordinator/role", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_programme_is_told_by_place_and_code(server, changes, pointer, code):
    answer = found(server, an_operator(server), **changes)
    assert told(answer) == (422, code, [{"pointer": pointer, "code": code}])
    assert PASSWORD not in answer.text


def test_a_coordinator_changes_a_programme_and_an_old_edit_is_stale(server):
    programme = a_programme(server)
    path = f"/v1/programmes/{programme.id}"
    changed = server.patch(path, {"review": "trusted", "name": "Another"}, token=programme.token, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    assert (changed.json()["review"], changed.json()["name"], changed.json()["version"]) == ("trusted", "Another", 2)
    assert changed.headers["etag"] == '"2"'
    stale = server.patch(path, {"name": "Third"}, token=programme.token, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"], stale.json()["current_version"]) == (409, "stale_version", 2)
    assert server.patch(path, {"timezone": "Mars/Base"}, token=programme.token).json()["code"] == "unknown_timezone"
    assert server.patch(path, {"slug": "new"}, token=programme.token).json()["code"] == "unknown_field"
    assert server.get(path, token=programme.token).json() == changed.json()
    assert server.patch(path, {"name": "Third"}, token=programme.token, headers={"If-Match": "*"}).json()["version"] == 3


def test_an_edit_that_changes_nothing_is_no_new_version(server):
    programme = a_programme(server)
    assert server.patch(f"/v1/programmes/{programme.id}", {}, token=programme.token).json()["version"] == 1


def test_whoever_does_not_belong_to_a_programme_sees_nothing_of_it(server):
    mine, other = a_programme(server), a_programme(server)
    random = server.get(f"/v1/programmes/{uuid4()}", token=mine.token)
    for method in ("GET", "PATCH"):
        answer = server.request(method, f"/v1/programmes/{other.id}", token=mine.token, **({"json": {}} if method == "PATCH" else {}))
        assert told(answer) == told(random) == (404, "not_found", [])
    assert [each["id"] for each in server.get("/v1/programmes", token=mine.token).json()["items"]] == [mine.id]


def test_an_observer_reads_a_programme_and_changes_nothing(server):
    programme = a_programme(server)
    observer = a_member(server, programme)
    assert server.get(f"/v1/programmes/{programme.id}", token=observer.token).status_code == 200
    assert server.patch(f"/v1/programmes/{programme.id}", {"name": "x"}, token=observer.token).json()["code"] == "forbidden"


def test_an_operator_sees_that_a_programme_exists_and_nothing_in_it(server):
    operator = an_operator(server)
    programme = a_programme(server, operator)
    path = f"/v1/programmes/{programme.id}"
    assert server.get(path, token=operator.token).status_code == 200
    assert server.patch(path, {"name": "x"}, token=operator.token).json()["code"] == "forbidden"
    assert server.get(f"{path}/members", token=operator.token).json()["code"] == "forbidden"
    assert server.get(f"/v1/programmes/{uuid4()}/members", token=operator.token).json()["code"] == "not_found"


def test_a_list_of_programmes_pages_to_its_end(server):
    operator = an_operator(server)
    made = [found(server, operator).json()["id"] for _ in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        parameters = {"limit": 2} if cursor is None else {"limit": 2, "cursor": cursor}
        page = server.get("/v1/programmes", token=operator.token, params=parameters).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (sorted(made), None)
    assert server.get("/v1/programmes", token=operator.token, params={"cursor": "forged"}).json()["code"] == "invalid_cursor"


def test_what_happened_to_a_programme_stands_in_its_journal_without_names(server):
    programme = a_programme(server)
    observer = a_member(server, programme)
    server.patch(f"/v1/programmes/{programme.id}", {"name": "Canary"}, token=programme.token)
    server.delete(f"/v1/programmes/{programme.id}/members/{observer.member_id}", token=programme.token)
    with server.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT kind, leaf, log FROM journal ORDER BY log, seq").fetchall()
    own = [kind for kind, _, log in rows if str(log).replace("-", "") == programme.id.replace("-", "")]
    assert own[:3] == ["programme.created", "member.added", "member.changed"]
    assert own[-2:] == ["programme.changed", "member.removed"]
    leaves = b"".join(bytes(leaf) for _, leaf, _ in rows)
    for canary in ("Canary", observer.username, programme.coordinator.username, programme.shown["name"]):
        assert canary.encode() not in leaves
