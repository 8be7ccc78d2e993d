"""What auditors see of who was shown what."""

from tests.support.people import a_member


class Audit:
    """An auditor of a programme."""

    def __init__(self, server, programme) -> None:
        self.server, self.programme = server, programme
        self.token = a_member(server, programme, role="auditor").token

    def ask(self, **query):
        """The answer to a question."""
        return self.server.get("/v1/disclosures", token=self.token, params={"programme_id": self.programme.id, **query})

    def lines(self, **query):
        """Who was shown what, the newest first."""
        answer = self.ask(**query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]


def about(line):
    """A line as (kind, reader, what it names)."""
    return line["kind"], line["reader"], sorted(line["observation_ids"] + line["participant_ids"])
