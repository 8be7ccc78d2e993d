"""The phone's rules and the server's judge filled forms alike.

Needs Node, so it runs only where it is asked for (`python3 -m app test --clients`).
"""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import orjson
import pytest

from app.kit.wire import is_blank
from app.taxonomy import service
from app.taxonomy.catalogue import current
from app.taxonomy.rules import check_answers, parse_observation
from tests.support.bodies import an_id
from tests.support.filled import a_filled_form
from tests.support.forms import TODAY
from tests.support.house import ROOT

HERE = Path(__file__).parent
STATIC = ROOT / "app" / "webform" / "static"
CASES = 4000


def shown_forms():
    """Every form as the phone gets it."""
    taxonomy = current()
    return {code: json.loads(service.form_json(code, taxonomy.version, "kk")) for code in taxonomy.forms}


def on_the_phone(folder, program, **given):
    """What a program prints that runs beside the phone's own modules and is given the taxonomy."""
    for source in [HERE / program, STATIC / "forms.js", STATIC / "sheet.js"]:
        shutil.copy(source, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    taxonomy = current()
    words = {
        "forms": shown_forms(),
        "vocabularies": {name: [{"code": code} for code in terms] for name, terms in taxonomy.vocabularies.items()},
        "indicators": [
            {"code": each.code, "applies_to": each.applies_to, "derived": each.derived} for each in taxonomy.indicators.values()
        ],
    }
    command = [shutil.which("node"), program]
    where = {**os.environ, "TZ": "Asia/Kathmandu"}
    found = subprocess.run(
        command, cwd=folder, env=where, input=json.dumps({**words, **given}), check=False, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def phone_judges(folder, cases):
    """What the phone's rules say to each case."""
    told = [{"form": form.code, "answers": answers, "hearing": hearing} for form, answers, hearing in cases]
    return json.loads(on_the_phone(folder, "judge.js", today=TODAY.isoformat(), cases=told))


def server_judges(form, answers, hearing):
    return [[fault.pointer, fault.code] for fault in check_answers(form, answers, hearing_id=hearing, today=TODAY)]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Many filled forms, the phone's verdicts beside them."""
    draw = random.Random(6)
    cases = [a_filled_form(draw) for _ in range(CASES)]
    return list(zip(cases, phone_judges(tmp_path_factory.mktemp("phone"), cases), strict=True))


def test_the_phone_finds_the_faults_that_the_server_finds(judged):
    for (form, answers, hearing), verdict in judged:
        assert sorted(verdict["faults"]) == sorted(server_judges(form, answers, hearing)), (form.code, answers)
    faults = {code for _, verdict in judged for _, code in verdict["faults"]}
    assert faults >= {"required", "not_relevant", "too_long", "out_of_range", "duplicate_item", "not_found", "differs_from_hearing"}
    assert sum(not verdict["faults"] for _, verdict in judged) > CASES / 20


def test_what_the_phone_sends_is_what_is_asked_and_nothing_that_a_good_answer_was(judged):
    for (form, answers, hearing), verdict in judged:
        before = server_judges(form, answers, hearing)
        after = server_judges(form, verdict["tidied"], hearing)
        assert "not_relevant" not in {code for pointer, code in after if pointer.count("/") == 2}
        if not before:
            assert not after
            assert said(verdict["tidied"]) == said({code: answer for code, answer in answers.items() if code != "hearing_ref"})


def said(answers):
    """The answers that say something; of parts of answers what they say."""
    if isinstance(answers, dict):
        return {code: said(answer) for code, answer in answers.items() if is_said(answer)}
    return [said(part) for part in answers] if isinstance(answers, list) else answers


def is_said(answer):
    """Whether an answer says anything."""
    return answer not in (None, []) and not (isinstance(answer, str) and is_blank(answer))


def test_a_body_made_on_the_phone_is_one_that_the_server_takes(judged):
    taken = 0
    for (form, _, hearing), verdict in judged:
        if server_judges(form, verdict["sent"], hearing):
            continue
        ids = {"id": an_id("filing"), "case_id": an_id("case"), "hearing_id": hearing}
        around = {"form": form.code, "form_version": form.version, "captured_at": "2012-04-05T15:20:00+05:00"}
        body, faults = parse_observation(orjson.loads(orjson.dumps({**ids, **around, "answers": verdict["sent"]})))
        assert body is not None, faults
        taken += 1
    assert taken > CASES / 20


def test_the_phone_asks_takes_over_and_claims_as_it_should(tmp_path):
    assert on_the_phone(tmp_path, "rules.js") == ""
