"""Strict JSON: how deep a document nests is found without parsing it, by the quick way and the slow one alike."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit.errors import Problem
from app.kit.wire import depth_exceeded, is_shallow, parse

LEAVES = st.none() | st.integers(-5, 5) | st.text(alphabet='ab[]{}"\\ә', max_size=6)
NAMES = st.text('k[]{}"\\', max_size=3)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))


def depth_of(value):
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


def nested(depth, inside=0):
    for n in range(depth):
        inside = [inside] if n % 2 else {"[": inside}
    return inside


@given(st.integers(0, 40), VALUES)
def test_a_document_is_too_deep_exactly_beyond_32(outer, inner):
    value = nested(outer, inner)
    for raw in (json.dumps(value).encode(), json.dumps(value, ensure_ascii=False, indent=1).encode()):
        assert depth_exceeded(raw) is (depth_of(value) > 32)


@given(VALUES)
def test_the_quick_way_never_calls_a_deep_document_shallow(value):
    assert not is_shallow(json.dumps(nested(33, value)).encode())


def test_a_usual_batch_is_seen_to_be_shallow_at_once():
    assert is_shallow(json.dumps({"items": [{"answers": {"methods": ["a", "b"], "roles": [{"x": 1}]}}] * 500}).encode())


NUMBERS = ["0", "-0", "-0.0", "1.0", "1e3", "1E400", "-7", "0.1", "1.10", "5e-324", "NaN", "1" * 18, "9" * 19, "-" + "9" * 19, "1" * 21]
TEXTS = ['"a"', '"ә"', '"\\u0061"', '"\\ud800"', '"\\/"', '"\\n"', '"' + "7" * 20 + '"', '"\x7f"', "'a'"]
WRITTEN = st.recursive(
    st.sampled_from([*NUMBERS, *TEXTS, "null", "true", "tru"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{','.join(parts)}]"),
        st.lists(st.tuples(st.sampled_from(TEXTS), inner), max_size=3).map(lambda pairs: "{" + ",".join(map(":".join, pairs)) + "}"),
    ),
    max_leaves=6,
)


@settings(max_examples=400)
@given(WRITTEN)
def test_a_document_is_read_alike_by_the_quick_way_and_the_strict_one(text):
    """Written as most senders do, and with a blank before it, which only the strict way reads."""
    quick, strict = (outcome(raw.encode()) for raw in (text, f" {text}"))
    assert quick == strict
    assert repr(quick) == repr(strict)


def outcome(raw):
    try:
        return parse(raw)
    except Problem as problem:
        return problem.kind.code, problem.faults


@pytest.mark.parametrize("raw", [b"[" * 33 + b"]" * 33, b'{"a":' * 100_000, b"[" * 100_000, b'["' + b"[" * 40])
def test_depth_without_end_is_refused_without_parsing(raw):
    with pytest.raises(Problem) as caught:
        parse(raw)
    assert caught.value.kind.code in ("too_deep", "malformed_json")
