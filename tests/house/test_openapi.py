"""The OpenAPI document is whole: stable names, words for people, problems declared, examples that are right."""

import ast
import json
import re
from collections import Counter
from functools import cache

import orjson
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from pydantic import TypeAdapter

from app.kit.access import ANY_CLIENT
from app.main import RAW_BODIES
from app.openapi import TAGS, operations, policies_of
from tests.support.house import ROOT, addresses, document, routes

VERBS = {
    "accept", "add", "answer", "change", "contest", "create", "decline", "delete", "edit", "file", "get", "issue", "list", "lock", "match",
    "merge", "publish", "release", "remove", "reveal", "review", "revoke", "set", "show", "trace", "unlock", "unmerge", "withdraw", "write",
}  # fmt: skip


@cache
def every():
    return [(f"{method.upper()} {path}", operation) for path, method, operation in operations(document())]


def schema_of(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return next(iter(content.values()), {}).get("schema")


def resolved(schema):
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def examples_of(schema):
    """The examples of a schema, those of its variants where it has some, those of its properties where it has none of its own."""
    found = resolved(schema)
    if "examples" in found:
        return found["examples"]
    variants = found.get("oneOf") or found.get("anyOf") or []
    return [example for variant in variants for example in examples_of(variant)]


def test_the_document_is_valid_openapi():
    assert document()["openapi"].startswith("3.1")
    validate(document())


def test_the_committed_document_is_the_one_that_is_served():
    committed = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    assert committed == document(), "run `python3 -m app openapi --write` and read the difference"


def test_every_operation_has_a_name_of_its_own_made_of_tag_verb_and_thing():
    names = Counter(operation["operationId"] for _, operation in every())
    assert [name for name, count in names.items() if count > 1] == []
    for address, operation in every():
        tag = operation["tags"][0]
        assert re.fullmatch(rf"{tag}_[a-z]+(_[a-z]+)+", operation["operationId"]), address
        assert operation["operationId"].removeprefix(f"{tag}_").partition("_")[0] in VERBS, address


def test_every_operation_says_what_it_does():
    for address, operation in every():
        assert operation.get("summary"), address
        assert operation.get("description", "").strip().endswith((".", "`")), address


def test_every_tag_is_described():
    described = {tag["name"]: tag["description"] for tag in document()["tags"]}
    assert set(described) == {operation["tags"][0] for _, operation in every()}
    assert set(described) <= set(TAGS)


def test_every_failure_is_declared_as_a_problem_document():
    for address, operation in every():
        failures = {status: response for status, response in operation["responses"].items() if not status.startswith("2")}
        failures.pop("304", None)
        assert {"500", "503"} <= set(failures), address
        for status, response in failures.items():
            assert response == {"$ref": f"#/components/responses/Problem{status}"}, (address, status)
    for response in document()["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
        assert response["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/ProblemShown"}
    assert not {"HTTPValidationError", "ValidationError"} & set(document()["components"]["schemas"])


def test_what_needs_a_caller_says_so_and_what_is_open_does_not():
    policies = policies_of(routes())
    for path, method, operation in operations(document()):
        policy = policies[path, method]
        is_public = policy.is_public
        scopes = [] if policy.for_clients == ANY_CLIENT else [policy.for_clients]
        clients = [] if policy.for_clients is None else [{"client": scopes}]
        assert operation["security"] == ([] if is_public else [{"password": []}, {"bearer": []}, *clients])
        assert ("401" in operation["responses"]) or is_public


def test_every_body_that_is_sent_has_an_example_that_is_right():
    for address, operation in every():
        schema = schema_of(operation)
        if schema is None:
            continue
        found = examples_of(schema)
        assert found, f"{address} has no example of its body"
        check = OAS31Validator({**schema, "components": document()["components"]})
        for example in found:
            assert [error.message for error in check.iter_errors(example)] == [], address


def test_examples_of_bodies_that_are_read_as_bytes_hold_in_strict_types():
    for name, body in RAW_BODIES.items():
        for example in examples_of({"$ref": f"#/components/schemas/{name}"}):
            TypeAdapter(body).validate_json(orjson.dumps(example), strict=True)


def test_examples_of_bodies_hold_in_strict_types():
    for address, route in addresses().items():
        if route.body_field is None or type(route.body_field.field_info).__name__ == "Form":
            continue
        model = TypeAdapter(route.body_field.field_info.annotation)
        for example in examples_of(schema_of(document()["paths"][route.path][address.partition(" ")[0].lower()])):
            model.validate_json(orjson.dumps(example), strict=True)


def test_every_answer_has_an_example_that_is_right():
    for address, operation in every():
        for status, response in operation["responses"].items():
            schema = response.get("content", {}).get("application/json", {}).get("schema") if status.startswith("2") else None
            if schema is None:
                continue
            found = examples_of(schema)
            assert found, f"{address} has no example of its answer {status}"
            check = OAS31Validator({**schema, "components": document()["components"]})
            for example in found:
                assert [error.message for error in check.iter_errors(example)] == [], address


def test_the_same_words_are_written_in_one_order_everywhere():
    """`Literal["a", "b"] | None` and `Literal["b", "a"] | None` are equal, and typing gives back whichever was made first.

    So two orders of the same words made the OpenAPI document depend on the order of imports.
    """
    orders = {}
    for file in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
                words = [ast.unparse(each) for each in getattr(node.slice, "elts", [node.slice])]
                orders.setdefault(tuple(sorted(words)), set()).add(tuple(words))
    assert [found for found in orders.values() if len(found) > 1] == []
