"""What the golden filings and random ones add up to, compared with what the reference expects, item by item."""

from functools import cache
from typing import Any

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.programme_summary import programme_summary
from tests.support.case_records import FilingsFile, golden
from tests.support.expectations import COMPARISONS
from tests.support.reference import a_variant

SEEDS = range(1, 41)


@cache
def the_file(seed: int | None) -> FilingsFile:
    return golden() if seed is None else FilingsFile(a_variant(seed))


@cache
def summaries_of(seed: int | None) -> dict[str, dict[str, Any]]:
    file = the_file(seed)
    programme = file.programme()
    cases = {f"case:{each.code}": case_summary(each, file.taxonomy, lang="en") for each in programme.cases}
    return {"programme": programme_summary(programme, file.taxonomy, lang="en"), **cases}


@pytest.mark.parametrize("seed", [None, *SEEDS], ids=lambda seed: "golden" if seed is None else f"seed-{seed}")
@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda compare: compare.__name__)
def test_summaries_say_what_is_expected_of_them(compare, seed):
    given, wanted = compare(the_file(seed).raw, summaries_of(seed))
    assert given == wanted


def test_the_variants_hold_what_the_comparison_is_about():
    """A comparison with nothing on both sides would prove nothing."""
    expects = [a_variant(seed)["expect"] for seed in SEEDS]
    for what in ("discrepancies", "disagreements", "not_assessable"):
        assert sum(len(each[what]) for each in expects) > 20
    assert any("readings" in figure for each in expects for figure in each["figures"])
