"""The taxonomy as shipped: every version stays as it was, and its typed view holds what the file says."""

from dataclasses import FrozenInstanceError
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from app.taxonomy.catalogue import current, taxonomy_of, version, versions
from tests.support.reference import FOLDER, load_file

SHIPPED = {"1.1.0": "0814fd4cc83496042dc8fa5549e8e5761ef4d39a3d854299aafa91062f2c4f04"}


def test_no_version_ever_shipped_has_changed_or_gone():
    found = {
        each: sha256(files("app.taxonomy").joinpath("versions", f"taxonomy-{each}.json").read_bytes()).hexdigest() for each in versions()
    }
    assert found == SHIPPED


def test_the_newest_version_is_the_file_of_the_reference():
    shipped = Path(str(files("app.taxonomy"))) / "versions" / f"taxonomy-{current().version}.json"
    assert shipped.read_bytes() == (FOLDER / "taxonomy.json").read_bytes()


def test_a_version_is_found_by_its_number_and_no_other_text():
    assert version("1.1.0") is current()
    assert version("1.1") is None
    assert version("../versions/taxonomy-1.1.0") is None


def test_vocabularies_keep_their_order_and_what_they_say_of_terms():
    vocabularies = current().vocabularies
    assert list(vocabularies["tri_state"]) == ["yes", "no", "could_not_tell", "not_applicable"]
    assert vocabularies["verdict"]["convicted"].conviction is True
    assert vocabularies["observation_basis"]["seen"].class_ == "direct"
    assert vocabularies["comprehension"]["none"].assessable is False
    assert vocabularies["severity"]["4"].attributes["meaning"]


def test_everything_in_the_file_has_its_typed_counterpart():
    raw, taxonomy = load_file("taxonomy.json"), current()
    assert list(taxonomy.indicators) == [each["code"] for each in raw["indicators"]]
    assert list(taxonomy.rights) == [each["code"] for each in raw["rights"]]
    assert list(taxonomy.right_groups) == [each["code"] for each in raw["right_groups"]]
    assert {code: list(terms) for code, terms in taxonomy.vocabularies.items()} == {
        each["code"]: [term["code"] for term in each["terms"]] for each in raw["vocabularies"]
    }
    assert {code: list(form.questions) for code, form in taxonomy.forms.items()} == {
        each["code"]: [question["code"] for section in each["sections"] for question in section["questions"]] for each in raw["forms"]
    }


def test_a_question_has_its_own_sensitivity_or_the_forms():
    questions = current().forms["torture_complaint"].questions
    assert (questions["reprisal"].sensitivity, questions["reprisal"].own_sensitivity) == ("sealed", "sealed")
    assert (questions["methods"].sensitivity, questions["methods"].own_sensitivity) == ("restricted", None)


def test_nobody_can_change_the_taxonomy_in_passing():
    with pytest.raises(FrozenInstanceError):
        current().version = "2.0.0"
    with pytest.raises(TypeError):
        current().forms["hearing"] = None
    with pytest.raises(TypeError):
        current().indicators["counsel.no_lawyer_present"].labels["en"] = "x"


def test_a_pattern_means_the_whole_text_although_python_would_let_a_line_end_through():
    shape = current().forms["outcome"].questions["informant_ref"].constraint.shape
    assert shape.search("S-1")
    assert not shape.search("S-1\n")


def test_a_second_version_is_read_beside_the_first():
    raw = load_file("taxonomy.json")
    raw["meta"]["version"] = "1.2.0"
    assert taxonomy_of(raw).forms["outcome"].version == "1.2.0"
