"""What changed from one edition to another, the weightiest first. Whatever the digests tell apart is told here, if only by its part."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.editions.complaints_changed import complaints_changed
from app.editions.differences_changed import disagreements_changed, discrepancies_changed
from app.editions.figures_changed import figures_changed, members_changed
from app.editions.rights_changed import grade_changed, groups_changed, rights_changed
from app.editions.words import Change, Words
from app.summaries.digest import said
from app.taxonomy.catalogue import current, version

Content = Mapping[str, Any]
_PART_OF = {"complaint": "complaints", "figure": "figures", "right": "rights", "group": "groups", "grade": "grade"}


def difference(earlier: Content, later: Content, *, roots: Mapping[str, str], lang: str) -> dict[str, Any]:
    """The answer of `GET …/editions/{n}/difference`, JSON-ready. Both are editions in that language as they are given.

    `roots` names for each observation the first of its chain of corrections.
    """
    words = Words(version(later["edition"]["taxonomy_version"]) or current(), lang)
    changes = [*_changes(earlier, later, words), *_observations(earlier["observations"], later["observations"], roots, words)]
    return {
        "case_id": later["edition"]["case_id"],
        "earlier": earlier["edition"],
        "later": later["edition"],
        "changes": [each._asdict() for each in changes],
        "sentences": [each.sentence for each in changes],
    }


def _changes(earlier: Content, later: Content, words: Words) -> Iterator[Change]:
    told = list(_in_words(earlier["summary"], later["summary"], words))
    yield from told
    known = {_part_of(each) for each in told}
    old, new = said(earlier["summary"]), said(later["summary"])
    for name in (each for each in new if each not in known and old.get(each) != new[each]):
        yield Change("part", name, None, None, words.say("part", part=words.part(name)))


def _part_of(change: Change) -> str:
    """The part of a summary that a change is about."""
    if change.kind == "part":
        return change.what
    stem = change.kind.partition("_")[0]
    return {"disagreement": "disagreements", "discrepancy": "discrepancies"}.get(stem) or _PART_OF.get(stem, stem)


def _in_words(old: Content, new: Content, words: Words) -> Iterator[Change]:
    """The changes that have sentences of their own."""
    yield from complaints_changed(old["complaints"]["ledger"], new["complaints"]["ledger"], words)
    yield from rights_changed(old["rights"], new["rights"], words)
    yield from groups_changed(old["groups"], new["groups"], words)
    yield from grade_changed(old["grade"], new["grade"], words)
    yield from figures_changed(old["figures"], new["figures"], words)
    yield from disagreements_changed(old["disagreements"], new["disagreements"], words)
    yield from discrepancies_changed(old["discrepancies"], new["discrepancies"], words)
    yield from _coverage(old["coverage"]["statements"], new["coverage"]["statements"], words)
    yield from _caveats(old["caveats"], new["caveats"], words)
    yield from _taxonomy(old["computed"]["taxonomy_version"], new["computed"]["taxonomy_version"], words)


def _coverage(old: Sequence[Content], new: Sequence[Content], words: Words) -> Iterator[Change]:
    """What has to be said beside the numbers, and has not any more: the statements are sentences already."""
    before, after = ([{name: each[name] for name in ("id", "numbers")} for each in side] for side in (old, new))
    for kind, some, others in (("coverage_now", new, before), ("coverage_gone", old, after)):
        for each in some:
            told = {name: each[name] for name in ("id", "numbers")}
            if told not in others and (some is new or each["id"] not in {other["id"] for other in others}):
                was, now = (None, told) if some is new else (told, None)
                yield Change("part", "coverage", was, now, words.say(kind, text=each["text"]))


def _caveats(old: Sequence[Content], new: Sequence[Content], words: Words) -> Iterator[Change]:
    before, after = ([each["caveat"] for each in side] for side in (old, new))
    was, now = ([words.term("coverage_caveat", each) for each in side] for side in (before, after))
    if told := "; ".join(members_changed(was, now, words)):
        yield Change("part", "caveats", before, after, words.say("plain", name=_capital(words.part("caveats")), said=told))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _taxonomy(old: str, new: str, words: Words) -> Iterator[Change]:
    if old != new:
        yield Change("taxonomy", "taxonomy", old, new, words.say("taxonomy", before=old, after=new))


def _observations(old: Sequence[str], new: Sequence[str], roots: Mapping[str, str], words: Words) -> Iterator[Change]:
    """Observations that came, that went, and that went because a correction of theirs came."""
    removed = {roots[each]: each for each in old if each not in set(new)}
    added = {roots[each]: each for each in new if each not in set(old)}
    corrected = sorted(removed.keys() & added.keys())
    found = {
        "observation_added": (None, sorted(added[each] for each in added.keys() - removed.keys())),
        "observation_removed": (sorted(removed[each] for each in removed.keys() - added.keys()), None),
        "observation_superseded": ([removed[each] for each in corrected], [added[each] for each in corrected]),
    }
    for kind, (before, after) in found.items():
        if before or after:
            yield Change(kind, "observations", before, after, words.say(kind, n=len(before or after or ())))
