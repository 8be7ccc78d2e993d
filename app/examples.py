"""Examples of bodies for the OpenAPI document, composed of the examples of their fields where a body has none of its own."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
REFERENCE = "#/components/schemas/"
_BY_FORMAT = {"uuid": "01998c1e-0f00-7000-8000-000000000001", "date-time": "2012-04-05T10:21:07Z", "date": "2012-04-05", "password": "…"}
_BY_TYPE = {"boolean": True, "integer": 1, "number": 0.5, "string": "…", "object": {}, "null": None}


def add_examples(document: dict[str, Any]) -> None:
    """Give an example to every schema that a body or an answer names and that has none."""
    schemas = document["components"]["schemas"]
    for name in sorted(_named(document)):
        if "examples" not in schemas[name] and "oneOf" not in schemas[name]:
            schemas[name]["examples"] = [example(schemas[name], schemas)]


def _named(document: Mapping[str, Any]) -> set[str]:
    """The schemas that operations take or give."""
    found = set()
    for operation in (each for methods in document["paths"].values() for each in methods.values()):
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in part.get("content", {}).values():
                found.add(content["schema"].get("$ref", "").removeprefix(REFERENCE))
    return found - {""}


def example(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    """A value of a schema: its first example, else one made of the examples of its parts."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].removeprefix(REFERENCE)], schemas)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema or schema.get("default") is not None:
        return schema.get("const", schema.get("default"))
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return example(schema[key][0], schemas)
    return _of_type(schema, schemas)


def _of_type(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return [example(schema["items"], schemas)] if "items" in schema else []
    if kind == "object":
        return _of_fields(schema, schemas)
    return _BY_FORMAT.get(schema.get("format", "")) or _BY_TYPE.get(kind or "null")


def _of_fields(schema: Schema, schemas: Mapping[str, Schema]) -> dict[str, Any]:
    """Every field of an object; what may be null and has no example of its own is left out where it is not required."""
    required = schema.get("required", ())
    fields = schema.get("properties", {}).items()
    return {name: example(field, schemas) for name, field in fields if name in required or _has_own(field)}


def _has_own(field: Schema) -> bool:
    return bool(field.get("examples")) or field.get("default") is not None or any(_has_own(each) for each in field.get("anyOf", ()))
