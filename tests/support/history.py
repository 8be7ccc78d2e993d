"""A random history of a programme that was played: corrections, reviews, withdrawals, merges, edits. The same seed does the same things."""

import random
from collections import Counter
from uuid import uuid4

from tests.support.people import sign_in

DECISIONS = (*["accept"] * 8, "return", "reject")


class History:
    """Changes a programme step by step, each over HTTP as whoever may; `done` counts what was taken, by kind of step."""

    def __init__(self, run, seed) -> None:
        self.run, self.rng, self.done = run, random.Random(seed), Counter()
        observer = run.filings["observations"]
        self.bodies = [(run.player.token_of(each["as"]), run.player.with_ids(each["body"])) for each in observer]
        self.cases = {code: run.case(code) for code in run.cases()}
        ids = run.player.ids
        self.hearings = [found for name, found in ids.items() if name.startswith("$hearing:")]
        self.people = [found for name, found in ids.items() if name.startswith("$participant:")]
        self.members = [found for name, found in ids.items() if name.startswith("$member:")]

    def go(self, steps):
        """Take so many steps; what the rules refuse was no step."""
        kinds = (
            self.correct,
            self.file,
            self.review,
            self.review,
            self.withdraw,
            self.merge,
            self.unmerge,
            self.move,
            self.cancel,
            self.learn,
        )
        for _ in range(steps):
            step = self.rng.choice(kinds)
            answer = step()
            assert answer.status_code < 500, answer.text
            self.done[step.__name__] += answer.is_success

    def correct(self):
        token, body = self.rng.choice(self.bodies)
        return self._send(token, {**body, "id": self._id(), "supersedes": body["id"]})

    def file(self):
        """The same said again, at the same hearing or at none."""
        token, body = self.rng.choice([each for each in self.bodies if each[1]["form"] != "hearing"])
        answers = {name: value for name, value in body["answers"].items() if name != "hearing_ref"}
        day = f"2016-{self.rng.randint(1, 12):02d}-{self.rng.randint(1, 28):02d}"
        where = {"hearing_id": self.rng.choice([body["hearing_id"], None]), "captured_at": f"{day}T23:30:00+00:00"}
        return self._send(token, {**body, "id": self._id(), "supersedes": None, "answers": answers, **where})

    def review(self):
        decision = self.rng.choice(DECISIONS)
        reason = {} if decision == "accept" else {"reason": "Please look again."}
        return self._post(f"observations/{self._observation()}/review", {"decision": decision, **reason})

    def withdraw(self):
        return self._post(f"observations/{self._observation()}/withdraw", {"reason": "Filed by mistake."})

    def merge(self):
        one, other = self.rng.sample(self.people, 2)
        return self._post(f"participants/{one}/merge", {"into": other, "reason": "The same person."})

    def unmerge(self):
        return self._post(f"participants/{self.rng.choice(self.people)}/unmerge", {"reason": "Two persons."})

    def move(self):
        day = f"2016-{self.rng.randint(1, 12):02d}-{self.rng.randint(1, 28):02d}"
        return self._patch(f"hearings/{self.rng.choice(self.hearings)}", {"date": day})

    def cancel(self):
        status = self.rng.choice(["held", "held", "cancelled", "scheduled", "postponed"])
        return self._patch(f"hearings/{self.rng.choice(self.hearings)}", {"status": status})

    def learn(self):
        levels = {language: self.rng.choice(["full", "sufficient", "partial", "none"]) for language in ("kk", "ru")}
        return self._patch(f"programmes/{self.run.programme}/members/{self.rng.choice(self.members)}", {"languages": levels})

    def _id(self):
        return str(uuid4())

    def _observation(self):
        return self.rng.choice(self.bodies)[1]["id"]

    def _send(self, token, body):
        answer = self.run.server.post("/v1/observations", body, token=token)
        if answer.status_code == 201:
            self.bodies.append((token, body))
        return answer

    def _post(self, path, body):
        return self.run.server.post(f"/v1/{path}", body, token=self.run.token)

    def _patch(self, path, body):
        return self.run.server.patch(f"/v1/{path}", body, token=self.run.token)


def an_analyst(run):
    """The token of an analyst of the programme."""
    body = {"username": f"analyst-{uuid4().hex[:8]}", "password": "seven grey cranes over a river", "code": f"AN{uuid4().hex[:4]}"}
    answer = run.server.post(f"/v1/programmes/{run.programme}/members", {**body, "role": "analyst"}, token=run.token)
    assert answer.status_code == 201, answer.text
    return sign_in(run.server, body["username"], body["password"]).json()["access_token"]
