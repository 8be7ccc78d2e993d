"""What every route takes, found by looking at the routes themselves: ids in paths, queries and bodies, and a body to begin with."""

import copy
import typing
from uuid import UUID, uuid4

from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from pydantic import BaseModel

from app.kit.access import is_form
from tests.support.clients import a_client
from tests.support.house import addresses, document
from tests.support.monitored import THINGS, Docket
from tests.support.own_forms import Desk
from tests.support.people import an_operator
from tests.support.phones import a_phone
from tests.support.trial import FACT
from tests.support.tus import Phone, a_picture, announced

SINGULAR = {thing: thing.removesuffix("s") + "_id" for thing in THINGS}
FILES = {"file": "app.js", "screen": "enrol.js", "words": "kk.json", "part": "enrol.js"}
"""A file under each name that pages for browsers have for one."""
RAW = ("/v1/observations", "/v1/observations/batch")


def every_route():
    """(METHOD, path, route) of the whole API, in a stable order."""
    return [(*address.split(" ", 1), route) for address, route in sorted(addresses().items())]


def holds_id(annotation):
    return annotation is UUID or any(holds_id(each) for each in typing.get_args(annotation))


def query_parameters(route):
    """The parameters of a route's query."""
    return [each for each in get_flat_params(route.dependant) if isinstance(each.field_info, Query)]


def names_of_ids(parameters):
    return [each.alias for each in parameters if holds_id(each.field_info.annotation)]


def model_of(route):
    """The type of a JSON body, or None."""
    if not route.dependant.body_params or is_form(route):
        return None
    return route.dependant.body_params[0].field_info.annotation


def models_in(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for each in typing.get_args(annotation) for model in models_in(each)]


def id_places(model, *around):
    """The places of ids in a body, as lists of steps; a list of ids is its first. What stands inside its own kind was looked at already."""
    for name, field in model.model_fields.items():
        if holds_id(field.annotation):
            yield [name, 0] if "list" in str(field.annotation) else [name]
        for inner in models_in(field.annotation):
            if inner not in (model, *around):
                yield from ([name, *steps] for steps in id_places(inner, model, *around))


def example_of(model):
    """The example that the OpenAPI document gives of a body."""
    return copy.deepcopy(document()["components"]["schemas"][model.__name__]["examples"][0])


def methods_of(path):
    """The methods that an address takes, whichever of the routes takes them: `/things/all` may be the address of a thing too."""
    return {method for method, _, route in every_route() if route.path_regex.match(path)}


class Known(dict):
    """Values of path parameters; one that nobody told is an id of nothing, or a number."""

    def __missing__(self, name):
        return str(uuid4()) if name.endswith("_id") else FILES.get(name, "1")


class Things:
    """A programme in which there is one of everything; `ids` are by the names that parameters and fields have.

    A route with an id of a new kind fails the tests of other programmes until one of the kind is made here.
    """

    def __init__(self, server) -> None:
        self.server, self.docket = server, Docket(server)
        self.token = self.docket.token
        self.observer = self.docket.an_observer()
        self.operator = an_operator(server)
        made = {SINGULAR[thing]: self.docket.make(thing)["id"] for thing in THINGS}
        role = self.docket.contest(self.docket.participant).json()
        self.ids = {**made, "programme_id": self.docket.programme.id, "member_id": self.observer.member_id, "role_id": role["id"]}
        self.ids |= {"case_id": self.docket.case["id"], "participant_id": self.docket.participant["id"]}
        self.ids |= {"hearing_id": self.docket.hearing["id"], "court_id": self.docket.court["id"]}
        self.ids |= {"document_id": self.docket.document["id"], "observation_id": self.filed()}
        self.ids |= {"client_id": a_client(server, self.docket.programme, ["summaries:read"])["id"]}
        self.ids |= {"device_id": a_phone(server, self.docket.programme, self.observer).id}
        self.desk = Desk(server, self.docket.programme)
        self.ids |= {"form_code": "x_standing", "form_version": self.desk.published(code="x_standing")["version"]}
        self.ids |= {"attachment_id": self.attached()}
        self.ids |= {"subject_id": self.ids["document_id"], "actor": self.ids["member_id"], "reader": self.ids["member_id"]}

    def token_for(self, route):
        """Whoever may call a route: the coordinator, or the operator."""
        return self.operator.token if route.policy.for_operators else self.token

    def observation(self, **changed):
        """A body that the coordinator may file."""
        about = {"case_id": self.ids["case_id"], "hearing_id": None, "captured_at": "2012-04-02T13:00:00+05:00", "answers": FACT}
        return {"id": str(uuid4()), "form": "case_fact", "form_version": "1.1.0", **about, **changed}

    def filed(self):
        body = self.observation()
        answer = self.server.post("/v1/observations", body, token=self.token)
        assert answer.status_code == 201, answer.text
        return body["id"]

    def attached(self, token=None, *, is_whole=True):
        """The id of a picture that somebody, the coordinator unless told, sent whole or began to send."""
        phone = Phone(self.server, token or self.token)
        about = {"programme_id": self.docket.programme.id}
        sent = phone.sent(a_picture(), **about) if is_whole else phone.created(a_picture(), **about)
        return sent.rpartition("/")[2]

    def headers(self, method, path):
        """What a request says beside its body, where that is the point of it."""
        return announced(self.docket.programme.id) if (method, path) == ("POST", "/v1/attachments") else {}

    def deleted(self):
        """Ids of what was there once; where nothing is ever deleted, ids of nothing."""
        gone = {name: str(uuid4()) for name in self.ids}
        for thing in ("notes", "outcomes", "documents", "participants", "hearings", "cases", "courts", "assignments"):
            shown = self.docket.make(thing)
            assert self.docket.delete(thing, shown).status_code == 204, thing
            gone[SINGULAR[thing]] = shown["id"]
        return gone

    def path(self, path, **other):
        """A path with ids in it; parameters that are no ids take values that are known."""
        known = {"code": "hearing", "version": "1.1.0", "key": "complaints.total"}
        return path.format_map(Known({**known, **self.ids, **other}))

    def needed(self, route, but=""):
        """What the query of a route must hold, but for one parameter."""
        known = {"measure": "observations", "seq": "0", "from": "1", **self.ids}
        return {each.alias: known[each.alias] for each in query_parameters(route) if each.field_info.is_required() and each.alias != but}

    def body(self, path, model):
        """An example of a body that speaks of things in this programme."""
        if path in RAW:
            one = self.observation()
            return {"items": [one]} if path.endswith("batch") else one
        body = example_of(model)
        for steps in id_places(model):
            if steps[0] in body and (len(steps) == 1 or steps[-1] in body[steps[0]] or steps[-1] == 0):
                put(body, steps, self.of_field(steps))
        return body

    def of_field(self, steps):
        return self.ids[kind_of(steps)]


def kind_of(steps):
    """What kind of id stands at a place of a body: most fields are named after it."""
    return {"ids": "observation_id", "into": "participant_id"}.get(steps[0], steps[-1])


def put(body, steps, value):
    """Set a place in a body, making what is missing on the way."""
    for step in steps[:-1]:
        body = body.setdefault(step, {}) if isinstance(body, dict) else body[step]
    body[steps[-1]] = value
