"""The matcher against the reference table of names, against further spellings it was not built with, and against people who are others."""

import json
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.names.likeness import Given, Patronymic, Surname, alike, likeness
from app.cases.names.parts import readings_of
from tests.support.house import ROOT
from tests.support.romanised import SCHEMES, romanised

TABLE = json.loads((ROOT / "tests" / "reference" / "name_variants.json").read_text(encoding="utf-8"))
RANK = {"reject": 0, "suggest": 1, "auto": 2}
SURNAMES = (
    *("Сарыбаев", "Досмағамбетов", "Төребекова", "Жүсіпов", "Қалдыбеков", "Шаймерденов", "Әшімұлы", "Нұрғалиқызы", "Ыдырысов"),
    *("Құрманғазиева", "Бөкейханов", "Есімханов", "Мәмбетов", "Оразалин", "Тәжібай", "Юсупова", "Яхин", "Хамзин", "Жаңабергенов"),
)
GIVEN = (
    *("Айдос", "Бақыт", "Гүлнәр", "Ғазиз", "Дархан", "Еркебұлан", "Жұлдыз", "Зарина", "Ілияс", "Қуат", "Ләззат", "Мәдина"),
    *("Нұрсұлтан", "Өмірбек", "Рәмила", "Сәкен", "Тимур", "Ұлжан", "Фатима", "Хадиша", "Шолпан", "Юлия", "Ярослав", "Ысқақ"),
)
RUSSIAN = ("Щукин Артём", "Цветкова Инна", "Журавлёв Пётр", "Чернышевский Яков", "Эйхман Юрий", "Подьячева Ольга")
CLEAR = [scheme for scheme in SCHEMES if scheme != "German"]
"""Schemes in which no two sounds are written alike: German sch is ж and ш, and s is з and с."""
people = st.builds("{} {}".format, st.sampled_from(SURNAMES), st.sampled_from(GIVEN))


def level(one, other):
    found = likeness(one, other)
    return found.level if found else "reject"


def spellings(name):
    return [name["canonical"], name["russian_spelling"], *(each["text"] for each in name["variants"])]


@pytest.mark.parametrize("name", TABLE["names"], ids=lambda name: name["id"])
def test_every_spelling_in_the_table_is_found(name):
    reached = {each["text"]: level(name["canonical"], each["text"]) for each in name["variants"]}
    assert [
        (text, found)
        for text, found in reached.items()
        for each in name["variants"]
        if each["text"] == text and RANK[found] < RANK[each["min_expected"]]
    ] == []


@pytest.mark.parametrize("pair", TABLE["hard_negatives"], ids=lambda pair: pair["id"])
def test_no_hard_negative_goes_beyond_what_is_allowed(pair):
    assert RANK[level(pair["a"], pair["b"])] <= RANK[pair["max_expected"]]
    assert level(pair["a"], pair["b"]) != "auto"


def test_the_table_is_as_large_as_it_says():
    assert (len(TABLE["names"]), len(TABLE["hard_negatives"])) == (40, 40)
    assert sum(len(each["variants"]) for each in TABLE["names"]) == 207


def test_no_spelling_of_one_person_is_taken_for_another_person():
    read = [[readings_of(text) for text in spellings(name)] for name in TABLE["names"]]
    pairs = [alike(a, b) for one, other in combinations(read, 2) for a, b in product(one, other)]
    assert len(pairs) > 40_000
    assert [each for each in pairs if each is not None] == []


@given(people, st.sampled_from(CLEAR))
def test_a_name_in_any_scheme_is_the_same_name(name, scheme):
    written = romanised(name, scheme)
    if written is not None:
        assert level(name, written) == "auto", written


@given(people, st.sampled_from(sorted(SCHEMES)), st.sampled_from(sorted(SCHEMES)))
def test_two_schemes_are_brought_together(name, one, other):
    first, second = romanised(name, one), romanised(name, other)
    if first is not None and second is not None:
        assert RANK[level(first, second)] >= RANK["suggest" if "German" in (one, other) else "auto"], (first, second)


@pytest.mark.parametrize("scheme", ["BGN/PCGN", "ISO_9", "passport", "press"])
@pytest.mark.parametrize("name", RUSSIAN)
def test_a_russian_name_in_any_scheme_is_found(name, scheme):
    assert level(name, romanised(name, scheme)) == "auto", romanised(name, scheme)


@given(people, people)
def test_different_people_are_never_one_without_asking(one, other):
    assert (level(one, other) == "auto") == (one == other)


@given(people, people, st.sampled_from(sorted(SCHEMES)))
def test_likeness_is_the_same_in_both_directions(one, other, scheme):
    written = romanised(other, scheme) or other
    there, back = likeness(one, written), likeness(written, one)
    assert (there and (there.level, there.score)) == (back and (back.level, back.score))


@given(people)
def test_order_of_words_capitals_and_blanks_do_not_matter(name):
    surname, given_name = name.split()
    for written in (f"{given_name} {surname}", f"  {surname.upper()},  {given_name.lower()} ", f"{surname}\u00a0{given_name}"):
        assert level(name, written) == "auto"


@given(people, st.sampled_from(CLEAR))
def test_an_initial_is_asked_about_and_never_enough(name, scheme):
    written = romanised(name, scheme)
    if written is not None:
        surname, given_name = written.split()
        letters = given_name[:1]
        for short in (f"{surname} {letters}.", f"{letters}. {surname}", f"{surname} {letters}"):
            assert level(name, short) == "suggest", short


@pytest.mark.parametrize(
    ("one", "other", "surname", "given_name", "patronymic"),
    [
        ("Ковригин Артемий Львович", "Kovrigin Artemiy Lvovich", Surname.SAME, Given.SAME, Patronymic.SAME),
        ("Ковригин Артемий Львович", "Ковригин Артемий", Surname.SAME, Given.SAME, Patronymic.ONE_SIDE),
        ("Ковригин Артемий Львович", "Artemiy Petrovich Kovrigin", Surname.SAME, Given.SAME, Patronymic.OTHER),
        ("Ковригина Анна", "Ковригин А.", Surname.GENDER, Given.INITIAL, Patronymic.NONE),
        ("Жүсіпов Сәкен", "Жүсіп Сәкен", Surname.ENDING, Given.SAME, Patronymic.NONE),
        ("Жүсіпов Сәкен", "Жүсіпов Б.", Surname.SAME, Given.OTHER_INITIAL, Patronymic.NONE),
        ("Жүсіпов Сәкен", "Жүсіпов", Surname.SAME, Given.ABSENT, Patronymic.NONE),
        ("Төребекова Мәдина", "Torebkeova Madina", Surname.SIMILAR, Given.SAME, Patronymic.NONE),
        ("Төребекова Мәдина", "Төребекова Мәдния", Surname.SAME, Given.SIMILAR, Patronymic.NONE),
        ("Бөкей ұлы Сәкен", "Bokeiuly Saken", Surname.SAME, Given.SAME, Patronymic.NONE),
    ],
)
def test_what_is_alike_is_told_apart(one, other, surname, given_name, patronymic):
    found = likeness(one, other)
    assert (found.surname, found.given, found.patronymic) == (surname, given_name, patronymic)
    whole = (surname, given_name) == (Surname.SAME, Given.SAME) and patronymic in (Patronymic.NONE, Patronymic.SAME)
    assert (found.level == "auto", found.score >= 90) == (whole, whole)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ковригин Артемий Львович", "Ковригин Борис Львович"),
        ("Жүсіпов Сәкен", "Жүсіпов Дархан"),
        ("Алимова Алма", "Каримова Алма"),
        ("Жүсіпов Сәкен", "Сәкенов Жүсіп"),
        ("", "Жүсіпов Сәкен"),
        ("12 // ?", "12 // ?"),
        ("ьъ", "ъь"),
    ],
)
def test_nobody_is_asked_about_people_who_are_not_alike(one, other):
    assert likeness(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"), [("Алиева Салима", "Алиева Салма"), ("Алиев Мурат", "Алиев Марат"), ("Алиева Айнур", "Алиева Айнура")]
)
def test_short_names_that_differ_by_a_sound_are_asked_about_at_most(one, other):
    assert level(one, other) != "auto"


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_somebody_types_is_compared(one, other):
    found = likeness(one, other)
    assert found is None or 0 < found.score <= 100
