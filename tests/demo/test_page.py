"""The page alone, of the golden trial and of random ones, in every language."""

import re
from copy import deepcopy
from dataclasses import replace

import pytest

from app.demo.findings import figures_of
from app.demo.words import Words
from app.kit import i18n
from tests.support.case_records import FilingsFile, golden
from tests.support.findings import findings_of, printed
from tests.support.house import ROOT
from tests.support.official import answer, body_of
from tests.support.reference import a_variant

SEEDS = range(1, 7)
LANGUAGES = i18n.LANGUAGES
ADDRESS = re.compile(r"GET /v1/\S+")


def lines_of(page):
    return [" ".join(line.split()) for line in page.splitlines()]


def with_figure(findings, key, **changes):
    """The same findings with one figure of each told case changed."""
    told = {}
    for code, each in findings.told.items():
        summary = deepcopy(each.summary)
        figures_of(summary)[key].update(changes)
        told[code] = replace(each, summary=summary)
    return replace(findings, told=told)


def test_the_first_screen_says_what_was_not_seen_before_any_number():
    first = lines_of(printed(findings_of(golden())))[:32]
    assert "· 9 of 13 known hearings were observed; what happened at the others is not known." in first
    assert "· Not observed: H-a03 (2012-04-09), H-a07 (2012-04-23), H-a11 (2012-05-17), H-a13 (2012-08-16)." in first
    assert "Persons who complained of torture at least 37" in first
    assert first.index("Persons who complained of torture at least 37") > first.index(
        "· 9 of 13 known hearings were observed; what happened at the others is not known."
    )


@pytest.mark.parametrize(
    "line",
    [
        "4 Mentioned in the judgment 4 16 17 ██░░░░░░░░░░··········",
        "2 Filming of video monitors banned H-a04 (2012-04-12) unknown",
        "Retracting witnesses, as stated: unknown",
        "released + still held = custodial sentences 13 13 yes",
        "by role Witness: 1 Witness: 3",
        "H-a10 (2012-05-10) Complaints heard from defendants not 6: OBS4",
        "· OBS3, H-a04 (2012-04-12): Complaints heard from defendants known by code: 0",
        "· Released. Released: 9; Sentences commuted: 7; Custodial sentences: 13.",
        "Role differs between sources (6)",
        "Persons who complained of torture: at least 37",
        "stands on observations: 39",
        "T-d not at all 3 0 no",
    ],
)
def test_the_page_holds_what_a_coordinator_asks_for(line):
    page = lines_of(printed(findings_of(golden())))
    assert any(each.startswith(line) for each in page), line


def test_every_complainant_stands_in_the_ledger():
    findings = findings_of(golden())
    page = printed(findings)
    for told in findings.told.values():
        assert all(each["participant"] in page for each in told.summary["complaints"]["ledger"])


def test_every_discrepancy_stands_on_the_page_whole():
    findings = findings_of(golden())
    page = " ".join(printed(findings, width=2000).split())
    statements = [each["statement"].partition(": ")[2] for told in findings.told.values() for each in told.summary["discrepancies"]]
    assert len(statements) == 22
    assert [each for each in statements if each not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_a_page_of_any_trial_has_no_codes_and_no_holes(seed, language):
    file = golden() if seed is None else FilingsFile(a_variant(seed))
    page = ADDRESS.sub("", printed(findings_of(file, language)))
    assert re.findall(r"\b(None|null|True|False|nan)\b|demo\.|\{|\}", page) == []
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_official_statistics_stand_beside_what_was_observed_with_everything_that_does_not_follow(language):
    statistics = answer(body_of(golden().raw), golden().raw, language)
    page = lines_of(printed(findings_of(golden(), language, statistics), width=2000))
    title = i18n.text("demo.statistics", language)
    (start,) = [place for place, line in enumerate(page) if line.startswith(title)]
    section = page[start : next(place for place, line in enumerate(page) if line.startswith(i18n.text("demo.cases", language)))]
    minimum = i18n.text("demo.at_least", language, n=18)
    assert [line for line in section if line.startswith("2012 table2") and line.endswith(f"30 {minimum}")]
    said = [each["statement"].partition(": ")[2] for each in statistics["discrepancies"]]
    assert [each for each in said if f"· {each}" not in section] == []
    assert not any(line.startswith(("2010 ", "2011 ", "2013 ")) for line in section)
    assert not any(line.startswith(title) for line in lines_of(printed(findings_of(golden(), language))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["outcomes.convicted", "outcomes.acquitted", "complaints.total", "complaints.defendants_share"])
def test_what_is_not_known_is_called_so_and_never_printed_as_a_number(key, language):
    findings = with_figure(findings_of(golden(), language), key, value=None, at_least=False)
    label = figures_of(next(iter(findings.told.values())).summary)[key]["label"]
    unknown = i18n.text("demo.unknown", language)
    assert f"{label} {unknown}" in lines_of(printed(findings))


def with_rights(findings, rights):
    """The same findings with other rights in each told case."""
    return replace(findings, told={code: replace(each, summary={**each.summary, "rights": rights}) for code, each in findings.told.items()})


def test_a_right_that_nobody_could_see_has_no_rating_on_the_page():
    rated = {"label": "Counsel of choice", "rating": "not_respected", "status": "firm", "confidence": "high", "unit_coverage": "3/13"}
    unseen = {"label": "Public hearing", "rating": "not_observed", "status": "firm", "confidence": "low", "unit_coverage": "0/13"}
    page = lines_of(printed(with_rights(findings_of(golden()), [rated, unseen])))
    assert "Counsel of choice Not respected Firm High 3 / 13" in page
    assert "Not observed, so not rated: Public hearing." in page


def test_an_unknown_order_is_not_a_place_in_it():
    findings = findings_of(golden())
    assert "unknown Seats filled with unrelated persons H-a01 (2012-04-02) unknown" in " ".join(printed(findings, width=300).split())


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_screen(width):
    page = ADDRESS.sub("", printed(findings_of(golden(), "ru"), width))
    assert max(map(len, page.splitlines())) <= width


def test_what_goes_into_a_file_has_no_blanks_at_the_ends_of_lines():
    assert [line for line in printed(findings_of(golden())).splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("kind", "value", "at_least", "said"),
    [
        ("count", None, True, "unknown"),
        ("count", 0, False, "0"),
        ("count", 3, True, "at least 3"),
        ("share", {"part": 1, "whole": 3, "percent": "33.3"}, True, "at least 1 of 3 (33.3 %)"),
        ("boolean", None, False, "unknown"),
        ("boolean", False, False, "no"),
        ("participants", [], False, "none"),
        ("table", [{"role": "witness", "n": None}], True, "witness: unknown"),
        ("table", [{"role": "unknown", "anonymous": True, "n": 2}], False, "unknown, anonymous: 2"),
    ],
)
def test_a_value_is_said_in_words(kind, value, at_least, said):
    words = Words("en", {"vocabularies": [], "indicators": [], "forms": []})
    assert words.value(kind, value, at_least=at_least) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_page_is_there_in_every_language_with_the_same_places(language):
    english, other = i18n.catalogue("en"), i18n.catalogue(language)
    ours = [key for key in english if key.startswith("demo.")]
    assert sorted(key for key in other if key.startswith("demo.")) == sorted(ours)
    for key in ours:
        assert sorted(re.findall(r"\{\w+\}", other[key])) == sorted(re.findall(r"\{\w+\}", english[key])), key


def test_the_readme_shows_the_page_as_it_is():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = re.search(r"```text\n(.*?)```", readme, re.DOTALL)[1].strip("\n").splitlines()
    page = printed(findings_of(golden())).splitlines()
    start = page.index(excerpt[0])
    assert page[start : start + len(excerpt)] == excerpt
