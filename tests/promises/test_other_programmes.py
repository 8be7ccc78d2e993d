"""No access across programmes on any route, for anybody: an id of theirs, of what was deleted, and of nothing are answered alike."""

from uuid import uuid4

import pytest

from tests.support.cast import INSIDE, OPERATOR, OUTSIDER, Cast
from tests.support.every_route import RAW, Things, every_route, id_places, kind_of, model_of, names_of_ids, put, query_parameters
from tests.support.monitored import without_request_id
from tests.support.refusals import listening, nothing_written

LISTS = (["ids", 0],)
CALLERS = (*INSIDE, OUTSIDER)
REMEMBERING = {"/v1/journal", "/v1/disclosures"}
"""What tells of one's own things after they were deleted: that is what it is for."""


@pytest.fixture(scope="module")
def cast(standing):
    return Cast(standing)


@pytest.fixture(scope="module")
def mine(cast):
    return cast.things


@pytest.fixture(scope="module")
def unseen(standing, mine):
    """By the names of ids: one of another programme, one of what was deleted, one of nothing."""
    theirs, gone = Things(standing).ids, mine.deleted()
    return {name: (theirs[name], gone[name], str(uuid4())) for name in theirs}


@pytest.fixture(params=["coordinator", "observer"])
def token(request, cast):
    return cast.tokens[request.param]


def alike(answers):
    """The one answer, whichever id was asked about."""
    found = {(answer.status_code, without_request_id(answer).replace(identity.encode(), b"")) for identity, answer in answers}
    assert len(found) == 1, (found, [str(answer.request.url) for _, answer in answers])
    return found.pop()


def options_of(mine, path, route):
    model = model_of(route)
    return {"json": mine.body(path, model)} if model is not None or path in RAW else {}


def is_known_to(kind, path, name):
    """Operators know of every programme that it exists; of what is in it they know nothing."""
    return kind == OPERATOR and name == "programme_id" and path.startswith("/v1/programmes/")


def verbs(method, kind):
    """HEAD must tell no more than GET; that it says the same to everybody else, the matrix of routes and callers tries."""
    return ("GET", "HEAD") if method == "GET" and kind in ("coordinator", "observer") else (method,)


def callers(cast, path, *names):
    return [(kind, cast.tokens[kind]) for kind in CALLERS if not any(is_known_to(kind, path, name) for name in names)]


def runs_it(kind, path):
    """Whether it is a coordinator's own business: then what is not hers is not there, and never merely forbidden."""
    return kind == "coordinator" and not path.endswith("/reveal")


def foreign(path, name, unseen):
    """What to put into a path, in groups that must be answered alike: strange ids in one's own programme, and in another's."""
    yield [{name: other} for other in unseen[name]]
    if "{programme_id}" in path and name != "programme_id":
        yield [{name: unseen[name][which], "programme_id": unseen["programme_id"][which]} for which in (0, 2)]


def test_an_id_in_a_path_leads_nowhere_unless_it_is_of_ones_own_programme(standing, cast, unseen, caplog):
    mine, asked = cast.things, 0
    with nothing_written(standing), listening(caplog):
        for method, path, route in every_route():
            options = options_of(mine, path, route)
            for name in names_of_ids(route.dependant.path_params):
                for ways in foreign(path, name, unseen):
                    for kind, token in callers(cast, path, *ways[0]):
                        for verb in verbs(method, kind):
                            answers = [(way[name], standing.request(verb, mine.path(path, **way), token=token, **options)) for way in ways]
                            status = alike(answers)[0]
                            assert status == 404 if runs_it(kind, path) else status in (403, 404), (verb, path, name, kind)
                            asked += len(answers)
    assert asked > 1000


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


def test_an_id_in_a_query_finds_nothing_unless_it_is_of_ones_own_programme(standing, cast, unseen, caplog):
    mine, asked = cast.things, 0
    with nothing_written(standing), listening(caplog):
        for path, route, name in queries_with_ids():
            theirs, gone, nothing = unseen[name]
            others = (theirs, nothing) if path in REMEMBERING else (theirs, gone, nothing)
            for kind, token in callers(cast, path, name):
                for verb in verbs("GET", kind):
                    answers = []
                    for other in others:
                        query = {**mine.needed(route, name), name: other}
                        answers.append((other, standing.request(verb, mine.path(path), params=query, token=token)))
                    status, content = alike(answers)
                    assert status in (403, 404) or (verb, status) == ("HEAD", 200) or is_empty(content), (path, name, kind, content)
                    asked += len(answers)
    assert asked > 500


def is_empty(content):
    return content == b'{"items":[],"next_cursor":null}'


def queries_with_ids():
    for _, path, route in every_route():
        for name in names_of_ids(query_parameters(route)):
            yield path, route, name


def test_an_id_in_a_body_points_at_nothing_unless_it_is_of_ones_own_programme(standing, cast, unseen, caplog):
    mine, asked = cast.things, 0
    with nothing_written(standing), listening(caplog):
        for method, path, route in every_route():
            model = model_of(route)
            for steps in id_places(model) if model is not None else ():
                for kind, token in callers(cast, path, kind_of(steps)):
                    answers = []
                    for other in unseen[kind_of(steps)]:
                        body = without_rivals(mine.body(path, model), path, steps)
                        put(body, steps, other)
                        answers.append((other, standing.request(method, mine.path(path), json=body, token=token)))
                    status, content = alike(answers)
                    if steps in LISTS and status == 200:
                        assert b"not_found" in content or b'"status":"unknown"' in content
                    else:
                        assert status == 404 if runs_it(kind, path) else status in (403, 404), (method, path, steps, kind, content)
                    asked += len(answers)
    assert asked > 500


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


def pointing(mine, place, other):
    """An observation that points at something."""
    body = mine.observation()
    pick = {"indicator": "torture.visible_injuries", "value": "present", "participant_refs": [mine.ids["participant_id"]]}
    body["answers"] = {**body["answers"], "facts": [pick]}
    put(body, [int(step) if step.isdecimal() else step for step in place.split("/")[1:]], other)
    return body


@pytest.mark.parametrize(("name", "place"), POINTED)
def test_an_observation_points_at_nothing_unless_it_is_of_ones_own_programme(cast, unseen, name, place):
    mine = cast.things
    with nothing_written(mine.server):
        for kind in CALLERS:
            single, batch = sent_by_both_roads(mine, cast.tokens[kind], unseen[name], lambda other: pointing(mine, place, other))
            assert (single[0], batch[0]) in {(404, 200), (403, 200), (403, 403)}, kind
            if kind in ("coordinator", "observer"):
                for content in (single[1], batch[1]):
                    assert b'{"pointer":"%s","code":"not_found"}' % place.encode() in content, kind


def test_a_correction_of_what_one_may_not_know_waits_as_one_of_what_is_not_here_yet(mine, unseen):
    answers = {}
    for other in unseen["observation_id"]:
        body = mine.observation(supersedes=other)
        answer = mine.server.post(RAW[0], body, token=mine.token)
        answers[other] = answer.status_code, answer.json()["code"], "".join(sorted(answer.json()))
    assert set(answers.values()) == {(202, "base_missing", "codeidreceiptstatus")}
