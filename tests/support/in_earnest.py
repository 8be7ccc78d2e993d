"""A house in which every route can be carried out once in earnest, by somebody who may, with all that it needs to succeed."""

from uuid import uuid4

from tests.support.every_route import RAW, Things, every_route, model_of
from tests.support.named import Named
from tests.support.official import statistics
from tests.support.people import PASSWORD, a_member, a_programme, sign_in
from tests.support.phones import Phone, a_code
from tests.support.trial import FACT
from tests.support.tus import OFFSET, TUS, a_picture
from tests.support.two_observers import a_bench
from tests.support.workbooks import SETTINGS, XLSX, a_workbook, with_cell


class House:
    """A server with one of everything, and a way to carry out each route once, as somebody does in earnest."""

    def __init__(self, server):
        self.server = server
        self.things = Things(server)
        self.docket = self.things.docket

    def carry_out(self, address):
        """The answer to a route that does what it is there for: by a way of its own where it needs what is not there from the start."""
        method, path = address.split(" ")
        own = OWN_WAYS.get(address)
        return own(self) if own else self.plainly(method, path)

    def plainly(self, method, path):
        route = next(route for verb, where, route in every_route() if (verb, where) == (method, path))
        model = model_of(route)
        options = {} if model is None else {"json": self.things.body(path, model)}
        headers = self.things.headers(method, path)
        return self.server.request(method, self.things.path(path), token=self.things.token_for(route), headers=headers, **options)

    def made(self, thing):
        return self.docket.make(thing)

    def remove(self, thing):
        return self.docket.delete(thing, self.made(thing))

    def change(self, thing, **changes):
        return self.docket.patch(thing, self.made(thing), changes)

    def post(self, path, body=None, token=None):
        return self.server.post(f"/v1/{path}", body, token=token or self.things.token)


def signed_out(house):
    session = sign_in(house.server, house.things.observer.username).json()
    return house.server.client.post("/v1/auth/revoke", data={"token": session["refresh_token"]})


def redeemed(house):
    body = {"username": f"new-{uuid4().hex[:8]}", "code": uuid4().hex[:6], "role": "observer"}
    shown = house.post(f"programmes/{house.docket.programme.id}/members", body).json()
    told = {"username": body["username"], "secret": shown["secret"], "password": PASSWORD}
    return house.server.post("/v1/auth/password", told)


def answered(house, answer):
    """An invitation of somebody who has an account already, accepted or declined."""
    somebody = a_member(house.server, a_programme(house.server))
    body = {"username": somebody.username, "code": uuid4().hex[:6], "role": "analyst"}
    invited = house.post(f"programmes/{house.docket.programme.id}/members", body).json()
    return house.post(f"me/invitations/{invited['id']}/{answer}", token=somebody.token)


def enrolled(house):
    """A phone with a code for it."""
    return Phone(house.server).ask(a_code(house.server, house.docket.programme, house.things.observer)["code"])


def member_changed(house, method):
    somebody = a_member(house.server, house.docket.programme)
    path = f"/v1/programmes/{house.docket.programme.id}/members/{somebody.member_id}"
    options = {"json": {"status": "removed"}} if method == "PATCH" else {}
    return house.server.request(method, path, token=house.things.token, **options)


def bench_of(house):
    bench = a_bench(house.server)
    bench.sat_in()
    bench.sat_in(by=bench.other)
    bench.complaint("D01", "oral")
    bench.complaint("D01", "written", by=bench.other)
    return bench


def disagreement_decided(house):
    topic = {"hearing": "H-01", "kind": "answer", "what": "torture_complaint.form", "unit": "D01"}
    return bench_of(house).post("/disagreements/decisions", {**topic, "value": "oral", "reason": "It was read out."})


def released(house):
    stranger = a_member(house.server, house.docket.programme)
    body = house.things.observation(answers=FACT)
    assert house.server.post("/v1/observations", body, token=stranger.token).status_code == 202
    return house.post(f"observations/{body['id']}/release", {"assign": True, "reason": "She stood in."})


def question_answered(house):
    observation = house.things.filed()
    house.post(f"observations/{observation}/review", {"decision": "return", "reason": "Which of the two?"})
    return house.post(f"observations/{observation}/answer", {"text": "The first."})


def turned(house, *steps):
    """A hearing locked, and maybe unlocked again."""
    hearing = house.made("hearings")["id"]
    return [house.post(f"hearings/{hearing}/{step}", {"reason": "All of it was read."}) for step in steps][-1]


def withdrawn(house):
    return house.post(f"observations/{house.things.filed()}/withdraw", {"reason": "Twice."})


def of_the_named(house, what):
    docket = Named(house.server)
    one, other = docket.somebody("Aliya Bekova"), docket.somebody("Alia Bekova")
    if what == "reveal":
        return docket.reveal(one)
    merged = docket.merge(one, other)
    return docket.unmerge(one) if what == "unmerge" else merged


def contested(house, is_named):
    role = house.docket.contest(house.docket.participant, role="victim", reading="C").json()
    path = f"/v1/participants/{house.docket.participant['id']}/roles"
    if is_named:
        return house.server.delete(f"{path}/{role['id']}", token=house.things.token)
    body = {name: role[name] for name in ("role", "reading", "source")}
    return house.server.delete(path, token=house.things.token, json=body)


def uploading(server, token, attachment, method):
    """The last part of an upload, or that it is given up."""
    headers = {**TUS, **OFFSET, "Upload-Offset": "0"} if method == "PATCH" else TUS
    options = {"content": a_picture()} if method == "PATCH" else {}
    return server.request(method, f"/v1/attachments/{attachment}", token=token, headers=headers, **options)


def upload(house, method):
    return uploading(house.server, house.things.token, house.things.attached(is_whole=False), method)


def filed_in_earnest(house, path):
    return house.server.post(path, house.things.body(path, None), token=house.things.token)


def form_written(house, *, then):
    """A draft of a new form, or what is done with one."""
    version = uuid4().hex[:8]
    drafted = house.things.desk.draft(version=version)
    if then == "draft":
        return drafted
    return house.things.desk.publish(version=version) if then == "publish" else house.things.desk.at(version=version, method="DELETE")


def form_sent(house, version):
    """A draft that comes as a workbook."""
    content = a_workbook(settings=with_cell(SETTINGS, "D2", version))
    path = f"/v1/programmes/{house.docket.programme.id}/forms/xlsform"
    return house.server.request("POST", path, token=house.things.token, content=content, headers={"Content-Type": XLSX})


FORM = "/v1/programmes/{programme_id}/forms/{form_code}/versions/{form_version}"
THINGS = ("courts", "cases", "hearings", "participants", "documents", "outcomes", "notes")
CHANGES = {
    "courts": {"label": "Another"},
    "cases": {"title": "Another"},
    "hearings": {"mode": "mixed"},
    "participants": {"is_protected": True},
    "documents": {"title": "Another"},
    "outcomes": {"term_months": 90},
    "notes": {"statement": "Another"},
}
OWN_WAYS = {
    **{f"POST /v1/{thing}": lambda house, thing=thing: house.docket.post(thing) for thing in (*THINGS, "assignments")},
    **{f"PATCH /v1/{thing}/{{{thing[:-1]}_id}}": lambda house, thing=thing: house.change(thing, **CHANGES[thing]) for thing in THINGS},
    **{f"DELETE /v1/{thing}/{{{thing[:-1]}_id}}": lambda house, thing=thing: house.remove(thing) for thing in (*THINGS, "assignments")},
    **{f"POST {path}": lambda house, path=path: filed_in_earnest(house, path) for path in RAW},
    **{f"{method} /v1/attachments/{{attachment_id}}": lambda house, method=method: upload(house, method) for method in ("PATCH", "DELETE")},
    "POST /v1/auth/token": lambda house: sign_in(house.server, house.things.observer.username),
    "POST /v1/auth/revoke": signed_out,
    "POST /v1/auth/password": redeemed,
    "POST /v1/me/invitations/{member_id}/accept": lambda house: answered(house, "accept"),
    "POST /v1/me/invitations/{member_id}/decline": lambda house: answered(house, "decline"),
    "POST /v1/devices": enrolled,
    "PATCH /v1/programmes/{programme_id}/members/{member_id}": lambda house: member_changed(house, "PATCH"),
    "DELETE /v1/programmes/{programme_id}/members/{member_id}": lambda house: member_changed(house, "DELETE"),
    "POST /v1/cases/{case_id}/disagreements/decisions": disagreement_decided,
    "POST /v1/cases/{case_id}/grade/decisions": lambda house: bench_of(house).post(
        "/grade/decisions", {"decision": "confirm", "reason": "It is so."}
    ),
    "POST /v1/hearings/{hearing_id}/lock": lambda house: turned(house, "lock"),
    "POST /v1/hearings/{hearing_id}/unlock": lambda house: turned(house, "lock", "unlock"),
    "POST /v1/observations/{observation_id}/answer": question_answered,
    "POST /v1/observations/{observation_id}/release": released,
    "POST /v1/observations/{observation_id}/withdraw": withdrawn,
    "POST /v1/participants/{participant_id}/identity/reveal": lambda house: of_the_named(house, "reveal"),
    "POST /v1/participants/{participant_id}/merge": lambda house: of_the_named(house, "merge"),
    "POST /v1/participants/{participant_id}/unmerge": lambda house: of_the_named(house, "unmerge"),
    "POST /v1/participants/{participant_id}/roles": lambda house: house.docket.contest(house.docket.participant, reading="D"),
    "DELETE /v1/participants/{participant_id}/roles": lambda house: contested(house, is_named=False),
    "DELETE /v1/participants/{participant_id}/roles/{role_id}": lambda house: contested(house, is_named=True),
    "POST /v1/programmes/{programme_id}/forms": lambda house: form_written(house, then="draft"),
    "POST /v1/programmes/{programme_id}/forms/xlsform": lambda house: form_sent(house, uuid4().hex[:8]),
    f"POST {FORM}/publish": lambda house: form_written(house, then="publish"),
    f"DELETE {FORM}": lambda house: form_written(house, then="delete"),
    "PUT /v1/programmes/{programme_id}/statistics": lambda house: house.server.put(
        f"/v1/programmes/{house.docket.programme.id}/statistics", statistics(), token=house.things.token
    ),
}
