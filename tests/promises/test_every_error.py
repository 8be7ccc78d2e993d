"""Every kind of problem once, with names, passwords, tokens and narratives in every place that a request has: none of it comes out.

What was logged and answered meanwhile is searched after each test, as everywhere (`tests/support/leaks.py`). A new kind of problem fails
here until somebody provokes it.
"""

import json

import pytest

from app.kit.errors import CATALOGUE
from tests.support.databases import DIALECTS
from tests.support.leaks import MARK, STORY
from tests.support.people import PASSWORD
from tests.support.provocations import ALIASES, PATCHED, PROVOKED, House
from tests.support.servers import Server


@pytest.fixture(scope="module", params=DIALECTS)
def house(request, tmp_path_factory):
    """One of everything on each database, kept for the module."""
    templates = request.getfixturevalue(f"{request.param}_templates")
    address = templates.fresh()
    with Server(address, tmp_path_factory.mktemp("house")) as running:
        yield House(running, templates)
    templates.drop(address)


def test_every_kind_of_problem_is_provoked():
    assert set(PROVOKED) == set(CATALOGUE.kinds)


@pytest.mark.parametrize("code", sorted(PROVOKED))
def test_a_problem_tells_nothing_of_what_was_sent(house, code, monkeypatch):
    provoke = PROVOKED[code]
    answer = provoke(house, monkeypatch) if code in PATCHED else provoke(house)
    shown = answer.json()
    assert shown["code"] in ALIASES.get(code, {code}), shown
    assert answer.status_code == (422 if code in ALIASES else CATALOGUE.kinds[code].status)
    body = json.dumps(shown, ensure_ascii=False)
    assert [planted for planted in (MARK, "Амберова", STORY, PASSWORD) if planted in body.casefold() + body] == []
