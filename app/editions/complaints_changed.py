"""Which complaints came into the ledger from one edition to another, which left it, and which are traced otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.editions.words import Change, Words

Shown = Mapping[str, Any]
_SAID = ("role", "form", "stages", "response")
_VOCABULARIES = {"role": "participant_role", "form": "complaint_form", "response": "court_response"}


def complaints_changed(earlier: Sequence[Shown], later: Sequence[Shown], words: Words) -> Iterator[Change]:
    """What is new in the ledger, what is gone, and what each complaint that stayed says otherwise."""
    before, after = ({each["participant"]: each for each in ledger} for ledger in (earlier, later))
    if added := sorted(after.keys() - before.keys()):
        yield Change("complaint_added", "complaints", None, added, _counted("complaint_added", added, words))
    if removed := sorted(before.keys() - after.keys()):
        yield Change("complaint_removed", "complaints", removed, None, _counted("complaint_removed", removed, words))
    for who in (each for each in after if each in before):
        old, new = ({name: side[who][name] for name in _SAID} for side in (before, after))
        if old != new:
            changes = "; ".join(_differences(old, new, words))
            yield Change("complaint_changed", who, old, new, words.say("complaint_changed", who=who, changes=changes))


def _counted(sentence: str, who: Sequence[str], words: Words) -> str:
    return words.counted(sentence, len(who), who=words.listed(who))


def _differences(old: Shown, new: Shown, words: Words) -> Iterator[str]:
    for name, vocabulary in _VOCABULARIES.items():
        if old[name] != new[name]:
            was, now = (_terms(side[name], vocabulary, words) for side in (old, new))
            yield words.say("named", name=words.say(name), said=words.moved(was, now))
    for stage in (*new["stages"], *(each for each in old["stages"] if each not in new["stages"])):
        was, now = (side["stages"].get(stage, "unknown") for side in (old, new))
        if was != now:
            name = words.term("complaint_trace_stage", stage).lower()
            yield words.say("named", name=name, said=words.moved(_answer(was, words), _answer(now, words)))


def _terms(value: Any, vocabulary: str, words: Words) -> str:
    codes = value if isinstance(value, list) else [value]
    return words.listed(words.term(vocabulary, each).lower() for each in codes)


def _answer(answer: str, words: Words) -> str:
    return words.say("contested_answer") if answer == "contested" else words.term("trace_status", answer).lower()
