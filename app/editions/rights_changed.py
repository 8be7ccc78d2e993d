"""Which ratings changed from one edition to another, and why: the rule, the incidents, how much was assessed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.editions.words import Change, Words

Shown = Mapping[str, Any]
_RATED = ("rating", "rating_low", "rating_high", "status", "rule", "confidence", "reason")
_COUNTED = ("incidents", "reported_concerns")
CONTESTED = "contested"


def rights_changed(earlier: Sequence[Shown], later: Sequence[Shown], words: Words) -> Iterator[Change]:
    """A change for each right that is rated otherwise than before, or for other reasons."""
    before = {each["right"]: each for each in earlier}
    for new in later:
        old = before.get(new["right"], {"rating": "not_observed", "rule": "", "confidence": new["confidence"], "assessed_units": 0})
        reasons = [*_rule(old, new, words), *_confidence(old, new, words), *_incidents(old, new, words)]
        if _rated(old) != _rated(new) or reasons:
            reasons += _assessed(old, new, words)
            yield Change("right", new["right"], _rated(old), _rated(new), _sentence(old, new, reasons, words))


def groups_changed(earlier: Sequence[Shown], later: Sequence[Shown], words: Words) -> Iterator[Change]:
    """A change for each group of rights with another rating than before."""
    before = {each["group"]: each["rating"] for each in earlier}
    for new in later:
        old = before.get(new["group"], "not_observed")
        if old != new["rating"]:
            moved = words.moved(words.quoted("rating", old), words.quoted("rating", new["rating"]))
            yield Change("group", new["group"], old, new["rating"], words.say("group_moved", label=new["label"], moved=moved))


def grade_changed(old: Shown, new: Shown, words: Words) -> Iterator[Change]:
    """The change of the grade, where there is one."""
    if _graded(old) != _graded(new):
        sentence = words.say("grade_moved", moved=words.moved(_grade(old, words), _grade(new, words)))
        yield Change("grade", "grade", _graded(old), _graded(new), sentence)


def _rated(right: Shown) -> dict[str, Any]:
    return {name: right[name] for name in _RATED if name in right}


def _sentence(old: Shown, new: Shown, reasons: Sequence[str], words: Words) -> str:
    before, after = _rating(old, words), _rating(new, words)
    if not reasons:
        return words.say("plain", name=new["label"], said=words.moved(before, after))
    sentence = "right_stayed" if before == after else "right_moved"
    return words.say(sentence, label=new["label"], before=before, after=after, why="; ".join(reasons))


def _rating(right: Shown, words: Words) -> str:
    if right["rating"] is not None:
        return words.quoted("rating", right["rating"])
    sides = {side: words.quoted("rating", right[f"rating_{side}"]) for side in ("low", "high")}
    return words.say(CONTESTED, **sides)


def _rule(old: Shown, new: Shown, words: Words) -> Iterator[str]:
    if old["rule"] == new["rule"]:
        return
    if new["rule"] == CONTESTED:
        yield words.say("rule_contested")
    elif old["rule"] == CONTESTED:
        yield words.say("rule_settled", after=new["rule"])
    else:
        yield words.say("rule_moved", before=old["rule"], after=new["rule"])


def _confidence(old: Shown, new: Shown, words: Words) -> Iterator[str]:
    if old["confidence"] != new["confidence"]:
        was, now = (words.term("rating_confidence", side["confidence"]).lower() for side in (old, new))
        yield words.say("confidence", moved=words.moved(was, now))


def _assessed(old: Shown, new: Shown, words: Words) -> Iterator[str]:
    if old["assessed_units"] != new["assessed_units"]:
        yield words.say("coverage_of_right", before=old["assessed_units"], after=new["assessed_units"])


def _incidents(old: Shown, new: Shown, words: Words) -> Iterator[str]:
    before, after = ({(each["indicator"], each["unit"]): each for name in _COUNTED for each in side.get(name, ())} for side in (old, new))
    for sentence, names in (("incidents_new", after.keys() - before.keys()), ("incidents_gone", before.keys() - after.keys())):
        if names:
            yield words.say(sentence, what="; ".join(_incident({**before, **after}[name], words) for name in sorted(names)))
    moved = [name for name in sorted(before.keys() & after.keys()) if _weight(before[name]) != _weight(after[name])]
    if moved:
        told = (words.moved(_incident(before[name], words), _weighed(after[name], words)) for name in moved)
        yield words.say("incidents_moved", what="; ".join(told))


def _weight(incident: Shown) -> tuple[str, bool]:
    return incident["level"], incident["contested"]


def _incident(incident: Shown, words: Words) -> str:
    known = words.taxonomy.indicators.get(incident["indicator"])
    unit = words.say(known.applies_to if known else "participant", code=incident["unit"])
    return f"{words.indicator(incident['indicator'])}, {unit} ({_weighed(incident, words)})"


def _weighed(incident: Shown, words: Words) -> str:
    level: str = incident["level"]
    return f"{level}, {words.say('contested_answer')}" if incident["contested"] else level


def _graded(grade: Shown) -> dict[str, Any]:
    return {name: grade[name] for name in ("value", "range", "rule", "status", "computed", "reason") if name in grade}


def _grade(grade: Shown, words: Words) -> str:
    status = words.say(grade["status"], rule=grade["rule"], by=grade.get("decision", {}).get("by"))
    return words.say("grade", grade=_letter(grade, words), status=status)


def _letter(grade: Shown, words: Words) -> str:
    """A letter of the scale stands for itself; what is no letter has a label."""
    if grade["value"] is None:
        best, worst = grade["range"]
        return words.say("range", best=best, worst=worst)
    value: str = grade["value"]
    return value if len(value) == 1 else words.term("grade", value).lower()
