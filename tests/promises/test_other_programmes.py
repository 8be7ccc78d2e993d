"""No access across programmes on any route: an id of another programme, of what was deleted, and of nothing are answered alike."""

from uuid import uuid4

import pytest

from tests.support.every_route import RAW, Things, every_route, id_places, kind_of, model_of, names_of_ids, put, query_parameters
from tests.support.monitored import without_request_id
from tests.support.refusals import listening, nothing_written

LISTS = (["ids", 0],)


@pytest.fixture(scope="module")
def mine(standing):
    return Things(standing)


@pytest.fixture(scope="module")
def unseen(standing, mine):
    """By the names of ids: one of another programme, one of what was deleted, one of nothing."""
    theirs, gone = Things(standing).ids, mine.deleted()
    return {name: (theirs[name], gone[name], str(uuid4())) for name in theirs}


@pytest.fixture(params=["coordinator", "observer"])
def token(request, mine):
    return mine.token if request.param == "coordinator" else mine.observer.token


def alike(answers):
    """The one answer, whichever id was asked about."""
    (found,) = {(answer.status_code, without_request_id(answer).replace(identity.encode(), b"")) for identity, answer in answers}
    return found


def options_of(mine, path, route):
    model = model_of(route)
    return {"json": mine.body(path, model)} if model is not None or path in RAW else {}


def expected(mine, token):
    return (404,) if token == mine.token else (403, 404)


def test_an_id_in_a_path_leads_nowhere_unless_it_is_of_ones_own_programme(standing, mine, unseen, token, caplog):
    asked = 0
    with nothing_written(standing), listening(caplog):
        for method, path, route in every_route():
            for name in names_of_ids(route.dependant.path_params):
                options = options_of(mine, path, route)
                answers = [
                    (other, standing.request(method, mine.path(path, **{name: other}), token=token, **options)) for other in unseen[name]
                ]
                assert alike(answers)[0] in expected(mine, token), (method, path, name)
                asked += 1
    assert asked > 30


ODD = [
    "1%0a",
    "%00",
    "%EF%BC%91",
    str(2**63),
    "%",
    "%zz",
    "%ff",
    "x" * 5000,
    "{id}%0a",
    "{{id}}",
    "urn:uuid:{id}",
    "{hex}",
    "{id}%20",
    "+{id}",
]


def test_what_is_no_id_in_a_path_leads_where_an_unknown_id_leads(standing, mine, token, caplog):
    with nothing_written(standing), listening(caplog):
        for method, path, route in every_route():
            for name in names_of_ids(route.dependant.path_params):
                options = options_of(mine, path, route)
                own = mine.ids[name]
                spelt = [odd.replace("{hex}", own.replace("-", "")).replace("{id}", own) for odd in ODD]
                answers = [("\0", standing.request(method, mine.path(path, **{name: odd}), token=token, **options)) for odd in spelt]
                assert {answer.status_code for _, answer in answers} == {404}, (method, path, name)
                assert len({without_request_id(answer) for _, answer in answers}) == 1


REMEMBERING = {"/v1/journal"}
"""What tells of one's own things after they were deleted: that is what it is for."""


def test_an_id_in_a_query_finds_nothing_unless_it_is_of_ones_own_programme(standing, mine, unseen, token, caplog):
    asked = 0
    with nothing_written(standing), listening(caplog):
        for method, path, route, name in queries_with_ids():
            answers = []
            theirs, gone, nothing = unseen[name]
            for other in (theirs, nothing) if path in REMEMBERING else (theirs, gone, nothing):
                query = {**mine.needed(route, name), name: other}
                answers.append((other, standing.request(method, mine.path(path), params=query, token=token)))
            status, content = alike(answers)
            assert status in expected(mine, token) or content == b'{"items":[],"next_cursor":null}', (path, name, content)
            asked += 1
    assert asked > 10


def queries_with_ids():
    for method, path, route in every_route():
        for name in names_of_ids(query_parameters(route)):
            yield method, path, route, name


def test_an_id_in_a_body_points_at_nothing_unless_it_is_of_ones_own_programme(standing, mine, unseen, token, caplog):
    asked = 0
    with nothing_written(standing), listening(caplog):
        for method, path, route in every_route():
            model = model_of(route)
            for steps in id_places(model) if model is not None else ():
                answers = []
                for other in unseen[kind_of(steps)]:
                    body = without_rivals(mine.body(path, model), path, steps)
                    put(body, steps, other)
                    answers.append((other, standing.request(method, mine.path(path), json=body, token=token)))
                status, content = alike(answers)
                if steps in LISTS and status == 200:
                    assert b"not_found" in content or b'"is_stored":false' in content
                else:
                    assert status in expected(mine, token), (method, path, steps, content)
                asked += 1
    assert asked > 20


def without_rivals(body, path, steps):
    """The body without what must not stand beside a field: a source is one of two things, and so is what is assigned."""
    if steps[-1] == "observation_id":
        body.setdefault(steps[0], {}).pop("document_id", None)
    if (path, steps) == ("/v1/assignments", ["case_id"]):
        body.pop("hearing_id", None)
    return body


def sent_by_both_roads(mine, token, identities, make):
    """The one answer to an observation and to a batch of one, whichever id was put in."""
    alone, together = [], []
    for other in identities:
        body = make(other)
        alone.append((other, mine.server.post(RAW[0], body, token=token)))
        together.append((other, mine.server.post(RAW[1], {"items": [{**body, "id": FIXED}]}, token=token)))
    return alike(alone), alike(together)


FIXED = "6f9619ff-8b86-4d01-8b42-00cf4fc964ff"
POINTED = [("case_id", "/case_id"), ("hearing_id", "/hearing_id"), ("document_id", "/answers/facts/0/document_ref")]
POINTED += [("participant_id", "/answers/facts/0/participant_refs/0")]


@pytest.mark.parametrize(("name", "place"), POINTED)
def test_an_observation_points_at_nothing_unless_it_is_of_ones_own_programme(mine, unseen, token, name, place):
    def pointing(other):
        body = mine.observation()
        pick = {"indicator": "torture.visible_injuries", "value": "present", "participant_refs": [mine.ids["participant_id"]]}
        body["answers"] = {**body["answers"], "facts": [pick]}
        put(body, [int(step) if step.isdecimal() else step for step in place.split("/")[1:]], other)
        return body

    with nothing_written(mine.server):
        single, batch = sent_by_both_roads(mine, token, unseen[name], pointing)
    assert (single[0], batch[0]) == (404, 200)
    for content in (single[1], batch[1]):
        assert b'{"pointer":"%s","code":"not_found"}' % place.encode() in content


def test_a_correction_of_what_one_may_not_know_waits_as_one_of_what_is_not_here_yet(mine, unseen):
    answers = {}
    for other in unseen["observation_id"]:
        body = mine.observation(supersedes=other)
        answer = mine.server.post(RAW[0], body, token=mine.token)
        answers[other] = answer.status_code, answer.json()["code"], "".join(sorted(answer.json()))
    assert set(answers.values()) == {(202, "base_missing", "codeidreceiptstatus")}
