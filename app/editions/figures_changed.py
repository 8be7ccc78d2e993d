"""Which figures changed from one edition to another: their value, whether it is a minimum, and their readings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.editions.words import Change, Words
from app.summaries.figures import catalogue

Figure = Mapping[str, Any]
_SAID = ("value", "at_least", "stated", "readings")


def figures_changed(earlier: Sequence[Figure], later: Sequence[Figure], words: Words) -> Iterator[Change]:
    """A change for each figure that says something else than before, in the order of the later edition."""
    before = {each["key"]: each for each in earlier}
    after = {each["key"]: each for each in later}
    for key in (*after, *(key for key in before if key not in after)):
        old, new = before.get(key, {}), after.get(key, {})
        if _said(old) != _said(new):
            label = (new or old)["label"]
            said = "; ".join(_differences(key, old, new, words)) or words.say("default_reading")
            yield Change("figure", key, _said(old), _said(new), words.say("plain", name=label, said=said))


def _said(figure: Figure) -> dict[str, Any]:
    return {name: figure[name] for name in _SAID if name in figure}


def _differences(key: str, old: Figure, new: Figure, words: Words) -> Iterator[str]:
    yield from _values(key, old, new, words)
    readings = [{each["reading"]: each["value"] for each in side.get("readings", ())} for side in (old, new)]
    for reading in sorted({*readings[0], *readings[1]}):
        # A side without readings has its one value under all of them.
        was, now = ({**side, "value": own.get(reading, side.get("value"))} for side, own in zip((old, new), readings, strict=True))
        for said in _values(key, was, now, words):
            yield words.say("reading", reading=reading, said=said)


def _values(key: str, old: Figure, new: Figure, words: Words) -> Iterator[str]:
    before, after = old.get("value"), new.get("value")
    if (before, old.get("at_least")) == (after, new.get("at_least")):
        return
    if _is_table(before) and _is_table(after):
        yield from _rows(key, before or (), after or (), words)
    elif isinstance(before, list) and isinstance(after, list):
        yield from members_changed(before, after, words)
    else:
        told = [words.value(value, at_least=bool(side.get("at_least"))) for value, side in ((before, old), (after, new))]
        yield words.instead(*told) + _delta(before, after)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _delta(before: Any, after: Any) -> str:
    """How much more or less a count is; U+2212 is the sign for less."""
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in (before, after)) or before == after:
        return ""
    return f" (+{after - before})" if after > before else f" (\N{MINUS SIGN}{before - after})"


def members_changed(before: Sequence[Any], after: Sequence[Any], words: Words) -> Iterator[str]:
    """What came into a list and what went out of it."""
    for sentence, some, others in (("added", after, before), ("gone", before, after)):
        if found := [str(each) for each in some if each not in others]:
            yield words.say(sentence, what=words.listed(found))


def _rows(key: str, before: Sequence[Figure], after: Sequence[Figure], words: Words) -> Iterator[str]:
    entry = catalogue().get(key)
    dims = entry.dims if entry else tuple(name for name in (*before, *after)[0] if name != "n")
    old, new = (_by_cell(rows, dims) for rows in (before, after))
    for cell in (*new, *(cell for cell in old if cell not in new)):
        was, now = old.get(cell), new.get(cell)
        if was != now:
            yield _row(was, now, dims, words)


def _by_cell(rows: Sequence[Figure], dims: Sequence[str]) -> Mapping[tuple[Any, ...], Figure]:
    """Rows by their dimensions; of several with the same each has a number behind them: a term can be changed twice."""
    seen, found = Counter[tuple[str, ...]](), dict[tuple[Any, ...], Figure]()
    for row in rows:
        cell = tuple(str(row.get(dim)) for dim in dims)
        found[(*cell, seen[cell])] = row
        seen[cell] += 1
    return found


def _row(was: Figure | None, now: Figure | None, dims: Sequence[str], words: Words) -> str:
    """What became of a row: of its number, or of the row itself and what stands beside its dimensions."""
    shown = now or was or {}
    name = ", ".join(words.dimension(dim, shown[dim]) for dim in dims if shown.get(dim) is not None)
    if "n" in shown:
        before, after = ((row or {}).get("n", 0) for row in (was, now))
        return words.say("named", name=name, said=words.instead(words.value(before), words.value(after)) + _delta(before, after))
    if was is None or now is None:
        beside = ", ".join(words.dimension(field, value) for field, value in shown.items() if field not in dims and value not in (None, []))
        return words.say("added" if was is None else "gone", what=f"{name} ({beside})" if beside else name)
    return words.say("named", name=name, said=", ".join(_fields(was, now, words)))


def _fields(was: Figure, now: Figure, words: Words) -> Iterator[str]:
    """What stands otherwise in a row than before."""
    for field in (each for each in now if now[each] != was.get(each)):
        before, after = (words.dimension(field, row.get(field)) for row in (was, now))
        yield f"{words.field(field)} {words.moved(before, after)}".strip()
