"""Requests that nobody thought of, made from the OpenAPI document: right ones and wrong ones, by everybody around a programme.

`fuzz` is deterministic for a seed. What it looks for: an answer 5xx, a status or a body that the document does not name, and wrong data
that is taken.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from tests.support.cast import EVERYBODY
from tests.support.workbooks import XLSX

FALLEN = 500
TAKEN = range(200, 300)
DESTROYING = "DELETE"
STRANGE = 0.3
"""How many of the ids in right requests stay those of nothing; the others are put in place of what is there."""
BATCH = "POST /v1/observations/batch"
"""Is answered with 200 whatever its items are like: each has a status of its own."""
LENIENT = {"POST /v1/auth/revoke": "RFC 7009, 2.2: a token that names nothing is no fault"}
"""Where wrong data may be answered with 200, and why."""


@dataclass
class Found:
    """What came of a run: how many requests of which kind, with which statuses, and every fault, told so that it can be sent again."""

    seed: int
    sent: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    faults: list = field(default_factory=list)

    @property
    def cases(self):
        return self.sent.total()

    def judge(self, case, kind, answer, *, is_right):
        """Count an answer, and keep what is wrong with it."""
        self.sent[kind, is_right] += 1
        self.statuses[answer.status_code] += 1
        for what in wrongs(case, is_right, answer):
            told = f"{case.as_curl_command()} -> {answer.status_code} {answer.text[:300]}"
            self.faults.append(f"seed {self.seed}, {kind}, {what}: {told}")


@cache
def schema():
    """The document as schemathesis reads it: the one that the application serves, which another test compares with the committed one."""
    import schemathesis

    from tests.support.house import document

    # The pieces of an upload (tus 1.0, PATCH) and workbooks are bytes like any others.
    for media in ("application/offset+octet-stream", XLSX):
        schemathesis.serializer.alias(media, "application/octet-stream")
    return schemathesis.openapi.from_dict(document())


@cache
def operations():
    """Every operation; those that delete come last, so that there is something left for the others."""
    found = [each.ok() for each in schema().get_all_operations()]
    return sorted(found, key=lambda each: (each.method.upper() == DESTROYING, each.label))


def cases_of(operation, mode, seed, examples):
    """So many requests of an operation, the same for the same seed."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis.errors import Unsatisfiable

    made = []

    @seeded(seed)
    @settings(max_examples=examples, database=None, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case):
        made.append(case)

    with suppress(Unsatisfiable):  # Where there is nothing that could be wrong.
        collect()
    return made


def grounded(value, ids, chance, name=""):
    """The same JSON in which most ids speak of what is there: each name of a field knows its kind."""
    if isinstance(value, dict):
        return {key: grounded(part, ids, chance, key) for key, part in value.items()}
    if isinstance(value, list):
        return [grounded(part, ids, chance, {"ids": "observation_id"}.get(name, name)) for part in value]
    known = ids.get({"into": "participant_id"}.get(name, name))
    return known if isinstance(value, str) and known is not None and chance.random() > STRANGE else value


def fuzz(cast, *, seed, examples, kinds=EVERYBODY):
    """Send `examples` right and as many wrong requests to each operation, each of them by everybody in `kinds`."""
    from schemathesis import GenerationMode

    found, chance = Found(seed), random.Random(seed)
    for operation in operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for case in cases_of(operation, mode, seed, examples):
                is_right = mode is GenerationMode.POSITIVE
                if is_right:
                    ground(case, cast.things.ids, chance)
                for kind in kinds:
                    found.judge(case, kind, send(cast, case, kind), is_right=is_right)
    return found


def ground(case, ids, chance):
    """Let a right request speak of what is there."""
    case.path_parameters = grounded(dict(case.path_parameters or {}), ids, chance)
    case.query = grounded(dict(case.query or {}), ids, chance)
    if isinstance(case.body, dict):
        case.body = grounded(case.body, ids, chance)


def send(cast, case, kind):
    """The answer to one request by somebody."""
    given = case.as_transport_kwargs(base_url="http://127.0.0.1")
    headers = {name: value for name, value in given["headers"].items() if name.lower() not in ("authorization", "accept-encoding")}
    passed = {name: given[name] for name in ("params", "json", "data", "files") if given.get(name) is not None}
    if isinstance(passed.get("data"), bytes | str):
        passed["content"] = passed.pop("data")
    return cast.server.request(given["method"], given["url"], token=cast.tokens[kind], headers=headers, **passed)


def wrongs(case, is_right, answer):
    """What is wrong with an answer."""
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

    if answer.status_code >= FALLEN:
        yield "the server fell"
    try:
        case.validate_response(answer, checks=[status_code_conformance, content_type_conformance, response_schema_conformance])
    except FailureGroup as group:
        yield from (f"{failure.title}: {failure.message}" for failure in group.exceptions)
    if not is_right and answer.status_code in TAKEN and is_wrong(case, answer):
        yield "wrong data was taken"


def is_wrong(case, answer):
    """Whether what is wrong with a request reaches the server and is read there.

    Whose token it is, the sender decides; an empty list leaves nothing in an address; names that no route knows are passed over.
    """
    if case.operation.label in LENIENT:
        return False
    if case.operation.label == BATCH and any(each["status"] == "invalid" for each in answer.json()["results"]):
        return False
    wrong = {place.value for place, made in case.meta.components.items() if made.mode.value == "negative"}
    sent, known = set(answer.request.url.params), {each.name for each in case.operation.query}
    return bool(wrong & {"body", "path"}) or ("query" in wrong and bool(sent) and sent <= known)
