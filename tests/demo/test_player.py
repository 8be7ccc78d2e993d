"""Playing a file of filings: the order of its requests, symbols and ids, and where it stops."""

import pytest

from app.demo.main import load_filings
from app.demo.player import STAGES, Player, RefusedError, Reply, requests_of
from tests.support.reference import load_file

FILINGS = {
    "accounts": {"BOSS": {"username": "boss", "password": "secret"}, "EYE": {"username": "eye", "password": "hidden"}},
    "reviews": {"as": "BOSS", "method": "POST", "path": "/v1/reviews", "body": {"ids": ["7"], "decision": "accept"}},
    "observations": [{"as": "EYE", "body": {"id": "7", "case_id": "$case:T", "answers": {"note": "$1", "of": ["$person:P/1"]}}}],
    "setup": [
        {"ref": "$programme", "as": "BOSS", "method": "POST", "path": "/v1/programmes", "body": {}},
        {
            "ref": "$case:T",
            "as": "BOSS",
            "method": "POST",
            "path": "/v1/programmes/$programme/cases",
            "body": {"programme_id": "$programme"},
        },
        {"ref": "$person:P/1", "as": "BOSS", "method": "POST", "path": "/v1/people", "body": {}},
        {"as": "BOSS", "method": "PATCH", "path": "/v1/cases/$case:T", "body": {}},
    ],
}


class Recorder:
    """A server that makes everything it is sent, and remembers it."""

    def __init__(self, refuse=None) -> None:
        self.sent, self.signed_in, self.refuse = [], [], refuse

    def send(self, method, path, body, token):
        self.sent.append((method, path, body, token))
        if path == self.refuse:
            return Reply(409, {"code": "code_taken", "title": "A secret title"})
        return Reply(201 if method == "POST" else 200, {"id": f"id-{len(self.sent)}"})

    def sign_in(self, username, password):
        self.signed_in.append((username, password))
        return f"token-{username}"


def test_requests_go_out_in_order_with_ids_for_symbols_and_one_sign_in_for_each_actor():
    recorder, told = Recorder(), []
    player = Player(FILINGS, recorder.send, recorder.sign_in, lambda played, number, of: told.append((played.stage, number, of)))
    played = player.play()
    assert recorder.sent == [
        ("POST", "/v1/programmes", {}, "token-boss"),
        ("POST", "/v1/programmes/id-1/cases", {"programme_id": "id-1"}, "token-boss"),
        ("POST", "/v1/people", {}, "token-boss"),
        ("PATCH", "/v1/cases/id-2", {}, "token-boss"),
        ("POST", "/v1/observations", {"id": "7", "case_id": "id-2", "answers": {"note": "$1", "of": ["id-3"]}}, "token-eye"),
        ("POST", "/v1/reviews", {"ids": ["7"], "decision": "accept"}, "token-boss"),
    ]
    assert recorder.signed_in == [("boss", "secret"), ("eye", "hidden")]
    assert told == [("setup", n, 6) for n in range(1, 5)] + [("observations", 5, 6), ("reviews", 6, 6)]
    assert [each.reply.status for each in played] == [201, 201, 201, 200, 201, 201]


def test_a_refused_request_stops_the_play_and_tells_where_and_not_what():
    recorder = Recorder(refuse="/v1/people")
    with pytest.raises(RefusedError) as caught:
        Player(FILINGS, recorder.send, recorder.sign_in).play()
    assert str(caught.value) == "setup/2: 409 code_taken"
    assert len(recorder.sent) == 3


def test_stages_can_be_played_one_at_a_time():
    recorder = Recorder()
    player = Player(FILINGS, recorder.send, recorder.sign_in)
    player.play(["setup"])
    player.play(["reviews", "statistics"])
    assert [path for _, path, *_ in recorder.sent][-2:] == ["/v1/cases/id-2", "/v1/reviews"]


def test_the_demonstration_sends_the_golden_requests_and_nothing_that_says_what_should_come_out():
    golden, shipped = load_file("zhanaozen_filings.json"), load_filings()
    sent = [{name: part for name, part in request.items() if name not in ("expect", "golden")} for *_, request in requests_of(golden)]
    assert [request for *_, request in requests_of(shipped)] == sent
    assert shipped["accounts"] == golden["accounts"]
    assert set(shipped) == {"meta", "accounts", *STAGES}
