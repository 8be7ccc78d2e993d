"""The slow second opinion under tests/reference: its modules by name, its files, and its random programmes."""

import importlib
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "reference"


def load_reference(module: str = "reference") -> ModuleType:
    """A module of the reference; they import each other by bare name, so their folder joins the path first."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    return importlib.import_module(module)


def load_file(name: str) -> Any:
    """A JSON file of the reference, read afresh so that a test may change it."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def _variant_text(seed: int, *, canaries: bool) -> str:
    filings, faults = load_reference("make_variant").variant(seed, canaries)
    load_reference().FAULTS.clear()
    assert faults == []
    return json.dumps(filings, ensure_ascii=False)


def a_variant(seed: int, *, canaries: bool = False) -> dict[str, Any]:
    """A random, valid filings file with its expectations; the same seed gives the same file."""
    filings: dict[str, Any] = json.loads(_variant_text(seed, canaries=canaries))
    return filings


def reference_forms() -> Any:
    """The reference's reading of the forms: `validate(body, refs)`, `marks(body, who, comprehension)`."""
    return load_reference().Forms(load_file("taxonomy.json"))
