"""Forms that come as a workbook: read into the same drafts, and every fault at its cell."""

import io
import zipfile

import pytest

from app.forms import expressions
from app.forms.definition import FormWritten
from app.forms.xlsform import form_of
from app.kit.errors import Problem
from app.taxonomy.catalogue import current
from tests.support.own_forms import Desk, filled, written
from tests.support.people import a_member, a_programme
from tests.support.refusals import nothing_written, told
from tests.support.trial import a_trial
from tests.support.workbooks import CHOICES, SETTINGS, SURVEY, XLSX, a_workbook, tampered, with_cell

pytestmark = pytest.mark.one_server


def faults_of(content):
    with pytest.raises(Problem) as caught:
        form_of(content, current())
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def survey_with(**cells):
    sheet = SURVEY
    for place, value in cells.items():
        sheet = with_cell(sheet, place, value)
    return a_workbook(survey=sheet)


def test_a_workbook_becomes_the_form_that_it_describes():
    assert form_of(a_workbook(), current()).form == written()


def test_what_stands_outside_groups_and_in_one_plain_language_is_a_form_too():
    survey = [["type", "name", "label", "hint"], ["integer", "benches", "Орындықтар", "Қанша?"]]
    settings = [
        ["form_title", "form_id", "default_language", "default_sensitivity", "max_minutes"],
        ["Сот", "x_a", "Қазақша (kk)", "sealed", 7],
    ]
    form = form_of(a_workbook(survey=survey, choices=None, settings=settings), current()).form
    question = {"code": "benches", "type": "integer", "label": {"kk": "Орындықтар"}, "help": {"kk": "Қанша?"}}
    section = {"code": "part_1", "label": {"kk": "Сот"}, "questions": [question]}
    body = {"code": "x_a", "label": {"kk": "Сот"}, "max_minutes": 7, "default_sensitivity": "sealed", "sections": [section]}
    assert form == FormWritten.model_validate(body)


def test_a_group_is_asked_only_when_its_condition_holds():
    survey = with_cell(SURVEY, "A10", "end_group")
    survey[9:] = [["end_group"], ["begin_group", "more", "More", *[None] * 3, "${basis} = 'seen'"], ["integer", "a", "A"]]
    survey += [["integer", "b", "B", *[None] * 3, "${basis} != ''"], ["end_group"]]
    form = form_of(a_workbook(survey=survey), current()).form
    first, second = (question.relevant.model_dump(exclude_none=True) for question in form.sections[1].questions)
    of_group = {"q": "basis", "op": "eq", "value": "seen"}
    assert (first, second) == (of_group, {"all": [of_group, {"q": "basis", "op": "answered"}]})


def test_a_question_for_a_picture_asks_for_files():
    content = survey_with(A9="image", F9="yes", H9="count-selected(.) >= 2")
    (question,) = (each for each in form_of(content, current()).form.sections[0].questions if each.code == "told")
    assert (question.type, question.required, question.constraint.min_items) == ("attachment_refs", True, 2)


CONDITIONS = {
    "${a} = 'x'": {"q": "a", "op": "eq", "value": "x"},
    '${a}!="x"': {"q": "a", "op": "ne", "value": "x"},
    "selected(${a}, 'x')": {"q": "a", "op": "eq", "value": "x"},
    "selected( ${b} , 'x' )": {"q": "b", "op": "contains", "value": "x"},
    "${n} != ''": {"q": "n", "op": "answered"},
    "string-length(${n}) > 0": {"q": "n", "op": "answered"},
    "${a} = 'x' and (${a} = 'y' or ${b} != '')": {
        "all": [
            {"q": "a", "op": "eq", "value": "x"},
            {"any": [{"q": "a", "op": "eq", "value": "y"}, {"q": "b", "op": "answered"}]},
        ]
    },
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_means_what_it_says(text):
    assert expressions.condition(text, {"a": "select_one", "b": "select_multiple"}) == CONDITIONS[text]


LIMITS = {
    ". >= 0 and . < 10": ("integer", {"min": 0, "max": 9}),
    ".>-5 and .<=${other}": ("integer", {"min": -4, "not_more_than": "other"}),
    "string-length(.) < 200": ("text", {"max_length": 199}),
    "regex(., '^[0-9]{4}$')": ("text", {"pattern": "^[0-9]{4}$"}),
    ". >= ${begun} and . <= today()": ("date", {"not_before": "begun", "not_future": True}),
    "count-selected(.) > 1": ("select_multiple", {"min_items": 2}),
}


@pytest.mark.parametrize("text", LIMITS)
def test_a_limit_means_what_it_says(text):
    kind, expected = LIMITS[text]
    assert expressions.constraint(text, kind) == expected


BEYOND = [
    "not(${a} = 'x')",
    "${a} > 3",
    "${a} = ${b}",
    "pulldata('x')",
    "${a} = 'x' and",
    "(" * 30 + "${a} = 'x'" + ")" * 30,
    "1",
    "`x`",
    "${a} = ''",
]


@pytest.mark.parametrize("text", [*BEYOND, "${a} = 'x' or " * 500 + "${a} = 'x'"])
def test_what_cannot_be_said_here_is_told(text):
    with pytest.raises(expressions.Unsupported):
        expressions.condition(text, {"a": "select_one"})
    with pytest.raises(expressions.Unsupported):
        expressions.constraint(text, "integer")


FAULTS = {
    "a type that there is not": (survey_with(A9="geopoint"), [("/survey/A9", "unsupported")]),
    "what a phone tells about itself": (survey_with(A9="deviceid"), [("/survey/A9", "unsupported")]),
    "a repeated group": (survey_with(A2="begin_repeat"), [("/survey/A11", "wrong_format"), ("/survey/A2", "unsupported")]),
    "a group in a group": (survey_with(A9="begin group", E9=None, H9=None), [("/survey/A9", "unsupported")]),
    "a group without an end": (survey_with(A11=None), [("/survey/A2", "wrong_format")]),
    "a choice with others": (survey_with(A6="select_one observation_basis or_other"), [("/survey/A6", "unsupported")]),
    "a list that there is not": (survey_with(A6="select_one nowhere"), [("/survey/A6", "not_in_vocabulary")]),
    "a question that comes later": (survey_with(G5="${basis} = 'seen'"), [("/survey/G5", "unknown_question")]),
    "a choice that there is not": (survey_with(G5="selected(${entrances}, 'roof')"), [("/survey/G5", "not_in_vocabulary")]),
    "a condition beyond": (survey_with(G5="count(${x}) > 1"), [("/survey/G5", "unsupported")]),
    "limits the wrong way round": (survey_with(H5=". >= 5 and . <= 1"), [("/survey/H5", "out_of_range")]),
    "a pattern that takes for ever": (survey_with(H9="regex(., '^(a+)+$')"), [("/survey/H9", "unsupported")]),
    "a condition on being required": (survey_with(F5="${a} = 'x'"), [("/survey/F5", "unsupported")]),
    "a name twice": (survey_with(B9="who"), [("/survey/B9", "duplicate_item")]),
    "a name that is none": (survey_with(B9="Told!"), [("/survey/B9", "wrong_format")]),
    "no name": (survey_with(B9=None), [("/survey/B9", "required")]),
    "no label": (survey_with(C10=None), [("/survey/C10", "required")]),
    "a label that reads backwards": (survey_with(C10="a\u202eb"), [("/survey/C10", "invalid_text")]),
    "a label without end": (survey_with(D10="x" * 501), [("/survey/D10", "too_long")]),
    "a sensitivity that there is not": (survey_with(I10="secret"), [("/survey/I10", "not_in_vocabulary")]),
    "a default": (survey_with(K1="default", K10="yes"), [("/survey/K10", "unsupported")]),
    "a language that there is not": (survey_with(K1="label::Deutsch (de)", K10="Ja"), [("/survey/K10", "unsupported")]),
    "a column twice": (survey_with(K1="name"), [("/survey/K1", "duplicate_item")]),
    "a language twice": (survey_with(K1="label::en"), [("/survey/K1", "duplicate_item")]),
    "something far below": (survey_with(A99="text"), [("/survey/A99", "unsupported")]),
    "plain labels of no language": (survey_with(K1="label"), [("/settings/default_language", "required")]),
    "no survey": (a_workbook(survey=None), [("/survey", "required")]),
    "no settings": (a_workbook(settings=None), [("/settings", "required")]),
    "empty settings": (a_workbook(settings=SETTINGS[:1]), [("/settings", "required")]),
    "no title": (a_workbook(settings=[["form_id"], ["x_a"]]), [("/settings/form_title", "required")]),
    "no code": (a_workbook(settings=with_cell(SETTINGS, "C2", None)), [("/settings/C2", "required")]),
    "another's code": (a_workbook(settings=with_cell(SETTINGS, "C2", "hearing")), [("/settings/C2", "wrong_format")]),
    "a form that there is not": (a_workbook(settings=with_cell(SETTINGS, "E2", "x_other")), [("/settings/E2", "not_in_vocabulary")]),
    "where to send it": (
        a_workbook(settings=with_cell(with_cell(SETTINGS, "F1", "submission_url"), "F2", "https://example.org")),
        [("/settings/F2", "unsupported")],
    ),
    "a choice twice": (a_workbook(choices=with_cell(CHOICES, "B3", "main")), [("/choices/B3", "duplicate_item")]),
    "a choice without a label": (a_workbook(choices=with_cell(CHOICES, "C2", None)), [("/choices/C2", "required")]),
    "a choice of no list": (a_workbook(choices=with_cell(CHOICES, "A3", None)), [("/choices/A3", "required")]),
    "a sheet of other people's making": (a_workbook(entities=[["list_name"], ["people"]]), [("/entities", "unsupported")]),
}


@pytest.mark.parametrize("what", FAULTS)
def test_every_fault_names_the_cell_that_it_stands_in(what):
    content, expected = FAULTS[what]
    assert faults_of(content) == expected


def changed(old, new, part="xl/worksheets/sheet2.xml"):
    return tampered(a_workbook(), lambda name, content: content.replace(old, new, 1) if name == part else content)


def archive(packed=zipfile.ZIP_DEFLATED, /, **parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def packed_otherwise():
    with zipfile.ZipFile(io.BytesIO(a_workbook())) as made:
        return archive(zipfile.ZIP_LZMA, **{name: made.read(name) for name in made.namelist()})


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SHEET
HOSTILE = {
    "nothing": (b"", "unreadable_workbook"),
    "no archive": (b"type,name\ninteger,a", "unreadable_workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "unreadable_workbook"),
    "an archive of something else": (archive(a=b"b"), "unreadable_workbook"),
    "parts that are packed as no workbook is": (packed_otherwise(), "unreadable_workbook"),
    "half of a workbook": (a_workbook()[:3000], "unreadable_workbook"),
    "entities": (changed(SHEET, LAUGHS), "unreadable_workbook"),
    "a document type in UTF-16": (
        tampered(a_workbook(), lambda name, content: LAUGHS.decode().encode("utf-16") if "sheet2" in name else content),
        "unreadable_workbook",
    ),
    "another encoding": (changed(SHEET, b'<?xml version="1.0" encoding="cp037"?>' + SHEET), "unreadable_workbook"),
    "a part that unpacks without end": (archive(a=bytes(5_000_000)), "workbook_too_large"),
    "parts without end": (archive(**{f"p{n}": b"" for n in range(201)}), "workbook_too_large"),
    "tags without end": (changed(b"<sheetData>", b"<sheetData>" + b"<row/>" * 300_001), "workbook_too_large"),
    "a cell far to the right": (changed(b'r="A1"', b'r="ZZZZZZ1"'), "workbook_too_large"),
    "a cell far to the right, spelt otherwise": (changed(b'r="A1"', b"s='>' r = '&#90;ZZZZZ1'"), "workbook_too_large"),
    "a row far below": (changed(b'<row r="2"', b'<row r="99999999"'), "workbook_too_large"),
    "more bytes than are taken": (bytes(2 * 1024 * 1024 + 1), "workbook_too_large"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_workbook_that_is_none_or_too_much_is_told_in_one_word(what):
    content, code = HOSTILE[what]
    assert faults_of(content) == [("", code)]


@pytest.fixture
def trial(server):
    return a_trial(server)


def send(trial, content=None, *, token=None, media=XLSX, programme=None, **headers):
    path = f"/v1/programmes/{(programme or trial.programme).id}/forms/xlsform"
    given = {"Content-Type": media, **headers}
    return trial.server.request("POST", path, token=token or trial.coordinator.token, content=content or a_workbook(), headers=given)


def test_a_workbook_is_a_draft_is_published_and_filled(trial):
    first = send(trial)
    desk = Desk(trial.server, trial.programme)
    assert (first.status_code, first.headers["Location"]) == (201, f"{desk.path}/x_courthouse/versions/1")
    assert first.json()["digest"] == desk.draft().json()["digest"]
    assert send(trial).status_code == 200
    assert desk.publish().status_code == 200
    assert trial.file(filled(trial)).status_code == 201
    assert told(send(trial)) == (409, "form_published", [])
    retyped = with_cell(with_cell(SURVEY, "A9", "date"), "H9", None)
    again = send(trial, a_workbook(survey=retyped, settings=with_cell(SETTINGS, "D2", 2)))
    assert told(again) == (422, "type_changed", [("/survey/A9", "type_changed")])


def test_a_workbook_is_refused_as_anything_else_is(trial):
    stranger = a_programme(trial.server)
    hostile = HOSTILE["entities"][0]
    analyst = a_member(trial.server, trial.programme, role="analyst")
    with nothing_written(trial.server):
        assert told(send(trial, media="application/json"))[:2] == (415, "unsupported_media_type")
        assert told(send(trial, **{"Content-Encoding": "gzip"}))[:2] == (415, "unsupported_encoding")
        assert told(send(trial, bytes(2 * 1024 * 1024 + 1)))[:2] == (413, "body_too_large")
        assert told(send(trial, hostile)) == (422, "unreadable_workbook", [("", "unreadable_workbook")])
        assert told(send(trial, hostile, programme=stranger))[:2] == (404, "not_found")
        assert told(send(trial, hostile, token=trial.observer.token))[:2] == (403, "forbidden")
        assert told(send(trial, token=analyst.token))[:2] == (403, "forbidden")
