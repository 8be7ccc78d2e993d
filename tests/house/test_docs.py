"""The description of the API works without a network, and can be switched off."""

import re

import pytest

from app.docs import FILES
from tests.support.servers import Server


@pytest.fixture
def dialect():
    """One database is enough: none of this touches it."""
    return "sqlite"


def test_the_docs_page_names_no_other_host(server):
    page = server.get("/docs")
    assert page.status_code == 200
    assert re.findall(r"https?:|[\"'(]//", page.text) == []
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page.text)) == set(FILES)


def test_every_file_of_the_docs_page_is_served_from_here(server):
    for path, media_type in FILES.items():
        found = server.get(path)
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(media_type)
        assert len(found.content) > 500


def test_the_root_leads_nowhere(server):
    assert server.get("/").status_code == 404


def test_the_document_is_served_as_it_is_described(server):
    assert server.get("/openapi.json").json() == server.app.openapi()


def test_a_server_with_docs_off_shows_neither_page_nor_document(database_address, tmp_path):
    with Server(database_address, tmp_path, docs="off") as quiet:
        assert [quiet.get(path).status_code for path in ("/docs", "/openapi.json", *FILES)] == [404] * 5
        assert quiet.get("/healthz").status_code == 200
