"""Conditions on answers: when a question is relevant, when an answer makes a mark (`meta.condition_grammar` of the taxonomy)."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Operator = Literal["eq", "ne", "in", "not_in", "contains", "answered"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question's answer compared with a term, or with several."""

    question: str
    operator: Operator
    value: str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Together:
    """Several conditions, of which all or any must hold."""

    needs_all: bool
    parts: tuple["Condition", ...]


Condition = Leaf | Together


def condition_of(raw: Mapping[str, Any]) -> Condition:
    """A condition as the taxonomy's JSON has it."""
    for word in ("all", "any"):
        if word in raw:
            return Together(word == "all", tuple(condition_of(part) for part in raw[word]))
    value = raw.get("value")
    return Leaf(raw["q"], raw["op"], tuple(value) if isinstance(value, list) else value)


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether a condition holds; no condition always does. An answer that is not there satisfies nothing, `ne` and `not_in` included."""
    if condition is None:
        return True
    if isinstance(condition, Together):
        met = (holds(part, answers) for part in condition.parts)
        return all(met) if condition.needs_all else any(met)
    answer = answers.get(condition.question)
    return answer is not None and _COMPARES[condition.operator](answer, condition.value)


_COMPARES: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "in": lambda answer, value: answer in value,
    "not_in": lambda answer, value: answer not in value,
    "contains": lambda answer, value: isinstance(answer, list) and value in answer,
    "answered": lambda _answer, _value: True,
}
