"""How each kind of problem comes about: one request for each, with names, passwords, tokens and narratives in every place it has."""

from uuid import UUID, uuid4

from app import health
from app.evidence.schemas import Limits
from app.summaries.aggregates import service as aggregates
from tests.support import tus
from tests.support.house import import_everything
from tests.support.journals import checkpoints_of, unguarded
from tests.support.leaks import MARK, STORY
from tests.support.named import Named
from tests.support.outages import full, unreachable
from tests.support.own_forms import Desk, a_form
from tests.support.people import PASSWORD, a_member, a_programme, a_slug, a_username, an_operator
from tests.support.phones import Phone, a_code
from tests.support.trial import a_trial
from tests.support.tus import checksum
from tests.support.two_observers import a_bench

import_everything()
NAME = f"{MARK} Амберова"
EVERYWHERE = {"params": {"lang": MARK, "name": NAME}, "headers": {"Accept-Language": MARK, "X-Name": MARK, "If-None-Match": f'"{MARK}"'}}
TOKEN = f"eyJ{MARK}.eyJ{MARK}.{MARK}"


class House:
    """One of everything, and requests that are wrong in one way each."""

    def __init__(self, server, templates):
        self.server, self.templates = server, templates
        self.named = Named(server)
        self.trial = a_trial(server)
        self.token, self.eye = self.trial.coordinator.token, self.trial.observer

    def ask(self, method, path, body=None, *, token=None, **options):
        given = {"json": body} if body is not None else {}
        headers = {**EVERYWHERE["headers"], **options.pop("headers", {})}
        params = {**EVERYWHERE["params"], **options.pop("params", {})}
        return self.server.request(method, path, token=token or self.token, params=params, headers=headers, **given, **options)

    def post(self, path, body=None, **options):
        return self.ask("POST", path, body, **options)

    def grant(self, **form):
        return self.server.client.post("/v1/auth/token", data=form, **EVERYWHERE)

    def file(self, **changed):
        """A filing with a narrative, and its id."""
        body = self.trial.body(**changed)
        return self.post("/v1/observations", body, token=self.eye.token), body

    def twice(self, thing):
        """The second of two things that are alike."""
        code = uuid4().hex[:8]
        return [self.named.post(thing, code=each) for each in (code, code.upper())][-1]

    def merged(self, *, back=False):
        one, other, third = (self.named.somebody(f"{NAME} {n}") for n in range(3))
        self.named.merge(one, other, reason=STORY)
        return self.named.merge(other, one, reason=STORY) if back else self.named.merge(one, third, reason=STORY)

    def a_case(self, **changed):
        body = {"programme_id": self.trial.programme.id, "code": uuid4().hex[:8], "title": f"{NAME}, {STORY}", "court_id": self.trial.court}
        return {**body, "charge_articles": [], "monitoring": "full", **changed}


def malformed_json(house):
    return house.post("/v1/cases", content=f'{{"title": "{NAME}", "{MARK}": {STORY}'.encode(), headers={"Content-Type": "application/json"})


def invalid_credentials(house):
    return house.grant(grant_type="password", username=house.eye.username, password=STORY)


def invalid_token(house):
    return house.ask("GET", f"/v1/cases/{MARK}", token=TOKEN)


def session_ended(house):
    somebody = a_member(house.server, house.trial.programme)
    house.server.client.post("/v1/auth/revoke", data={"token": somebody.refresh_token})
    return house.post("/v1/observations", house.trial.body(), token=somebody.token)


def forbidden(house):
    return house.post("/v1/cases", house.a_case(), token=house.eye.token)


def not_found(house):
    return house.ask("GET", f"/v1/cases/{NAME}")


def method_not_allowed(house):
    return house.ask(MARK.upper(), "/v1/me", {"name": NAME})


def already_member(house):
    body = {"username": house.eye.username, "code": "AGAIN", "role": "observer", "password": PASSWORD}
    return house.post(f"/v1/programmes/{house.trial.programme.id}/members", body)


def last_coordinator(house):
    return house.ask("DELETE", f"/v1/programmes/{house.trial.programme.id}/members/{house.trial.coordinator.member_id}")


def already_assigned(house):
    made = house.named.make("assignments")
    return house.named.post("assignments", member_id=made["member_id"])


def outcome_exists(house):
    made = house.named.make("outcomes", group_note=...)
    return house.named.post("outcomes", participant_id=made["participant_id"])


def role_exists(house):
    named = house.named
    for role in ("witness", "victim"):
        answer = named.contest(named.participant, reading=MARK, role=role, locator=f"{NAME}, {STORY}")
    return answer


def not_merged(house):
    return house.named.unmerge(house.named.somebody(NAME), reason=STORY)


def slug_taken(house):
    operator, slug = an_operator(house.server), a_slug()
    a_programme(house.server, operator, slug=slug)
    first = {"username": a_username(), "password": PASSWORD}
    about = {"slug": slug, "name": STORY, "timezone": "Asia/Almaty", "default_language": "en", "review": "required", "coordinator": first}
    return house.post("/v1/programmes", about, token=operator.token)


def stale_version(house):
    case = house.post("/v1/cases", house.a_case()).json()
    return house.ask("PATCH", f"/v1/cases/{case['id']}", {"title": NAME}, headers={"If-Match": '"9"'})


def form_published(house):
    desk = Desk(house.server, house.trial.programme)
    desk.published(label={"en": f"{NAME}, {STORY}"})
    return house.post(desk.path, a_form(label={"en": f"{NAME}, {STORY}"}))


def id_conflict(house):
    _, body = house.file()
    return house.post("/v1/observations", {**body, "answers": {**body["answers"], "note": NAME}}, token=house.eye.token)


def hearing_locked(house):
    _, body = house.file()
    house.post(f"/v1/observations/{body['id']}/review", {"decision": "accept"})
    house.post(f"/v1/hearings/{body['hearing_id']}/lock", {"reason": STORY})
    answer = house.post(f"/v1/observations/{body['id']}/withdraw", {"reason": STORY}, token=house.eye.token)
    house.post(f"/v1/hearings/{body['hearing_id']}/unlock", {"reason": STORY})
    return answer


def held(house):
    _, body = house.file(form_version="99.0.0", answers={"note": STORY, MARK: NAME})
    return house.post(f"/v1/observations/{body['id']}/review", {"decision": "accept", "reason": STORY})


def not_held(house):
    _, body = house.file()
    return house.post(f"/v1/observations/{body['id']}/release", {"reason": STORY})


def not_returned(house):
    _, body = house.file()
    return house.post(f"/v1/observations/{body['id']}/answer", {"text": STORY}, token=house.eye.token)


def withdrawn(house):
    _, body = house.file()
    for _ in range(2):
        answer = house.post(f"/v1/observations/{body['id']}/withdraw", {"reason": STORY}, token=house.eye.token)
    return house.post(f"/v1/observations/{body['id']}/review", {"decision": "reject", "reason": STORY}) if answer.is_success else answer


def nothing_to_confirm(house, monkeypatch):
    monkeypatch.setattr("app.summaries.deciding.computed_grade", lambda grade: {"value": None, "range": ["B", "C"]})
    return a_bench(house.server).post("/grade/decisions", {"decision": "confirm", "reason": STORY})


def body_too_large(house):
    return house.post("/v1/cases", house.a_case(title=STORY * 50_000))


def unsupported_media_type(house):
    return house.post("/v1/cases", content=NAME.encode(), headers={"Content-Type": f"text/{MARK}"})


def unsupported_encoding(house):
    return house.post("/v1/cases", content=NAME.encode(), headers={"Content-Type": "application/json", "Content-Encoding": MARK})


def invalid_cursor(house):
    return house.ask("GET", "/v1/courts", params={"cursor": NAME})


def invalid_parameter(house):
    return house.ask("GET", "/v1/courts", params={"limit": NAME})


def invalid_request(house):
    body = house.a_case(monitoring=NAME, charge_articles=[STORY * 400, 7], defendants_stated=NAME, verdict_on=NAME)
    return house.post("/v1/cases", {**body, NAME: STORY})


def too_many_requests(house):
    name = a_username()
    return [house.grant(grant_type="password", username=name, password=STORY) for _ in range(3)][-1]


def enrolling(house, *before, **body):
    """A phone that comes with a code, after something was done with the code, the phone or the member."""
    member, phone = a_member(house.server, house.trial.programme), Phone(house.server, f"{NAME} {STORY}"[:100])
    code = a_code(house.server, house.trial.programme, member, **body)["code"]
    for happening in before:
        happening(code, member)
    return phone.ask(code)


def code_used(house):
    return enrolling(house, lambda code, _: Phone(house.server).ask(code))


def code_expired(house):
    def late(*_):
        with house.server.store.database.writing.begin() as connection:
            connection.exec_driver_sql("UPDATE enrolment SET expires_at = created_at")

    return enrolling(house, late)


def code_withdrawn(house):
    path = f"/v1/programmes/{house.trial.programme.id}/members"
    return enrolling(house, lambda _, member: house.ask("DELETE", f"{path}/{member.member_id}"))


def device_required(house):
    path = f"/v1/programmes/{house.trial.programme.id}"
    house.ask("PATCH", path, {"devices": "required"})
    answer, _ = house.file()
    house.ask("PATCH", path, {"devices": "optional"})
    return answer


def identity_unreadable(house):
    person = house.named.somebody(NAME)
    sealed = "zeroblob(200)" if house.server.store.database.dialect == "sqlite" else "decode(repeat('00', 200), 'hex')"
    with house.server.store.database.writing.begin() as connection:
        connection.exec_driver_sql(f"UPDATE identity SET sealed = {sealed} WHERE participant_id = '{_bare(house, person['id'])}'")
    return house.named.reveal(person, reason=STORY)


def _bare(house, given):
    return given.replace("-", "") if house.server.store.database.dialect == "sqlite" else given


def internal(house, monkeypatch):
    def failing(*_, **__):
        raise LookupError(f"no {NAME}, {STORY}, {PASSWORD}, {TOKEN}")

    monkeypatch.setattr("app.accounts.service.me", failing)
    return house.ask("GET", "/v1/me")


def journal_unsound(house):
    docket = Named(house.server)
    auditor, log = docket.an_observer(role="auditor"), docket.programme.id
    size = checkpoints_of(house.server).issue(UUID(log)).size
    zeros = "zeroblob(32)" if house.server.store.database.dialect == "sqlite" else "decode(repeat('00', 32), 'hex')"
    with unguarded(house.server) as connection:
        connection.exec_driver_sql(f"UPDATE journal SET leaf_hash = {zeros} WHERE log = '{_bare(house, log)}'")
    asked = {"programme_id": log, "seq": size - 1}
    return house.ask("GET", "/v1/journal/proofs/inclusion", token=auditor.token, params=asked)


def busy(house, monkeypatch):
    monkeypatch.setattr("app.kit.writer.QUEUE_LIMIT", 0)
    return house.file()[0]


def folding(house, monkeypatch):
    monkeypatch.setattr(aggregates, "MOST_AT_ONCE", -1)
    asked = {"programme_id": house.trial.programme.id, "measure": "hearings_held"}
    return house.ask("GET", "/v1/aggregates", params=asked)


def not_ready(house, monkeypatch):
    monkeypatch.setattr(health, "has_room", lambda folder: False)
    return house.ask("GET", "/readyz")


def storage_unavailable(house):
    with unreachable(house.server.store, house.templates):
        return house.file()[0]


def storage_full(house):
    with full(house.server.store):
        answers = [house.file()[0] for _ in range(40)]
    return next(each for each in answers if each.status_code != 201)


def phone_of(house):
    return tus.Phone(house.server, house.eye.token, house.file()[1]["id"])


def begun(house, **said):
    """A phone that began to send a file of which everything that can be read is about somebody, and its address."""
    phone = phone_of(house)
    return phone, phone.created(STORY.encode(), filename=f"{NAME}, {STORY}.jpg", **said)


def unsupported_checksum(house):
    phone, address = begun(house)
    return phone.part(address, STORY.encode(), **{"Upload-Checksum": f"{MARK} {MARK}"})


def upload_too_slow(house, monkeypatch):
    monkeypatch.setattr(house.server.app.state.evidence, "patience", 0.0)
    phone, address = begun(house)
    return phone.part(address, STORY.encode())


def offset_conflict(house):
    phone, address = begun(house)
    return phone.part(address, STORY.encode(), 1)


def upload_incomplete(house):
    phone, address = begun(house)
    return phone.get(address)


def already_received(house):
    phone, address = begun(house)
    phone.part(address, STORY.encode())
    return phone.give_up(address)


def unsupported_tus_version(house):
    phone, address = begun(house)
    return phone.part(address, STORY.encode(), **{"Tus-Resumable": MARK})


def checksum_mismatch(house):
    phone, address = begun(house)
    return phone.part(address, STORY.encode(), **checksum(NAME.encode()))


def upload_quota(house, monkeypatch):
    monkeypatch.setattr(house.server.app.state.evidence, "limits", Limits(daily=1))
    return phone_of(house).create(STORY.encode(), filename=NAME)


PLAIN = {
    each.__name__: each
    for each in (
        malformed_json, invalid_credentials, invalid_token, session_ended, forbidden, not_found, method_not_allowed, already_member,
        last_coordinator,
        already_assigned, outcome_exists, role_exists, not_merged, slug_taken, stale_version, id_conflict, form_published, held, not_held,
        not_returned, withdrawn, body_too_large, unsupported_media_type, unsupported_encoding, invalid_cursor, invalid_parameter,
        invalid_request, code_used, code_expired, code_withdrawn, device_required, hearing_locked,
        too_many_requests, identity_unreadable, journal_unsound, storage_unavailable, storage_full,
        unsupported_checksum, offset_conflict, upload_incomplete, already_received, unsupported_tus_version, checksum_mismatch,
    )
}  # fmt: skip
ONE_LINE = {
    "unsupported_grant_type": lambda house: house.grant(grant_type=NAME, username=house.eye.username, password=PASSWORD),
    "invalid_client": lambda house: house.grant(grant_type="client_credentials", client_id=NAME, client_secret=PASSWORD),
    "code_taken": lambda house: house.twice("cases"),
    "in_use": lambda house: house.named.delete("courts", house.named.court),
    "already_merged": lambda house: house.merged(),
    "merge_cycle": lambda house: house.merged(back=True),
}
PATCHED = {each.__name__: each for each in (internal, busy, folding, not_ready, nothing_to_confirm, upload_too_slow, upload_quota)}
PROVOKED = {**PLAIN, **ONE_LINE, **PATCHED}
ALIASES = {"invalid_request": {"required", "not_in_vocabulary", "wrong_type", "too_long", "unknown_field", "invalid_date"}}
"""A 422 carries the code of its first fault."""
