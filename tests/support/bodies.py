"""Filings of the reference as bodies that could be sent: their `$kind:code` symbols become fixed ids."""

import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

_SYMBOL = re.compile(r"\$[a-z]+:.+")


def an_id(name: str) -> str:
    """The same id for the same name, always."""
    return str(uuid5(NAMESPACE_URL, name))


def with_ids(value: Any) -> Any:
    """The same JSON with an id for every symbol."""
    if isinstance(value, dict):
        return {key: with_ids(part) for key, part in value.items()}
    if isinstance(value, list):
        return [with_ids(part) for part in value]
    return an_id(value) if isinstance(value, str) and _SYMBOL.fullmatch(value) else value


def bodies_of(filings: dict[str, Any]) -> list[dict[str, Any]]:
    """The bodies of every observation of a filings file, symbols and all, those from documents included."""
    from_documents = [each for each in filings["documents"] if each["path"] == "/v1/observations"]
    return [each["body"] for each in [*filings["observations"], *from_documents]]
