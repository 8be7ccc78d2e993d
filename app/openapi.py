"""The OpenAPI document: what FastAPI finds out by itself, completed by what holds for every operation.

It depends on the code and the taxonomy only. `openapi/openapi.json` is the same document, committed; a test compares them.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from app import examples
from app.kit import access
from app.kit.access import PolicedRoute, Policy
from app.kit.errors import CATALOGUE
from app.kit.problems import MEDIA_TYPE, ProblemShown

REFERENCE = "#/components/schemas/{model}"
LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
SUMMARY = "Trial monitoring: structured observations from the courtroom, and fairness findings that lead back to them."
DESCRIPTION = """\
Observers file what they saw and heard at a hearing, one filled form at a time. A case's summary is folded from accepted observations
alone, and every figure in it leads to the observations it was made of.

Failures are problem documents (RFC 9457) with a stable `code`; `errors` name each fault by its place in the request, never by the value
that was sent. The codes stand under `x-error-codes` in `ProblemShown` and `FaultShown`, with their meaning in `docs/reference/errors.md`.
New codes may appear; a code that is there never changes its meaning."""
TAGS = {
    "auth": "Signing in and out, one's own account and phones, and invitations.",
    "programmes": "Monitoring programmes and their members.",
    "cases": "What is monitored: courts, cases, hearings, participants by code, assignments, documents, outcomes, notes.",
    "taxonomy": "Rights, indicators, vocabularies and the forms that observers fill.",
    "forms": "The forms that a programme makes for itself: drafts, and versions published for good.",
    "observations": "Filing, reading, correcting and reviewing observations.",
    "attachments": "Files of observations and documents: resumable uploads as tus 1.0 has them, and downloads that do nothing.",
    "summaries": "What accepted observations add up to, and what each figure was made of.",
    "editions": "Summaries frozen so that they can be cited, and what changed from one to the next.",
    "statistics": "Official statistics, recomputed and set beside what was observed.",
    "journal": "What happened, entry by entry, and proof that nobody changed it since.",
    "health": "Whether the server is alive and ready.",
}
SCHEMES = {
    "password": {
        "type": "oauth2",
        "description": "Name and password, or a refresh token, for an access token of ten minutes.",
        "flows": {"password": {"tokenUrl": "v1/auth/token", "refreshUrl": "v1/auth/token", "scopes": {}}},
    },
    "client": {
        "type": "oauth2",
        "description": "A service client's id and secret, for an access token of ten minutes.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "v1/auth/token",
                "scopes": {
                    access.SUMMARIES_READ: "Summaries, aggregates, editions and official statistics.",
                    access.MONITORED_READ: "Courts, cases, hearings, participants by code, documents and outcomes.",
                    access.OBSERVATIONS_READ: "Observations whole, with what observers wrote.",
                    access.JOURNAL_READ: "Entries, checkpoints and proofs.",
                },
            }
        },
    },
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token from `POST /v1/auth/token`."},
}
MEANINGS = {
    400: "The body is no JSON text.",
    401: "No token, a bad one, or a session that has ended.",
    403: "The caller sees the object and may not do this with it.",
    404: "No such object for this caller, or a reference to one.",
    405: "The path knows no such method.",
    408: "What was sent came too slowly; what came of it is kept.",
    409: "It cannot be done as things stand now.",
    410: "It was there and is not any more.",
    412: "The request speaks another version of a protocol.",
    413: "The body is larger than the route takes.",
    415: "The body is no JSON, or is encoded in a way that the route does not take.",
    422: "The request was understood and is not right; `errors` say where.",
    460: "What arrived is not what was sent, by its checksum.",
    429: "Too many attempts; `Retry-After` says when to come back.",
    500: "A fault of the server.",
    503: "The server cannot do it now; `Retry-After` says when to come back.",
    507: "The server has no room left.",
}
_WITH_PATH = {404}
_WITH_BODY = {400, 404, 413, 415, 422}
_WITH_CALLER = {401, 403}
_WITH_CHANGE = {409, 507}
_ALWAYS = {500, 503}


def install(app: FastAPI, bodies: dict[str, Any]) -> None:
    """Let an application serve the completed document. `bodies` are types of bodies that routes read raw, by the names they refer to."""
    made = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = complete(made(), access.walk(app.routes), bodies)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def complete(document: dict[str, Any], routes: Iterable[Any], bodies: dict[str, Any]) -> dict[str, Any]:
    """The document with its problems, security, tags and raw bodies; changed in place and given back."""
    document["info"].update(summary=SUMMARY, description=DESCRIPTION, license=LICENSE)
    document["servers"] = [{"url": "/"}]
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name, body in bodies.items():
        _add_schema(schemas, name, body)
    _add_schema(schemas, "ProblemShown", ProblemShown)
    _list_codes(schemas)
    policed = [route for route in routes if isinstance(route, PolicedRoute)]
    policies = policies_of(policed)
    for path, method, operation in operations(document):
        _complete(operation, policies[path, method], changes=method != "get", is_found="{" in path or names_something(operation))
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _restore_examples(schemas, policed)
    examples.add_examples(document)
    components["responses"] = {f"Problem{status}": _response(status) for status in sorted(statuses())}
    components["securitySchemes"] = SCHEMES
    used = {tag for _, _, operation in operations(document) for tag in operation.get("tags", ())}
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation, one after another."""
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            yield path, method, operation


def policies_of(routes: Iterable[PolicedRoute]) -> dict[tuple[str, str], Policy]:
    """The policy of every route, by its path and its method in small letters."""
    return {(route.path, method.lower()): route.policy for route in routes for method in route.methods or ()}


def statuses() -> set[int]:
    """Every status that a problem may have."""
    return {kind.status for kind in CATALOGUE.kinds.values()} | {422}


def codes_of(status: int) -> list[str]:
    """The codes that a problem of a status may have at its top, sorted: a 422 takes the code of its first fault."""
    faults = CATALOGUE.faults if status == 422 else set()  # noqa: PLR2004 - errors.invalid gives it
    return sorted({kind.code for kind in CATALOGUE.kinds.values() if kind.status == status} | faults)


def _add_schema(schemas: dict[str, Any], name: str, body: Any) -> None:
    made = TypeAdapter(body).json_schema(ref_template=REFERENCE)
    for part, schema in made.pop("$defs", {}).items():
        schemas.setdefault(part, schema)
    schemas[name] = made


def _list_codes(schemas: dict[str, Any]) -> None:
    """Name every code. A list beside the type and no `enum`: a client made today must read the codes of tomorrow."""
    schemas["ProblemShown"]["properties"]["code"]["x-error-codes"] = sorted({*CATALOGUE.kinds, *CATALOGUE.faults})
    schemas["FaultShown"]["properties"]["code"]["x-error-codes"] = sorted(CATALOGUE.faults)


def _restore_examples(schemas: dict[str, Any], routes: Iterable[PolicedRoute]) -> None:
    """Take the examples of models from the models: FastAPI drops every null on its way, and here null means "not known"."""
    for model in (each for route in routes for each in _models(route)):
        made = TypeAdapter(model).json_schema(ref_template=REFERENCE)
        for name, schema in {**made.get("$defs", {}), made.get("title"): made}.items():
            if name in schemas and schema.keys() & {"example", "examples"}:
                schemas[name].pop("example", None)
                schemas[name]["examples"] = schema.get("examples") or [schema["example"]]


def _models(route: PolicedRoute) -> list[Any]:
    """The types of what a route takes and gives."""
    taken = [route.body_field.field_info.annotation] if route.body_field is not None else []
    return [each for each in (*taken, route.response_model) if each is not None]


def _complete(operation: dict[str, Any], policy: Policy, *, changes: bool, is_found: bool) -> None:
    responses = operation["responses"]
    declared = {int(code) for code in responses if code.isdecimal() and int(code) >= 400}  # noqa: PLR2004 - RFC 9110, 15.5
    declared -= set() if operation.get("parameters") or "requestBody" in operation else {422}
    for status in sorted(declared | _expected(operation, policy, changes=changes, is_found=is_found)):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["security"] = security_of(policy)
    operation["x-policy"] = policy.name


def names_something(operation: dict[str, Any]) -> bool:
    """Whether a query names something by its id, which may not be there for this caller."""
    return any('"uuid"' in json.dumps(each["schema"]) for each in operation.get("parameters", ()))


def security_of(policy: Policy) -> list[dict[str, list[str]]]:
    """How a caller of a route may be known: people in either way, service clients where one of their scopes opens it."""
    if policy.is_public:
        return []
    scopes = [policy.for_clients] if policy.for_clients in access.CLIENT_SCOPES else []
    return [{"password": []}, {"bearer": []}, *([{"client": scopes}] if policy.for_clients is not None else [])]


def _expected(operation: dict[str, Any], policy: Policy, *, changes: bool, is_found: bool) -> set[int]:
    """The statuses that an operation may answer for reasons that have nothing to do with what it is about."""
    found = set(_ALWAYS)
    found |= _WITH_BODY if "requestBody" in operation else set()
    found |= {422} if operation.get("parameters") else set()
    found |= _WITH_PATH if is_found else set()
    found |= set() if policy.is_public else _WITH_CALLER
    return found | (_WITH_CHANGE if changes else set())


def _response(status: int) -> dict[str, Any]:
    codes = codes_of(status)
    example = {
        "type": "about:blank",
        "title": MEANINGS[status],
        "status": status,
        "code": codes[0],
        "request_id": "9f86d081884c7d65",
        "errors": [],
    }
    content = {"schema": {"$ref": "#/components/schemas/ProblemShown"}, "example": example}
    return {"description": MEANINGS[status], "content": {MEDIA_TYPE: content}, "x-error-codes": codes}
