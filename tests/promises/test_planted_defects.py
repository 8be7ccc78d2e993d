"""The list of planted defects is whole and up to date, and whoever plants them sees a test that notices nothing."""

import ast

import pytest

from tests.promises import planted_defects
from tests.promises.planted_defects import ROOT, Verdict
from tests.support.defects import DEFECTS, SAMPLE, Defect


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_can_still_be_planted_and_its_test_is_still_there(defect):
    kept = (ROOT / defect.file).read_text(encoding="utf-8")
    assert kept.count(defect.old) == 1
    ast.parse(kept.replace(defect.old, defect.new))
    file, _, name = defect.test.partition("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8")


def test_each_defect_is_another_one():
    assert len({each.name for each in DEFECTS}) == len({(each.file, each.new, each.test) for each in DEFECTS}) == len(DEFECTS)
    assert len(DEFECTS) >= 25


def test_some_defects_are_noticed_and_what_changes_nothing_is_not():
    harmless = Defect("a comment", "app/kit/clock.py", '"""The present moment, in UTC."""', '"""Now, in UTC."""', SAMPLE[0].test)
    told = []
    found = planted_defects.run((*SAMPLE, harmless), told.append)
    assert [(each.defect, each.is_noticed) for each in found] == [*((each.name, True) for each in SAMPLE), ("a comment", False)], told
    assert len(told) == len(found)


def test_one_that_is_not_noticed_fails_the_run(monkeypatch, capsys):
    missed = Verdict(DEFECTS[0].name, DEFECTS[0].test, is_noticed=False, seconds=0.1, said="1 passed")
    monkeypatch.setattr(planted_defects, "run", lambda defects: [missed])
    assert planted_defects.main([DEFECTS[0].name]) == 1
    assert "0 of 1 defects were noticed" in capsys.readouterr().out


def test_tests_that_fail_by_themselves_are_no_proof():
    broken = Defect("nothing", "app/kit/clock.py", "The present moment", "Now", "tests/kit/test_clock.py::test_that_is_not_there")
    with pytest.raises(RuntimeError, match="without any defect"):
        planted_defects.run([broken])


def test_a_defect_whose_text_is_gone_is_told(tmp_path):
    copy = planted_defects.Copy(tmp_path / "copy")
    gone = Defect("nothing", "app/kit/clock.py", "what never stood there", "", "")
    with pytest.raises(ValueError, match="0 times"), copy.with_defect(gone):
        pass
