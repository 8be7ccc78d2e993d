"""Two verifiers, the second written from the reference by somebody who had not seen the first, say the same of a thousand bundles."""

from collections import Counter

import pytest

from app.journal import verify
from tests.journal import second_verifier
from tests.support.bundles import a_book
from tests.support.mutations import mutants
from tests.support.tampering_stored import REWRITTEN, TAMPERINGS

COUNT, SEED = 1000, "P32"


def both(file, known):
    """What each says, without the sentences, which are its own."""
    first = verify.verify(str(file), [verify.remembered(each) for each in known])
    second = second_verifier.findings(file, known)
    lines = [line.split(" ", 4)[:4] if line.startswith("finding ") else line.split(" ") for line in verify.in_words(first)]
    others = [line.split(" ") for line in second.lines()]
    if first.code == second.exit == 2:
        lines, others = lines[0][:1], others[0][:1]
    assert second_verifier.verdict(file, known) == (second.exit, {(each.code, each.seq) for each in second.findings})
    return first, (verify.in_json(first), lines), (second.as_json(), others)


def test_both_say_the_same_of_a_thousand_bundles_that_were_meddled_with(tmp_path):
    file, codes, exits, differing = tmp_path / "bundle.zip", Counter(), Counter(), []
    for mutant in mutants(COUNT, SEED):
        file.write_bytes(mutant.content)
        verdict, first, second = both(file, mutant.known)
        if first != second:
            differing.append((mutant.name, first, second))
        exits[verdict.code] += 1
        codes.update({code for code, _, _ in verdict.findings})
    assert differing == []
    # What they agree on is worth something: every kind of finding occurs, and enough of the bundles can be read.
    assert set(codes) == set(verify.WORDS)
    assert min(exits[code] for code in (0, 1, 3)) > 20
    assert 300 < exits[1] < 600


@pytest.mark.parametrize("name", [*TAMPERINGS, *REWRITTEN])
def test_both_say_the_same_of_every_kind_of_tampering(tmp_path, name):
    change, _ = (TAMPERINGS | REWRITTEN)[name]
    file = change(a_book()).write(tmp_path / "bundle.zip")
    for known in ([], [a_book().known(size) for size in (5, 10, 18)]):
        _, first, second = both(file, known)
        assert first == second


def test_the_same_seed_makes_the_same_bundles():
    made = [[(each.name, each.content, each.known) for each in mutants(30, SEED)] for _ in range(2)]
    assert made[0] == made[1]
    assert len({content for _, content, _ in made[0]}) > 25
