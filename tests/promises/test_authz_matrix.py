"""Who may call what: a table that people review, against the routes that there are and against what each of them answers to everybody.

`tests/promises/authz_matrix.csv` has a row for each route and a column for each kind of caller. `allowed`: it does what it is there for.
`forbidden`: the caller sees what it is about and may not. `not found`: the caller sees nothing there. `no token`: 401.
"""

import csv
from pathlib import Path

import pytest
from starlette.routing import Mount

from app.journal.models import SERVER_LOG
from app.kit import access
from app.kit.access import STATIC_PATHS, PolicedRoute
from tests.support.cast import EVERYBODY, NOBODY, Cast
from tests.support.every_route import RAW, every_route, model_of, query_parameters
from tests.support.house import addresses
from tests.support.in_earnest import uploading
from tests.support.journals import checkpoints_of
from tests.support.people import PASSWORD, sign_in
from tests.support.refusals import nothing_written

MATRIX = Path(__file__).with_name("authz_matrix.csv")
INVITED = "/v1/me/invitations/{member_id}/"
FILES = sorted(f"GET {path}" for path in STATIC_PATHS - {"/swagger"})
OPERATORS_OWN = {("operator", path) for path in ("/v1/journal", "/v1/journal/checkpoints")}
OPERATORS_OWN |= {("operator", f"/v1/journal/proofs/{proof}") for proof in ("inclusion", "consistency")}
"""Where operators have something of their own: the server's log."""
KNOWN = {"right": "language_interpreter", "number": "1"}


def matrix():
    """By route and kind of caller, what the table says."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return {(line["route"], kind): line[kind] for line in lines for kind in EVERYBODY}


CELLS = matrix()


@pytest.fixture(scope="module")
def cast(standing):
    found = Cast(standing)
    # An edition to be read, with the checkpoint that it brings; and one of the server's log.
    answer = standing.post(f"/v1/cases/{found.things.ids['case_id']}/editions", token=found.things.token)
    assert answer.status_code == 201, answer.text
    checkpoints_of(standing).issue(SERVER_LOG)
    return found


def test_the_table_has_a_row_for_every_route_and_for_nothing_else():
    assert sorted({route for route, _ in CELLS}) == sorted([*addresses(), *FILES])
    assert set(CELLS.values()) == {"allowed", "forbidden", "not found", "no token"}


def test_every_route_of_the_application_has_exactly_one_policy_or_is_a_file_of_the_description(standing):
    found = list(access.walk(standing.app.routes))
    assert [route for route in found if isinstance(route, Mount)] == []
    bare = {f"GET {route.path}" for route in found if not isinstance(route, PolicedRoute)}
    assert bare == set(FILES)
    policed = [f"{method} {route.path}" for route in found if isinstance(route, PolicedRoute) for method in route.methods]
    assert sorted(policed) == sorted(addresses())
    assert len(policed) == len(set(policed))


def test_a_policy_that_lets_somebody_in_says_so_in_the_table():
    """The other direction: whom the table lets in, the policy of the route lets in, and nobody else."""
    for address, route in addresses().items():
        policy = route.policy
        for role in access.ROLES:
            may = policy.is_public or (not policy.for_operators and (not policy.roles or role in policy.roles))
            assert (CELLS[address, role] == "allowed") == may, (address, role)
        assert (CELLS[address, NOBODY] == "allowed") == policy.is_public, address
        assert (CELLS[address, "service"] == "allowed") == (policy.is_public or policy.for_clients is not None), address


def asking(cast, kind, method, path):
    """The answer to a right request by somebody."""
    route = next(route for verb, where, route in every_route() if (verb, where) == (method, path))
    query = {**cast.things.needed(route), **({"from": "1"} if path.endswith("/difference") else {})}
    if any(each.alias == "programme_id" for each in query_parameters(route)):
        query["programme_id"] = str(SERVER_LOG) if (kind, path) in OPERATORS_OWN else cast.things.ids["programme_id"]
    model = model_of(route)
    options = {} if model is None and path not in RAW else {"json": cast.things.body(path, model)}
    if "ids" in options.get("json", ()):
        options["json"]["ids"] = [cast.observations[kind]]
    other = {"observation_id": cast.observations[kind]} if "{observation_id}" in path else {}
    if "{attachment_id}" in path:
        other["attachment_id"] = cast.attachments[kind]
    if "/programmes/" in path:
        other["key"] = "coverage.hearings_known"
    address = cast.things.path(path, **KNOWN, **other)
    headers = cast.things.headers(method, path)
    return cast.server.request(method, address, token=cast.tokens[kind], params=query, headers=headers, **options)


def seen(answer):
    """What an answer means in the words of the table. Of several ids at once, each has its own."""
    found = {401: "no token", 403: "forbidden", 404: "not found"}.get(answer.status_code)
    if found is None and answer.status_code == 200 and answer.content.startswith(b'{"results"'):
        (one,) = answer.json()["results"]
        found = {"not_found": "not found", "forbidden": "forbidden"}.get(one.get("code") or one.get("status"))
        found = "not found" if one.get("status") == "unknown" else found
    assert answer.status_code < 500, answer.text
    return found or "allowed"


@pytest.fixture(scope="module")
def observations(cast):
    """By kind of caller an observation that is theirs, where they have any."""
    cast.observations = {kind: cast.own_observation(kind) for kind in EVERYBODY}
    cast.attachments = dict.fromkeys(EVERYBODY, cast.things.ids["attachment_id"])
    cast.attachments["observer"] = cast.things.attached(cast.tokens["observer"])
    return cast


def test_whoever_may_not_is_told_what_the_table_says_and_changes_nothing(observations):
    cast, found, expected = observations, {}, {}
    with nothing_written(cast.server):
        for method, path, _ in every_route():
            for kind in EVERYBODY:
                cell = f"{method} {path}", kind
                if CELLS[cell] != "allowed":
                    expected[cell], found[cell] = CELLS[cell], seen(asking(cast, kind, method, path))
    assert {cell: said for cell, said in found.items() if said != expected[cell]} == {}
    assert len(found) > 500


def test_whoever_may_read_reads_and_head_says_the_same(observations):
    cast, asked = observations, 0
    for method, path, _ in every_route():
        for kind in EVERYBODY if method == "GET" else ():
            shown, head = (asking(cast, kind, "GET", path), asking_head(cast, kind, path))
            assert (head.status_code, head.content) == (shown.status_code, b""), (path, kind)
            if CELLS[f"GET {path}", kind] == "allowed":
                assert shown.status_code == 200, (path, kind, shown.text)
                asked += 1
    assert asked >= 150


def asking_head(cast, kind, path):
    """The same request by HEAD."""
    server = cast.server
    cast.server = type("Heads", (), {"request": staticmethod(lambda method, *given, **more: server.request("HEAD", *given, **more))})
    try:
        return asking(cast, kind, "GET", path)
    finally:
        cast.server = server


def test_everybody_may_see_the_files_of_the_description(cast):
    for address in FILES:
        for kind in EVERYBODY:
            assert CELLS[address, kind] == "allowed"
            assert cast.server.get(address.removeprefix("GET "), token=cast.tokens[kind]).status_code == 200, address


IN_EARNEST = {"coordinator", "operator", "custodian"}
"""Whom `House.carry_out` has a route carried out by, where they may."""


def carried_out(cast, kind, method, path):
    """The answer to a request in earnest that changes something."""
    if path.startswith(INVITED):
        address = path.format(member_id=cast.invitation(kind))
        return cast.server.request(method, address, token=cast.tokens[kind])
    if path.startswith("/v1/auth/"):
        return with_a_token(cast, kind, path)
    if path == "/v1/devices":
        return cast.server.post(path, cast.a_phones_body(), token=cast.tokens[kind])
    if path.startswith("/v1/devices/"):
        return cast.server.delete(path.format(device_id=cast.own_phone()), token=cast.tokens[kind])
    if kind in IN_EARNEST:
        return cast.house.carry_out(f"{method} {path}")
    if path.endswith("/answer"):
        question = {"decision": "return", "reason": "Which of the two?"}
        for verb, body in (("release", {"assign": True, "reason": "She stood in."}), ("review", question)):
            cast.house.post(f"observations/{cast.observations[kind]}/{verb}", body)
    token = cast.tokens[kind]
    begun = "{attachment_id}" in path and cast.things.attached(token, is_whole=False)
    return uploading(cast.server, token, begun, method) if begun else asking(cast, kind, method, path)


def with_a_token(cast, kind, path):
    """What anybody may ask for, whatever token comes with it."""
    made = cast.house.post(f"programmes/{cast.house.docket.programme.id}/members", newcomer()).json()
    told = {"username": made["username"], "secret": made["secret"], "password": PASSWORD}
    if path.endswith("/password"):
        return cast.server.post(path, told, token=cast.tokens[kind])
    assert cast.server.post("/v1/auth/password", told).status_code == 204
    form = {"grant_type": "password", "username": told["username"], "password": PASSWORD}
    form["token"] = sign_in(cast.server, told["username"]).json()["refresh_token"]
    return cast.server.request("POST", path, token=cast.tokens[kind], data=form)


def newcomer():
    """Somebody who is to be a member, without a password yet."""
    number = next(NUMBERS)
    return {"username": f"new-{number}", "code": f"NEW{number}", "role": "observer"}


NUMBERS = iter(range(1, 10_000))


def test_whoever_may_change_something_changes_it(observations):
    cast, found = observations, {}
    for method, path, _ in every_route():
        for kind in EVERYBODY if method != "GET" else ():
            cell = f"{method} {path}", kind
            if CELLS[cell] == "allowed":
                answer = carried_out(cast, kind, method, path)
                assert answer.is_success, (cell, answer.status_code, answer.text)
                found[cell] = seen(answer)
    assert {cell for cell, said in found.items() if said != "allowed"} == set()
    assert len(found) > 80
