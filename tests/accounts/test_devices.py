"""Phones: a code good once, a key that signs each refresh, and an end that acts on the next request in every process."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.accounts import service
from app.accounts.models import Device, Enrolment
from app.journal.models import JournalEntry
from app.kit import tokens
from tests.support.clocks import FakeClock
from tests.support.people import PASSWORD, a_member, a_programme, an_account, an_operator, sign_in, signed_in
from tests.support.phones import Phone, a_code, a_phone
from tests.support.servers import Server
from tests.support.trial import a_trial


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def told(answer):
    """Everything of an answer but what differs between any two requests."""
    body = answer.json()
    del body["request_id"]
    return answer.status_code, body, {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def noted(server, kind, subject):
    """How often something was noted about a phone or a session."""
    with server.store.read() as session:
        table = JournalEntry.__table__
        query = sa.select(sa.func.count()).where(table.c.kind == kind, table.c.subject_id == UUID(str(subject)))
        return session.connection().execute(query).scalar()


def session_of(server, phone):
    return server.app.state.sign_in._reader.claims_of(phone.token).session_id


def listed(server, token, **params):
    answer = server.get("/v1/devices", token=token, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
def programme(server):
    return a_programme(server)


@pytest.fixture
def observer(server, programme):
    return a_member(server, programme)


@pytest.fixture
def other(server, database_address, tmp_path):
    """A second process on the same database, with the same keys."""
    with Server(database_address, tmp_path) as running:
        yield running


@pytest.mark.one_server
def test_a_code_is_shown_once_as_text_and_qr_and_lets_one_phone_in(server, programme, observer):
    made = a_code(server, programme, observer)
    plain = made["code"].replace("-", "")
    assert (len(plain), len(made["code"]), made["member_id"]) == (16, 19, observer.member_id)
    assert made["payload"] == f"http://127.0.0.1/observe#enrol={plain}"
    assert (made["qr_svg"][:10], made["qr_svg"][-6:]) == ("<svg xmlns", "</svg>")
    phone = Phone(server)
    answer = phone.ask(made["code"].lower().replace("-", " "))
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert set(shown) == {"device", "access_token", "token_type", "expires_in", "refresh_token", "scope"}
    assert answer.headers["cache-control"] == "no-store"
    me = server.get("/v1/me", token=shown["access_token"]).json()
    assert me["device"] == shown["device"] == listed(server, programme.token)[0]
    assert (shown["device"]["member"], shown["device"]["revoked_at"]) == (observer.code, None)
    assert [each["id"] for each in me["memberships"]] == [observer.member_id]
    assert server.get("/v1/me", token=observer.token).json()["device"] is None
    with server.store.read() as session:
        rows = [tuple(row) for table in (Enrolment, Device) for row in session.connection().execute(table.__table__.select())]
        leaves = session.connection().exec_driver_sql("SELECT leaf FROM journal").fetchall()
    assert plain not in f"{rows} {leaves}"
    assert "Phone 3" not in str(leaves)


@pytest.mark.one_server
def test_a_lost_answer_is_given_again_until_the_first_refresh_and_to_the_same_key_only(server, programme, observer):
    code = a_code(server, programme, observer)["code"]
    with ThreadPoolExecutor(4) as pool:
        phone = Phone(server)
        answers = list(pool.map(lambda _: phone.ask(code), range(4)))
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 201]
    assert len({each.json()["device"]["id"] for each in answers}) == 1
    (refresh_token,) = {each.json()["refresh_token"] for each in answers}
    assert all(server.get("/v1/me", token=each.json()["access_token"]).status_code == 200 for each in answers)
    assert code_of(Phone(server).ask(code)) == (409, "code_used")
    assert phone.refresh(refresh_token).status_code == 200
    assert code_of(phone.ask(code)) == (409, "code_used")
    assert noted(server, "device.enrolled", answers[0].json()["device"]["id"]) == 1


def test_a_code_that_is_unknown_late_or_for_somebody_who_left_is_answered_for_what_it_is(server, programme, observer, monkeypatch):
    clock, phone = FakeClock(monkeypatch), Phone(server)
    unknown = phone.ask("0000-0000-0000-0000")
    assert (*code_of(unknown), unknown.json()["errors"]) == (404, "not_found", [{"pointer": "/code", "code": "not_found"}])
    short, long = (a_code(server, programme, observer, expires_in_minutes=minutes)["code"] for minutes in (5, 10_080))
    clock.advance(minutes=5)
    assert code_of(phone.ask(short)) == (410, "code_expired")
    path = f"/v1/programmes/{programme.id}/members/{observer.member_id}"
    coordinator = signed_in(server, programme.coordinator.username)
    assert server.delete(path, token=coordinator.token).status_code == 204
    assert code_of(phone.ask(long)) == (410, "code_withdrawn")
    server.patch(path, {"status": "active"}, token=coordinator.token)
    assert code_of(phone.ask(long)) == (410, "code_withdrawn")
    assert phone.ask(a_code(server, type(programme)(programme.id, {}, coordinator), observer)["code"]).status_code == 201


@pytest.mark.one_server
def test_a_code_is_made_for_observers_of_the_programme_and_for_a_week_at_most(server, programme, observer):
    path, stranger = f"/v1/programmes/{programme.id}/enrolments", a_member(server, a_programme(server))
    wrong = [
        ({"expires_in_minutes": 4}, "/expires_in_minutes", "out_of_range"),
        ({"expires_in_minutes": 10_081}, "/expires_in_minutes", "out_of_range"),
        ({"member_id": programme.coordinator.member_id}, "/member_id", "not_an_observer"),
        ({"member_id": stranger.member_id}, "/member_id", "not_found"),
    ]
    for body, place, code in wrong:
        answer = server.post(path, {"member_id": observer.member_id, **body}, token=programme.token)
        assert answer.json()["errors"] == [{"pointer": place, "code": code}]
    assert server.post(path, {"member_id": observer.member_id}, token=observer.token).status_code == 403


@pytest.mark.one_server
def test_a_key_that_is_no_public_key_on_the_curve_is_refused_and_costs_no_code(server, programme, observer):
    code, phone = a_code(server, programme, observer)["code"], Phone(server)
    wrong = [({"y": "A" * 43}, ""), ({"x": "A" * 42}, "/x"), ({"crv": "P-384"}, "/crv"), ({"d": "A" * 43}, "/d")]
    for key, place in wrong:
        answer = phone.ask(code, public_key={**phone.public_key, **key})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/public_key{place}")
    assert phone.ask(code).status_code == 201


@pytest.mark.one_server
def test_a_refresh_takes_the_signature_of_the_phone_and_nothing_changes_without_it(server, programme, observer):
    phone, stranger = a_phone(server, programme, observer), Phone(server)
    body = phone.body()
    good = phone.signature(body)
    nonce, _, signature = good.partition(".")
    wrong = [
        None,
        "",
        nonce,
        good + "A",
        f"{nonce[:-1]}.{signature}",
        f"{nonce}.{'A' * 86}",
        f"{nonce}.{'_' * 86}",
        stranger.signature(body),
        phone.signature(body + b"&x=y"),
        phone.signature(body, path="/v1/devices"),
        phone.signature(body, nonce="short"),
    ]
    ended = told(server.get("/v1/me", token=revoked(server, programme, observer).token))
    for odd in wrong:
        answer = phone.send(body, odd)
        assert code_of(answer) == (401, "session_ended"), odd
        assert told(answer) == ended
    assert phone.send(body, good).status_code == 200
    assert noted(server, "session.replayed", session_of(server, phone)) == 0


def revoked(server, programme, observer):
    phone = a_phone(server, programme, observer)
    assert server.delete(f"/v1/devices/{phone.id}", token=programme.token).status_code == 204
    return phone


@pytest.mark.one_server
def test_a_nonce_is_good_for_one_body_which_may_be_sent_again(server, programme, observer):
    phone = a_phone(server, programme, observer)
    body = phone.body()
    signature = phone.signature(body, nonce="n" * 22)
    first = phone.send(body, signature).json()["refresh_token"]
    assert phone.send(body, signature).json()["refresh_token"] == first
    assert code_of(phone.refresh(first, nonce="n" * 22)) == (401, "session_ended")
    assert phone.refresh(first).status_code == 200


@pytest.mark.one_server
def test_a_lost_reply_is_forgiven_and_a_replay_ends_the_session_for_whoever_holds_the_key(server, programme, observer):
    phone = a_phone(server, programme, observer)
    first = phone.refresh_token
    successor = phone.refresh(first).json()["refresh_token"]
    assert phone.refresh(first).json()["refresh_token"] == successor
    newest = phone.refresh(successor).json()
    assert server.app.state.sign_in._reader.claims_of(newest["access_token"]).device_id == UUID(phone.id)
    # A copied token without the key ends nothing.
    assert code_of(phone.send(phone.body(first))) == (401, "session_ended")
    assert phone.refresh(newest["refresh_token"]).status_code == 200
    assert code_of(phone.refresh(first)) == (401, "session_ended")
    assert code_of(server.get("/v1/me", token=newest["access_token"])) == (401, "session_ended")
    assert noted(server, "session.replayed", session_of(server, phone)) == 1
    assert noted(server, "device.replayed", phone.id) == 1
    (shown,) = [each for each in listed(server, programme.token) if each["id"] == phone.id]
    assert shown["replayed_on"] == shown["last_seen_on"] is not None
    other = a_phone(server, programme, observer)
    assert [each["replayed_on"] for each in listed(server, programme.token) if each["id"] == other.id] == [None]


def test_a_revoked_phone_is_out_at_once_everywhere_like_any_session_that_ended(server, other, programme, observer):
    phone, kept = a_phone(server, programme, observer), a_phone(server, programme, observer)
    assert other.get("/v1/me", token=phone.token).status_code == 200
    for _ in range(2):
        assert server.delete(f"/v1/devices/{phone.id}", token=programme.token).status_code == 204
    ordinary = signed_in(server, observer.username)
    server.client.post("/v1/auth/revoke", data={"token": ordinary.token})
    asking = [("GET", "/v1/me", None), ("GET", "/v1/observations", None), ("POST", "/v1/observations/batch", {"items": [{}]})]
    for running in (server, other):
        for method, path, body in asking:
            options = {} if body is None else {"json": body}
            answers = [told(running.request(method, path, token=each.token, **options)) for each in (phone, ordinary)]
            assert answers[0] == answers[1]
            assert (answers[0][0], answers[0][1]["code"]) == (401, "session_ended")
    assert code_of(phone.refresh()) == (401, "session_ended")
    assert server.get("/v1/me", token=kept.token).status_code == 200
    assert server.get("/v1/me", token=observer.token).status_code == 200
    assert [each["revoked_at"] is None for each in listed(server, programme.token)] == [False, True]
    assert noted(server, "device.revoked", phone.id) == 1


def test_a_member_who_is_removed_takes_every_phone_along(server, other, programme, observer):
    phone = a_phone(server, programme, observer)
    elsewhere = a_programme(server)
    body = {"username": observer.username, "code": "X1", "role": "observer"}
    invited = server.post(f"/v1/programmes/{elsewhere.id}/members", body, token=elsewhere.token).json()["id"]
    assert server.post(f"/v1/me/invitations/{invited}/accept", token=observer.token).status_code == 200
    assert other.get("/v1/me", token=phone.token).status_code == 200
    server.delete(f"/v1/programmes/{programme.id}/members/{observer.member_id}", token=programme.token)
    for running in (server, other):
        assert code_of(running.get("/v1/me", token=phone.token)) == (401, "session_ended")
    assert code_of(phone.refresh()) == (401, "session_ended")
    # The person signed in with a password keeps what the other programme gives.
    assert server.get("/v1/me", token=observer.token).status_code == 200
    server.patch(f"/v1/programmes/{programme.id}/members/{observer.member_id}", {"status": "active"}, token=programme.token)
    assert code_of(server.get("/v1/me", token=phone.token)) == (401, "session_ended")


@pytest.mark.one_server
def test_a_phone_does_what_its_observer_may_and_nothing_else_of_the_person(server):
    """Somebody who is an operator, and a coordinator of another programme, is on the phone the observer of this one."""
    programme, operator = a_programme(server), an_operator(server)
    led = a_programme(server, operator, coordinator=an_account(server))
    person = led.coordinator
    server.store.write(lambda session: setattr(service.queries.account_by_key(session, person.username.casefold()), "is_operator", True))
    body = {"username": person.username, "code": "X1", "role": "observer"}
    member = server.post(f"/v1/programmes/{programme.id}/members", body, token=programme.token).json()
    person.member_id = member["id"]
    phone = a_phone(server, programme, person)
    third = a_programme(server)
    invitation = server.post(f"/v1/programmes/{third.id}/members", {**body, "code": "X3"}, token=third.token).json()["id"]
    me = server.get("/v1/me", token=phone.token).json()
    assert [each["id"] for each in me["memberships"]] == [member["id"]]
    assert (me["invitations"], me["account"]["is_operator"]) == ([], False)
    assert server.post(f"/v1/me/invitations/{invitation}/accept", token=phone.token).status_code == 404
    assert server.get(f"/v1/programmes/{led.id}", token=phone.token).status_code == 404
    assert [each["id"] for each in server.get("/v1/programmes", token=phone.token).json()["items"]] == [programme.id]
    assert len(server.get("/v1/me", token=person.token).json()["memberships"]) == 2


@pytest.mark.one_server
def test_a_token_that_names_another_device_than_its_session_is_nobodys(server, programme, observer):
    phone, plain = a_phone(server, programme, observer), signed_in(server, observer.username)
    reader, ring = server.app.state.sign_in._reader, server.store.keys.ring
    for of, device in ((phone, None), (phone, uuid4()), (plain, UUID(phone.id))):
        claims = reader.claims_of(of.token)
        forged = tokens.issue(ring, claims.account_id, claims.session_id, claims.expires_at - tokens.LIFETIME, device)
        for method, path in (("GET", "/v1/me"), ("POST", "/v1/observations"), ("POST", "/v1/observations/batch")):
            assert code_of(server.request(method, path, token=forged, content=b"{")) == (401, "session_ended"), (device, path)


@pytest.mark.one_server
def test_observers_see_and_end_their_own_phones_coordinators_those_of_the_programme(server, programme, observer):
    neighbour, stranger = a_member(server, programme), a_programme(server)
    mine, theirs = a_phone(server, programme, observer), a_phone(server, programme, neighbour)
    assert [each["id"] for each in listed(server, programme.token, programme_id=programme.id)] == [mine.id, theirs.id]
    for token in (observer.token, mine.token):
        assert [each["id"] for each in listed(server, token)] == [mine.id]
    assert listed(server, stranger.token) == []
    assert server.get("/v1/devices", token=stranger.token, params={"programme_id": programme.id}).status_code == 404
    page = server.get("/v1/devices", token=programme.token, params={"limit": 1}).json()
    rest = server.get("/v1/devices", token=programme.token, params={"limit": 1, "cursor": page["next_cursor"]}).json()
    assert [each["id"] for each in page["items"] + rest["items"]] == [mine.id, theirs.id]
    analyst = a_member(server, programme, role="analyst")
    for token, status in ((stranger.token, 404), (observer.token, 404), (analyst.token, 403)):
        assert server.delete(f"/v1/devices/{theirs.id}", token=token).status_code == status
    assert server.delete(f"/v1/devices/{mine.id}", token=mine.token).status_code == 204
    assert code_of(server.get("/v1/me", token=mine.token)) == (401, "session_ended")
    assert server.client.post("/v1/auth/revoke", data={"token": theirs.refresh_token}).status_code == 200
    assert all(each["revoked_at"] for each in listed(server, programme.token))


def test_of_when_a_phone_was_seen_the_day_in_the_programmes_zone_is_kept(server, monkeypatch):
    clock = FakeClock(monkeypatch)
    programme = a_programme(server)
    phone = a_phone(server, programme, a_member(server, programme))
    assert phone.refresh().status_code == 200
    first = listed(server, programme.token)[0]["last_seen_on"]
    # Noon at Greenwich is the afternoon of the same day in Almaty, and its late evening the next day.
    clock.advance(hours=13)
    assert phone.refresh().status_code == 200
    coordinator = signed_in(server, programme.coordinator.username)
    seen = listed(server, coordinator.token)[0]["last_seen_on"]
    assert (len(seen), seen > first) == (10, True)


@pytest.mark.one_server
def test_a_new_password_leaves_phones_in_and_a_disabled_account_does_not(server, programme):
    body = {"username": f"new-{uuid4().hex[:8]}", "code": "NEW", "role": "observer"}
    made = server.post(f"/v1/programmes/{programme.id}/members", body, token=programme.token).json()
    person = type("Person", (), {"member_id": made["id"], "username": body["username"]})
    phone = a_phone(server, programme, person)
    assert server.get("/v1/me", token=phone.token).json()["memberships"][0]["status"] == "active"
    secret = {"username": body["username"], "secret": made["secret"], "password": PASSWORD}
    assert server.post("/v1/auth/password", secret).status_code == 204
    assert server.get("/v1/me", token=phone.token).status_code == 200
    assert sign_in(server, body["username"]).status_code == 200
    server.store.write(lambda session: service.switch_account(session, body["username"], is_active=False))
    assert code_of(server.get("/v1/me", token=phone.token)) == (401, "session_ended")
    assert code_of(phone.refresh()) == (401, "session_ended")


@pytest.mark.one_server
def test_a_programme_that_requires_phones_takes_filings_of_observers_from_phones_only(server):
    trial = a_trial(server)
    programme, observer = trial.programme, trial.observer
    phone = a_phone(server, programme, observer)
    path = f"/v1/programmes/{programme.id}"
    assert trial.file(trial.body()).status_code == 201
    assert server.patch(path, {"devices": "required"}, token=programme.token).json()["devices"] == "required"
    filed = trial.body()
    assert code_of(server.post("/v1/observations", filed, token=observer.token)) == (403, "device_required")
    batch = server.post("/v1/observations/batch", {"items": [filed]}, token=observer.token).json()["results"]
    assert [(each["status"], each["code"], each["retryable"]) for each in batch] == [("invalid", "device_required", False)]
    package = {token: server.get("/v1/bootstrap", token=token) for token in (observer.token, phone.token, programme.token)}
    assert [each.status_code for each in package.values()] == [403, 200, 200]
    assert package[observer.token].json()["code"] == "device_required"
    assert package[phone.token].json()["programme"]["devices"] == "required"
    assert server.post("/v1/observations", filed, token=phone.token).status_code == 201
    assert server.get(f"/v1/observations/{filed['id']}", token=observer.token).status_code == 200
    for step, body in (("withdraw", {"reason": "Twice."}), ("answer", {"text": "The first."})):
        assert code_of(server.post(f"/v1/observations/{filed['id']}/{step}", body, token=observer.token)) == (403, "device_required")
    assert server.post(f"/v1/observations/{filed['id']}/withdraw", {"reason": "Twice."}, token=phone.token).status_code == 200
    assert server.post("/v1/observations", trial.body(form="case_fact"), token=programme.token).status_code != 403
