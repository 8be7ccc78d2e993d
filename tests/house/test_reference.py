"""The reference tells of every route, every role and every setting, and of nothing that is not there."""

import re
from typing import get_args

import pytest

from app.accounts.schemas import ClientScope
from app.kit.access import ANY_CLIENT, CLIENT_SCOPES, ROLES
from app.openapi import SCHEMES
from app.settings import Settings
from tests.support.house import ROOT, addresses, rows

HEADINGS = {"## Ways in": lambda address: not address.startswith("GET "), "## Ways out": lambda address: address.startswith("GET ")}
BEYOND = {"public": "anybody", "signed_in": "anybody signed in", "operators": "operator"}


def admitted(policy):
    """Who may call a route, in the order of the columns of roles.md."""
    if policy.is_public:
        return [True] * 7
    if policy.for_operators:
        return [False] * 6 + [True]
    if not policy.roles:
        return [False] + [True] * 6
    return [False, *(role in policy.roles for role in ROLES), policy.with_operators]


def named(policy):
    """The roles of a policy, as ways.md names them."""
    return ", ".join([*sorted(policy.roles, key=ROLES.index), *(["operator"] if policy.with_operators else [])])


@pytest.mark.parametrize("heading", HEADINGS)
def test_ways_lists_every_route_with_who_may_take_it_and_what_it_carries(heading):
    expected = {
        address: BEYOND.get(route.policy.name) or named(route.policy)
        for address, route in addresses().items()
        if HEADINGS[heading](address)
    }
    listed = {address: who for address, who, _ in rows("reference/ways.md", heading)}
    assert listed == expected
    assert [address for address, _, carried in rows("reference/ways.md", heading) if len(carried) < 2] == []


def test_roles_says_of_every_route_who_may_call_it():
    listed = {address: [cell == "yes" for cell in cells[:-1]] for address, *cells in rows("reference/roles.md", "## Who may call what")}
    assert listed == {address: admitted(route.policy) for address, route in addresses().items()}


def opened(policy):
    """What opens a route to a service client, as the last column of roles.md says it."""
    return "yes" if policy.is_public or policy.for_clients == ANY_CLIENT else policy.for_clients or "-"


def test_roles_says_of_every_route_what_opens_it_to_a_service_client():
    listed = {address: scope for address, *_, scope in rows("reference/roles.md", "## Who may call what")}
    assert listed == {address: opened(route.policy) for address, route in addresses().items()}


def test_every_scope_of_a_service_client_opens_something_and_is_explained():
    opening = {route.policy.for_clients for route in addresses().values()} - {None, ANY_CLIENT}
    explained = {scope for scope, _ in rows("how-to/connect-another-system.md", "## What scopes open")}
    assert opening == explained == set(CLIENT_SCOPES) == set(get_args(ClientScope))
    assert set(SCHEMES["client"]["flows"]["clientCredentials"]["scopes"]) == opening


def test_no_scope_of_a_service_client_opens_what_writes_or_what_tells_who_is_who():
    opened_to_clients = {address for address, route in addresses().items() if route.policy.for_clients is not None}
    assert {address.partition(" ")[0] for address in opened_to_clients} == {"GET"}
    closed = ("members", "identity", "assignments", "clients", "/me", "notes")
    assert [address for address in opened_to_clients if any(word in address for word in closed)] == []


def test_every_role_is_explained():
    page = (ROOT / "docs" / "reference" / "roles.md").read_text(encoding="utf-8")
    assert [role for role in (*ROLES, "operator") if f"| {role} |" not in page] == []


def test_settings_lists_every_setting():
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `HEARSIGHT_([A-Z_]+)`", page, re.MULTILINE))
    assert listed == {name.upper() for name in Settings.model_fields}


def test_every_link_between_pages_leads_somewhere():
    pages = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
    assert len(pages) > 10
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


def test_every_page_is_reached_from_its_index():
    for page in ROOT.glob("docs/*/*.md"):
        if page.name != "index.md":
            assert f"({page.name})" in (page.parent / "index.md").read_text(encoding="utf-8"), page.name


def test_navigating_the_code_names_every_package_and_every_wiring_file():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = page.partition("| package | the thing |")[2].partition("\n\n")[0]
    packages = [f"{file.parent.name}/" for file in (ROOT / "app").glob("*/__init__.py")]
    files = [file.name for file in (ROOT / "app").glob("*.py") if file.name != "__init__.py"]
    assert [name for name in (*packages, *files) if f"`{name}`" not in table] == []
