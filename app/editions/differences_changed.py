"""Which disagreements of observers and which discrepancies came up from one edition to another, changed, and are no more."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from app.editions.words import Change, Words
from app.summaries.labels import label_in
from app.taxonomy.catalogue import Question

Shown = Mapping[str, Any]
_TOPIC = ("hearing", "kind", "what", "unit")


def disagreements_changed(earlier: Sequence[Shown], later: Sequence[Shown], words: Words) -> Iterator[Change]:
    """A change for each disagreement that appeared, vanished, or has other sides or another decision."""
    before, after = ({tuple(each[name] for name in _TOPIC): each for each in side} for side in (earlier, later))
    for topic in (*after, *(each for each in before if each not in after)):
        old, new = before.get(topic), after.get(topic)
        if old != new:
            yield _change(old, new, words)


def _change(old: Shown | None, new: Shown | None, words: Words) -> Change:
    shown = new or old or {}
    kind = "disagreement_" + ("appeared" if old is None else "vanished" if new is None else "changed")
    told = {"topic": _topic(shown, words), "values": _values(shown, words)}
    if old and new and _sides(old) == _sides(new):
        decision = new.get("decision")
        made = {"by": decision["by"], "value": _value(new, decision["value"], words)} if decision else {}
        sentence = words.say("disagreement_decided" if decision else "disagreement_undecided", **told, **made)
    else:
        sentence = words.say(kind, **told)
    return Change(kind, "/".join(shown[name] for name in _TOPIC), _told(old), _told(new), sentence)


def _told(shown: Shown | None) -> dict[str, Any] | None:
    return {name: shown[name] for name in ("values", "decision") if name in shown} if shown else None


def _sides(shown: Shown) -> list[str]:
    """The sides in an order that no decision changes."""
    return sorted(orjson.dumps(each, option=orjson.OPT_SORT_KEYS).decode() for each in shown["values"])


def _topic(shown: Shown, words: Words) -> str:
    where, unit = words.say("hearing", code=shown["hearing"]), shown["unit"]
    about = () if unit == shown["hearing"] else (words.say("case") if unit == "case" else words.say("participant", code=unit),)
    return ", ".join((where, *about, _name(shown, words)))


def _name(shown: Shown, words: Words) -> str:
    """What a disagreement is about: an indicator, a question of a form, a role, or what was counted."""
    if shown["kind"] == "mark":
        return words.indicator(shown["what"])
    if shown["kind"] == "count":
        return words.term("count_subject", shown["what"])
    asked = _question(shown, words)
    if asked is None:
        return words.say("role")
    form = words.taxonomy.forms[shown["what"].partition(".")[0]]
    return f"{label_in(form.labels, words.lang)}, {label_in(asked.labels, words.lang).lower()}"


def _question(shown: Shown, words: Words) -> Question | None:
    form, _, question = shown["what"].partition(".")
    return words.taxonomy.forms[form].questions.get(question) if form in words.taxonomy.forms else None


def _values(shown: Shown, words: Words) -> str:
    """Each side with who stands on it; an outcome row stands by itself."""
    told = ((_value(shown, each["value"], words), each["observers"]) for each in shown["values"])
    return " / ".join(f"{value} ({words.listed(observers) if observers else words.field('by_document')})" for value, observers in told)


def _value(shown: Shown, value: Any, words: Words) -> str:
    if isinstance(value, list):
        return words.listed(_value(shown, each, words) for each in value)
    if shown["kind"] in ("mark", "role"):
        return words.term({"mark": "observation_value", "role": "participant_role"}[shown["kind"]], value)
    asked = _question(shown, words)
    return words.term(asked.choices or "", value) if asked else words.value(value)


def discrepancies_changed(earlier: Sequence[Shown], later: Sequence[Shown], words: Words) -> Iterator[Change]:
    """A change for each discrepancy that appeared, vanished, or has other values than before."""
    before, after = (_other_than(side, beside) for side, beside in ((earlier, later), (later, earlier)))
    for about in (*after, *(each for each in before if each not in after)):
        old, new = before.get(about, []), after.get(about, [])
        if len(old) == len(new) == 1:
            yield _discrepancy("discrepancy_changed", old[0], new[0], words)
        else:
            yield from (_discrepancy("discrepancy_appeared", None, each, words) for each in new)
            yield from (_discrepancy("discrepancy_vanished", each, None, words) for each in old)


def _discrepancy(kind: str, old: Shown | None, new: Shown | None, words: Words) -> Change:
    shown = new or old or {}
    sentence = words.say(kind, statement=shown["statement"], before=old["statement"] if old else "")
    return Change(kind, f"{shown['check']} {shown['subject']}", old and old["values"], new and new["values"], sentence)


def _other_than(side: Sequence[Shown], beside: Sequence[Shown]) -> Mapping[tuple[str, str], list[Shown]]:
    """The discrepancies of one side that the other does not have with the same values, by check and subject."""
    there, found = {_key(each) for each in beside}, defaultdict[tuple[str, str], list[Shown]](list)
    for each in side:
        if _key(each) not in there:
            found[each["check"], each["subject"]].append(each)
    return found


def _key(discrepancy: Shown) -> bytes:
    return orjson.dumps([discrepancy[name] for name in ("check", "subject", "values")], option=orjson.OPT_SORT_KEYS)
