"""One caller of every kind around one programme: members of each role, an operator, a service client, somebody of elsewhere, nobody."""

from uuid import uuid4

from app.kit.access import CLIENT_SCOPES, ROLES
from tests.support.clients import admitted
from tests.support.in_earnest import House
from tests.support.people import a_member, a_programme
from tests.support.phones import Phone, a_code

NOBODY, OUTSIDER, OPERATOR, SERVICE = "nobody", "outsider", "operator", "service"
INSIDE = (*ROLES, OPERATOR, SERVICE)
EVERYBODY = (NOBODY, OUTSIDER, *INSIDE)


class Cast:
    """The callers of a house by kind. The outsider runs another programme; the service client holds every scope there is."""

    def __init__(self, server) -> None:
        self.server, self.house = server, House(server)
        self.things = self.house.things
        programme = self.house.docket.programme
        self.people = {role: a_member(server, programme, role=role) for role in ROLES}
        self.people |= {OPERATOR: self.things.operator, OUTSIDER: a_programme(server).coordinator}
        self.tokens = {kind: person.token for kind, person in self.people.items()} | {NOBODY: None}
        self.tokens[SERVICE] = admitted(server, programme, CLIENT_SCOPES)

    def own_observation(self, kind):
        """What somebody filed who may; of others, whatever there is."""
        if kind != "observer":
            return self.things.filed()
        body = self.things.observation()
        assert self.server.post("/v1/observations", body, token=self.tokens[kind]).status_code in (201, 202)
        return body["id"]

    def a_phones_body(self):
        """What a new phone of the observer sends to be enrolled."""
        phone = Phone(self.server)
        return phone.body_with(a_code(self.server, self.house.docket.programme, self.people["observer"])["code"])

    def own_phone(self):
        """The id of a phone of the observer."""
        return self.server.post("/v1/devices", self.a_phones_body()).json()["device"]["id"]

    def invitation(self, kind):
        """An invitation that waits for somebody, into a programme of others."""
        if kind not in self.people:
            return str(uuid4())
        other = a_programme(self.server)
        body = {"username": self.people[kind].username, "code": "NEW", "role": "analyst"}
        return self.server.post(f"/v1/programmes/{other.id}/members", body, token=other.token).json()["id"]
