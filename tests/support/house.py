"""The application as it describes itself, and the repository around it, for tests of the house."""

import importlib
import pkgutil
import re
from functools import cache
from pathlib import Path

import app
from app.kit import access
from app.kit.access import PolicedRoute

ROOT = Path(app.__file__).resolve().parent.parent


@cache
def import_everything():
    """Import every module of the program, so that whatever registers itself is there."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@cache
def described():
    """The application without a store."""
    from app.main import describe

    return describe()


@cache
def document():
    """The OpenAPI document."""
    return described().openapi()


def routes():
    """Every route of the API, with its policy."""
    return [route for route in access.walk(described().routes) if isinstance(route, PolicedRoute)]


def addresses():
    """Every route as `METHOD /path`, with the route."""
    return {f"{method} {route.path}": route for route in routes() for method in route.methods}


def rows(page, heading):
    """The rows of the table under a heading of a page in docs/, as lists of cells without back-quotes."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    _, found, below = text.partition(f"\n{heading}\n")
    assert found, f"docs/{page} has no heading {heading}"
    table = re.split(r"\n#+ ", below)[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines[2:]]
