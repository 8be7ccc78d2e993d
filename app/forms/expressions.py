"""The part of XLSForm's expressions (XPath) that our conditions and limits can say, and nothing of the rest.

A condition compares earlier answers: `${q} = 'code'`, `!=`, `selected(${q}, 'code')`, `${q} != ''`, `string-length(${q}) > 0`, joined by
`and`, `or` and parentheses. A limit is a row of comparisons of `.`, joined by `and`.
"""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<question>\$\{[a-z][a-z0-9_]*\})
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<number>-?\d{1,16}(?![\d.]))
      | (?P<word>[a-z][a-z-]*)
      | (?P<sign><=|>=|!=|[=<>(),.])
    )""",
    re.VERBOSE,
)
_DEEPEST = 20
_LONGEST = 4000
Tokens = list[tuple[str, str]]


class Unsupported(Exception):  # noqa: N818 - nothing is wrong with it but that we cannot say it
    """An expression beyond what is read here."""


class _Reader:
    """An expression, and how far it was read."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0

    def next(self) -> str:
        """What stands next; nothing at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def kind(self) -> str:
        """What kind of thing that is."""
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        """Go past what stands next, which must be one of these."""
        found = self.next()
        if found not in expected:
            raise Unsupported
        self.at += 1
        return found

    def take_kind(self, kind: str) -> str:
        """Go past a thing of a kind."""
        if self.kind() != kind:
            raise Unsupported
        self.at += 1
        return self.tokens[self.at - 1][1]

    def end(self) -> None:
        """Demand that nothing follows."""
        if self.at < len(self.tokens):
            raise Unsupported


def _tokens(text: str) -> Tokens:
    found: Tokens = []
    at, whole = 0, text.replace("\N{NO-BREAK SPACE}", " ").rstrip()
    if len(whole) > _LONGEST:
        raise Unsupported
    while at < len(whole):
        token = _TOKEN.match(whole, at)
        if token is None or token.lastgroup is None:
            raise Unsupported
        found.append((token.lastgroup, token.group(token.lastgroup)))
        at = token.end()
    return found


def condition(text: str, types: Mapping[str, str]) -> dict[str, Any]:
    """A `ConditionWritten` that means the same; `types` are those of the questions so far."""
    reader = _Reader(text)
    found = _either(reader, types, 0)
    reader.end()
    return found


def _either(reader: _Reader, types: Mapping[str, str], depth: int) -> dict[str, Any]:
    parts = [_both(reader, types, depth)]
    while reader.next() == "or":
        reader.take("or")
        parts.append(_both(reader, types, depth))
    return parts[0] if len(parts) == 1 else {"any": parts}


def _both(reader: _Reader, types: Mapping[str, str], depth: int) -> dict[str, Any]:
    parts = [_one(reader, types, depth)]
    while reader.next() == "and":
        reader.take("and")
        parts.append(_one(reader, types, depth))
    return parts[0] if len(parts) == 1 else {"all": parts}


def _one(reader: _Reader, types: Mapping[str, str], depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        raise Unsupported
    if reader.next() == "(":
        reader.take("(")
        found = _either(reader, types, depth + 1)
        reader.take(")")
        return found
    if reader.next() in {"selected", "string-length"}:
        return _called(reader, types)
    question = _question(reader)
    sign = reader.take("=", "!=")
    value = reader.take_kind("text")[1:-1]
    if not value:
        return _answered(sign == "!=", question)
    return {"q": question, "op": "eq" if sign == "=" else "ne", "value": value}


def _called(reader: _Reader, types: Mapping[str, str]) -> dict[str, Any]:
    function = reader.take("selected", "string-length")
    reader.take("(")
    question = _question(reader)
    if function == "selected":
        reader.take(",")
        value = reader.take_kind("text")[1:-1]
        reader.take(")")
        return {"q": question, "op": "eq" if types.get(question) == "select_one" else "contains", "value": value}
    reader.take(")")
    reader.take(">")
    return _answered(reader.take_kind("number") == "0", question)


def _answered(is_asked: bool, question: str) -> dict[str, Any]:  # noqa: FBT001 - read as a sentence where it is called
    if not is_asked:
        raise Unsupported
    return {"q": question, "op": "answered"}


def _question(reader: _Reader) -> str:
    return reader.take_kind("question")[2:-1]


def constraint(text: str, kind: str) -> dict[str, Any]:
    """A `ConstraintWritten` that means the same for a question of a type."""
    reader = _Reader(text)
    found = _limit(reader, kind)
    while reader.next() == "and":
        reader.take("and")
        other = _limit(reader, kind)
        if other.keys() & found.keys():
            raise Unsupported
        found |= other
    reader.end()
    return found


def _limit(reader: _Reader, kind: str) -> dict[str, Any]:
    if reader.kind() == "word":
        return _measured(reader)
    reader.take(".")
    sign = reader.take("<=", ">=", "<", ">")
    if reader.kind() == "number":
        return _bound(sign, int(reader.take_kind("number")), "min", "max")
    if reader.next() == "today":
        reader.take("today")
        reader.take("(")
        reader.take(")")
        if sign != "<=":
            raise Unsupported
        return {"not_future": True}
    question = _question(reader)
    if sign == "<=" and kind == "integer":
        return {"not_more_than": question}
    if sign == ">=" and kind in {"date", "time"}:
        return {"not_before": question}
    raise Unsupported


def _bound(sign: str, number: int, least: str, most: str) -> dict[str, Any]:
    if sign in {">=", ">"}:
        return {least: number + (sign == ">")}
    return {most: number - (sign == "<")}


def _measured(reader: _Reader) -> dict[str, Any]:
    function = reader.take("string-length", "count-selected", "regex")
    reader.take("(")
    reader.take(".")
    if function == "regex":
        reader.take(",")
        pattern = reader.take_kind("text")[1:-1]
        reader.take(")")
        return {"pattern": pattern}
    reader.take(")")
    name = "max_length" if function == "string-length" else "min_items"
    found = _bound(reader.take("<=", ">=", "<", ">"), int(reader.take_kind("number")), "min_items", "max_length")
    if found.keys() != {name}:
        raise Unsupported
    return found
