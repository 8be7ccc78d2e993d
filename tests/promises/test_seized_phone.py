"""P36: a phone that was taken away gets nothing more, tells nothing by how it is refused, and one knows what it had, by ids alone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.kit import clock
from tests.support.every_route import every_route
from tests.support.named import Named
from tests.support.people import a_member, sign_in
from tests.support.phones import a_phone
from tests.support.trial import a_trial
from tests.support.tus import OFFSET, TUS
from tests.support.tus import Phone as Sender

pytestmark = pytest.mark.one_server
TELLING_NOTHING = {"x-request-id", "date"}


@pytest.fixture
def trial(server):
    return a_trial(server, assigned=False)


def exposure(trial, of, *, by=None):
    answer = trial.server.get(f"/v1/{of}/exposure", token=(by or trial.coordinator).token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def bootstrap(trial, phone, **headers):
    return trial.server.get("/v1/bootstrap", token=phone.token, headers=headers)


def of_member(trial):
    return f"programmes/{trial.programme.id}/members/{trial.observer.member_id}"


def assign(trial, **target):
    return trial.made("/v1/assignments", {"member_id": trial.observer.member_id, **target})


def test_what_a_phone_was_given_and_its_observer_was_shown_is_known_by_ids_even_when_it_was_taken_out_of_her_hands(trial):
    first, second = (a_phone(trial.server, trial.programme, trial.observer) for _ in range(2))
    once = assign(trial, hearing_id=trial.hearings["H-01"])
    bootstrap(trial, first)
    trial.server.delete(f"/v1/assignments/{once}", token=trial.coordinator.token)
    assign(trial, hearing_id=trial.hearings["H-02"])
    for _ in range(2):
        bootstrap(trial, second)
    filed = trial.body(hearing="H-02")
    assert trial.file(filed, by=second).status_code == 201
    trial.server.delete(f"/v1/devices/{first.id}", token=trial.coordinator.token)
    auditor = a_member(trial.server, trial.programme, role="auditor")
    shown = [exposure(trial, f"devices/{each.id}", by=auditor) for each in (first, second)] + [exposure(trial, of_member(trial))]
    hearings = trial.hearings
    assert [each["hearings"] for each in shown] == [[hearings["H-01"]], [hearings["H-02"]], sorted(hearings.values())]
    for each in shown:
        assert (each["observations"], each["cases"], each["documents"]) == ([filed["id"]], [trial.case], [trial.document])
        assert each["participants"] == sorted(trial.participants.values())
        assert (each["member"], each["reads_all"], each["attachments"]) == ("OBS1", False, [])
    assert [each["device_id"] for each in shown] == [first.id, second.id, None]


def test_after_ninety_days_it_is_forgotten(trial, monkeypatch):
    phone = a_phone(trial.server, trial.programme, trial.observer)
    assign(trial, case_id=trial.case)
    tag = bootstrap(trial, phone).headers["etag"]
    bootstrap(trial, trial.observer)
    started = clock.now()
    monkeypatch.setattr(clock, "now", lambda: started + timedelta(days=80))
    renewed = phone.refresh()
    assert renewed.status_code == 401
    trial.observer.token = sign_in(trial.server, trial.observer.username).json()["access_token"]
    coordinator = trial.programme.coordinator
    coordinator.token = sign_in(trial.server, coordinator.username).json()["access_token"]
    assert exposure(trial, f"devices/{phone.id}")["hearings"] == sorted(trial.hearings.values())
    # What the observer has still, and asks for again, she has.
    assert bootstrap(trial, trial.observer, **{"If-None-Match": tag}).status_code == 304
    monkeypatch.setattr(clock, "now", lambda: started + timedelta(days=91))
    coordinator.token = sign_in(trial.server, coordinator.username).json()["access_token"]
    assert exposure(trial, f"devices/{phone.id}")["hearings"] == []
    assert exposure(trial, of_member(trial))["hearings"] == sorted(trial.hearings.values())


def test_no_name_is_among_what_a_phone_is_given_or_what_is_told_of_it(server):
    named = Named(server)
    somebody = named.somebody("Saipan Amberova")
    observer = named.an_observer()
    named.post("assignments", member_id=observer.member_id, hearing_id=None, case_id=named.case["id"])
    phone = a_phone(server, named.programme, observer)
    package = server.get("/v1/bootstrap", token=phone.token)
    told = server.get(f"/v1/devices/{phone.id}/exposure", token=named.programme.token)
    for answer in (package, told):
        assert somebody["id"] in answer.text
        assert "Amberova" not in answer.text


def test_whose_name_a_member_was_shown_is_told_apart(server):
    named = Named(server)
    shown, other = named.somebody("Saipan Amberova"), named.somebody("Aigerim Sadykova")
    custodian = a_member(server, named.programme, role="custodian")
    path = f"/v1/participants/{shown['id']}/identity/reveal"
    assert server.post(path, {"reason": "She asked for counsel."}, token=custodian.token).status_code == 200
    answer = server.get(f"/v1/programmes/{named.programme.id}/members/{custodian.member_id}/exposure", token=named.programme.token)
    assert (answer.json()["identities"], other["id"] in answer.text, "Amberova" in answer.text) == ([shown["id"]], False, False)


def signed_out(trial):
    """The token of a session that is over like any other."""
    session = sign_in(trial.server, a_member(trial.server, trial.programme).username).json()
    trial.server.client.post("/v1/auth/revoke", data={"token": session["refresh_token"]})
    return session["access_token"]


def refusal(trial, method, path, token):
    address = path
    for part in ("{programme_id}", "{case_id}"):
        address = address.replace(part, {"{programme_id}": trial.programme.id, "{case_id}": trial.case}[part])
    while "{" in address:
        begin, end = address.index("{"), address.index("}")
        address = address[:begin] + str(uuid4()) + address[end + 1 :]
    answer = trial.server.request(method, address, token=token, headers=TUS)
    headers = {name: value for name, value in answer.headers.items() if name not in TELLING_NOTHING}
    return answer.status_code, len(answer.content), headers, answer.json()["code"] if method != "HEAD" else None


def test_a_phone_that_was_put_out_is_refused_by_every_route_as_any_ended_session_is(trial):
    phone, other = a_phone(trial.server, trial.programme, trial.observer), signed_out(trial)
    assert trial.server.delete(f"/v1/devices/{phone.id}", token=trial.coordinator.token).status_code == 204
    asked = [(method, path) for method, path, route in every_route() if not route.policy.is_public]
    found = {address: [refusal(trial, *address, token) for token in (phone.token, other)] for address in asked}
    assert {
        address: told for address, told in found.items() if told[0] != told[1] or told[0][0] != 401 or told[0][3] != "session_ended"
    } == {}
    assert len(found) > 100


def test_what_waited_on_a_phone_that_was_put_out_is_refused_and_what_had_come_keeps_its_receipt(trial):
    assign(trial, case_id=trial.case)
    phone = a_phone(trial.server, trial.programme, trial.observer)
    filed, waiting = trial.body(), trial.body()
    first = trial.file(filed, by=phone).json()["receipt"]
    sender = Sender(trial.server, phone.token, filed["id"])
    begun = sender.created(b"12345")
    trial.server.delete(f"/v1/devices/{phone.id}", token=trial.coordinator.token)
    assert trial.file(waiting, by=phone).status_code == 401
    part = trial.server.request("PATCH", begun, token=phone.token, headers={**TUS, **OFFSET, "Upload-Offset": "0"}, content=b"12345")
    assert (part.status_code, part.json()["code"]) == (401, "session_ended")
    assert trial.get(waiting["id"]).status_code == 404
    shown = trial.get(filed["id"]).json()
    assert {name: shown["receipt"][name] for name in first} == first
    assert shown["attachments"]["expected"] == 1
    # The observer herself, on another phone, is told the same.
    again = trial.server.post("/v1/observations/receipts", {"ids": [filed["id"]]}, token=trial.observer.token).json()["results"][0]
    assert (again["status"], again["receipt"]["leaf_hash"]) == ("stored", first["leaf_hash"])
