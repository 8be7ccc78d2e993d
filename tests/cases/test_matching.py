"""Somebody is looked for by name and found by code, with a reason in words; nobody is merged by it."""

import pytest

from tests.support.named import Named
from tests.support.refusals import tables

pytestmark = pytest.mark.one_server

NAME = "Жүсіпов Сәкен"


@pytest.fixture
def named(running):
    return Named(running)


def test_candidates_come_by_code_the_likeliest_first(named):
    exact, brother, initial = named.somebody(NAME), named.somebody("Жүсіпов Дархан"), named.somebody("Zhusipov S.")
    similar, stranger = named.somebody("Жүсіпова Сәкен"), named.somebody("Ковригин Артемий")
    answer = named.match("Dzhusipov Saken").json()["candidates"]
    assert [each["code"] for each in answer] == [exact["code"], similar["code"], initial["code"]]
    assert [each["level"] for each in answer] == ["auto", "suggest", "suggest"]
    assert [each["score"] for each in answer] == sorted((each["score"] for each in answer), reverse=True)
    assert answer[0]["participant_id"] == exact["id"]
    assert set(answer[0]) == {"participant_id", "code", "score", "level", "reason"}
    assert {brother["code"], stranger["code"]}.isdisjoint(each["code"] for each in answer)


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "Same surname after transliteration; the initial agrees."),
        ("ru", "Та же фамилия с учётом транслитерации; инициал совпадает."),
        ("kk", "Транслитерацияны ескергенде тегі бірдей; атының бас әрпі сәйкес келеді."),
    ],
)
def test_the_reason_is_in_the_callers_language_and_names_nobody(named, language, reason):
    named.somebody(NAME)
    headers = {"Accept-Language": language}
    body = {"programme_id": named.programme.id, "name": "S. Zhusipov"}
    answer = named.server.post("/v1/participants/match", body, token=named.token, headers=headers)
    assert [each["reason"] for each in answer.json()["candidates"]] == [reason]


def test_a_question_about_one_case_stays_in_it(named):
    other = named.make("cases")
    here, there = named.somebody(NAME), named.somebody(NAME, case_id=other["id"])
    assert sorted(named.found(NAME)) == sorted([(here["code"], "auto"), (there["code"], "auto")])
    assert named.found(NAME, case_id=other["id"]) == [(there["code"], "auto")]


def test_any_of_several_names_will_do_and_gives_one_candidate(named):
    person = named.somebody("Ковригин Артемий", "Zhusipov Saken", "Жусупов Сакен")
    assert named.found(NAME) == [(person["code"], "auto")]


def test_whoever_was_merged_is_found_under_the_code_that_stands(named):
    person, same = named.somebody(NAME), named.somebody("Zhusipov Saken")
    unnamed = named.somebody()
    assert len(named.found(NAME)) == 2
    named.merge(person, same)
    assert named.found(NAME) == [(same["code"], "auto")]
    named.merge(same, unnamed)
    assert named.found(NAME) == [(unnamed["code"], "auto")]
    named.unmerge(same)
    named.unmerge(person)
    assert len(named.found(NAME)) == 2


def test_looking_changes_nothing_but_the_journal_and_who_was_shown_what(named):
    named.somebody(NAME)
    named.somebody("Zhusipov Saken")
    before = tables(named.server)
    assert {level for _, level in named.found(NAME)} == {"auto"}
    after = tables(named.server)
    assert {name for name in after if after[name] != before[name]} == {"journal", "disclosure", "disclosed_thing"}


def test_at_most_twenty_are_named(named):
    for _ in range(22):
        named.somebody(NAME)
    assert len(named.found(NAME)) == 20


def test_what_is_no_name_finds_nobody(named):
    named.somebody(NAME)
    assert named.found("12, ?") == []
