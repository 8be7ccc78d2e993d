"""What holds of any summary: arrival decides nothing, a repeat changes nothing, no language changes what is said, no text comes through."""

import json
import random
from dataclasses import fields, replace

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.labels import LANGUAGES
from app.summaries.programme_summary import programme_summary
from app.summaries.records import CaseRecords
from tests.support.case_records import FilingsFile, golden
from tests.support.reference import a_variant

SEEDS = (2, 5, 11)
SENTENCES = ("label", "text", "statement")


def files():
    return [golden(), *(FilingsFile(a_variant(seed)) for seed in SEEDS)]


def shuffled(records: CaseRecords, seed: int) -> CaseRecords:
    """The same records in another order of arrival; the order in which roles were entered is kept."""
    rng, parts = random.Random(seed), {}
    for each in fields(records):
        value = getattr(records, each.name)
        if isinstance(value, tuple):
            parts[each.name] = tuple(rng.sample(value, len(value)))
    return replace(records, **parts)


def wordless(value):
    if isinstance(value, dict):
        return {name: wordless(part) for name, part in value.items() if name not in SENTENCES}
    return [wordless(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("file", files())
def test_the_order_of_arrival_does_not_matter(file):
    for records in file.programme().cases:
        straight = case_summary(records, file.taxonomy, lang="ru")
        for seed in range(3):
            assert case_summary(shuffled(records, seed), file.taxonomy, lang="ru") == straight


@pytest.mark.parametrize("file", files())
def test_a_programme_is_the_same_whatever_the_order_of_its_cases(file):
    programme = file.programme()
    turned = replace(programme, cases=programme.cases[::-1], members=programme.members[::-1], notes=programme.notes[::-1])
    assert programme_summary(turned, file.taxonomy, lang="en") == programme_summary(programme, file.taxonomy, lang="en")


@pytest.mark.parametrize("file", files())
def test_a_repeated_filing_changes_nothing(file):
    for records in file.programme().cases:
        twice = replace(records, filings=records.filings + records.filings[::2])
        assert case_summary(twice, file.taxonomy, lang="en") == case_summary(records, file.taxonomy, lang="en")


@pytest.mark.parametrize("file", files())
def test_only_words_differ_between_languages(file):
    programme = file.programme()
    for fold, records in [(programme_summary, programme), *((case_summary, each) for each in programme.cases)]:
        english, *others = [fold(records, file.taxonomy, lang=lang) for lang in LANGUAGES]
        assert all(wordless(each) == wordless(english) for each in others)
        assert {each["computed"]["digest"] for each in others} == {english["computed"]["digest"]}
        assert all(each["figures"][0]["label"] != english["figures"][0]["label"] for each in others)


def test_a_digest_changes_with_the_facts_and_not_with_the_servers_ids():
    file = golden()
    records = file.case("T-a")
    digest = case_summary(records, file.taxonomy, lang="en")["computed"]["digest"]

    def changed(**parts):
        return case_summary(replace(records, **parts), file.taxonomy, lang="en")["computed"]["digest"] != digest

    assert not changed(id="another", revision=7)
    assert not changed(outcomes=tuple(replace(each, id=f"x-{each.id}") for each in records.outcomes))
    assert changed(filings=records.filings[1:])
    assert changed(defendants_stated=36)
    assert changed(notes=records.notes[1:])


@pytest.mark.parametrize("seed", [3, 7, 13])
def test_no_typed_text_comes_through(seed):
    file = FilingsFile(a_variant(seed, canaries=True))
    programme = file.programme()
    shown = json.dumps(
        [
            programme_summary(programme, file.taxonomy, lang="kk"),
            *(case_summary(each, file.taxonomy, lang="kk") for each in programme.cases),
        ],
        ensure_ascii=False,
    )
    assert file.raw["canaries"]
    assert [each["text"] for each in file.raw["canaries"] if each["text"] in shown] == []


def test_other_statuses_than_accepted_make_a_summary_provisional():
    file = golden()
    records = file.case("T-a")
    assert case_summary(records, file.taxonomy, lang="en")["provisional"] is False
    wider = case_summary(records, file.taxonomy, lang="en", statuses=("submitted", "accepted"))
    assert (wider["provisional"], wider["computed"]["statuses"]) == (True, ["accepted", "submitted"])
