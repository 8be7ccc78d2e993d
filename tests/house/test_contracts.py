"""The order of the house is checked, and each contract of `pyproject.toml` is seen to notice when it is broken."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.house import ROOT

CONTRACTS = {
    each["id"]: each for each in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
}

BREAKS = {
    "packages": ("journal/rules.py", "from app.cases import models"),
    "circles": ("kit/clock.py", "def late():\n    from app.kit import database"),
    "journal": ("journal/rules.py", "from app.journal import service"),
    "accounts": ("accounts/rules.py", "from app.accounts import service"),
    "taxonomy": ("taxonomy/catalogue.py", "from app.taxonomy import service"),
    "forms": ("forms/queries.py", "from app.forms import bootstrap"),
    "observations": ("observations/rules.py", "from app.observations import queries"),
    "kit": ("kit/errors.py", "from app.kit import wire"),
    "cases": ("cases/courts/service.py", "from app.cases.hearings import schemas"),
    "names": ("cases/names/letters.py", "from app.cases.names import likeness"),
    "cases-each": ("cases/notes/schemas.py", "from app.cases.notes import service"),
    "summaries": ("summaries/records.py", "from app.summaries import queries"),
    "aggregates": ("summaries/aggregates/measures.py", "from app.summaries.aggregates import rules"),
    "assessment": ("assessment/evidence.py", "from app.assessment import ratings"),
    "statistics": ("statistics/schemas.py", "from app.statistics import queries"),
    "evidence": ("evidence/rules.py", "from app.evidence import service"),
    "review": ("review/schemas.py", "from app.review import service"),
    "editions": ("editions/words.py", "from app.editions import difference"),
    "webform": ("webform/files.py", "from app.webform import routes"),
    "web": ("observations/service.py", "from starlette.requests import Request"),
    "pure": ("summaries/figures.py", "import sqlalchemy"),
    "queries-accounts": ("cases/queries.py", "from app.accounts import queries"),
    "queries-cases": ("observations/queries.py", "from app.cases import queries"),
    "queries-forms": ("main.py", "from app.forms import queries"),
    "queries-journal": ("accounts/service.py", "from app.journal import queries"),
    "queries-review": ("main.py", "from app.review import queries"),
    "queries-evidence": ("main.py", "from app.evidence import queries"),
    "queries-editions": ("main.py", "from app.editions import queries"),
    "queries-observations": ("main.py", "from app.observations import queries"),
    "queries-statistics": ("main.py", "from app.statistics import queries"),
    "queries-summaries": ("main.py", "from app.summaries import queries"),
    "tokens": ("accounts/callers.py", "from jose import jwt"),
    "cryptography": ("cases/courts/service.py", "from cryptography.hazmat.primitives import hashes"),
    "stores": ("evidence/sniffing.py", "from PIL import Image"),
    "workbooks": ("forms/xlsform.py", "import openpyxl"),
    "parsers": ("observations/routes.py", "import xml.etree.ElementTree"),
}


def lint(folder):
    """The names of the broken contracts, and everything that was said."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache", str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    return {line.removesuffix(" BROKEN").strip() for line in said.splitlines() if line.endswith(" BROKEN")}, done.returncode, said


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_house_stands():
    broken, code, said = lint(ROOT)
    assert (broken, code) == (set(), 0), said


def test_every_contract_is_broken_on_purpose_below():
    assert set(BREAKS) == set(CONTRACTS)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_contract_that_is_broken_is_reported(copy, name):
    path, line = BREAKS[name]
    file = copy / "app" / path
    kept = file.read_text(encoding="utf-8")
    file.write_text(f"{kept}\n{line}\n", encoding="utf-8")
    broken, code, said = lint(copy)
    file.write_text(kept, encoding="utf-8")
    assert CONTRACTS[name]["name"] in broken, said
    assert code == 1


@pytest.mark.parametrize(
    "path", ["drawer.py", "journal/drawer.py", "kit/drawer.py", "cases/drawer.py", "cases/courts/drawer.py", "summaries/drawer.py"]
)
def test_a_file_that_no_contract_knows_is_reported(copy, path):
    file = copy / "app" / path
    file.write_text('"""A drawer."""\n', encoding="utf-8")
    _, code, said = lint(copy)
    file.unlink()
    assert code == 1
    assert "drawer" in said
