"""Forms that a programme makes for itself: drafts, versions that never change, and what is filled by them."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.taxonomy.shown import FormList, FormShown
from tests.support.own_forms import QUESTIONS, Desk, a_form, filled
from tests.support.people import a_member, a_programme
from tests.support.trial import a_trial


@pytest.fixture
def trial(server):
    return a_trial(server)


@pytest.fixture
def desk(trial):
    return Desk(trial.server, trial.programme)


def shown_to(trial, person, version="1", **query):
    return trial.server.get(f"/v1/forms/x_courthouse/versions/{version}", token=person.token, params=query)


def test_a_draft_is_replaced_until_it_is_published_and_never_changes_afterwards(trial, desk):
    first = desk.draft()
    assert (first.status_code, first.json()["status"], first.json()["questions"]) == (201, "draft", len(QUESTIONS))
    assert first.headers["Location"] == f"{desk.path}/x_courthouse/versions/1"
    again = desk.draft(label={"kk": "Сот"})
    assert (again.status_code, again.json()["id"], again.json()["labels"]) == (200, first.json()["id"], {"kk": "Сот"})
    assert shown_to(trial, trial.observer).status_code == 404
    published = desk.publish()
    assert (published.json()["status"], published.json()["published_by"]) == ("published", trial.coordinator.code)
    assert desk.publish().json() == published.json()
    for answer in (desk.draft(), desk.at(method="DELETE")):
        assert (answer.status_code, answer.json()["code"]) == (409, "form_published")
    assert shown_to(trial, trial.observer).json()["labels"] == {"kk": "Сот"}
    assert desk.draft(version=None).json()["version"] == "2"
    assert desk.at(version="2", method="DELETE").status_code == 204
    assert desk.at(version="2").status_code == 404
    listed = trial.server.get(desk.path, token=trial.coordinator.token).json()["items"]
    assert [(each["code"], each["version"], each["status"]) for each in listed] == [("x_courthouse", "1", "published")]


def test_a_question_keeps_its_type_in_the_versions_that_follow(desk):
    desk.published()
    changed = [{**each, "type": "date", "constraint": None} if each["code"] == "told" else each for each in QUESTIONS]
    answer = desk.draft(version="2", questions=changed)
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/sections/0/questions/5/type", "code": "type_changed"}])


def test_members_are_given_the_form_with_its_lists_and_nobody_else(trial, desk):
    desk.published()
    desk.published(version="2", label={"ru": "Суд"})
    shown = FormShown.model_validate_json(shown_to(trial, trial.observer, lang="kk").content)
    assert (shown.code, shown.opened_from, str(shown.programme_id)) == ("x_courthouse", "hearing", trial.programme.id)
    (entrances,) = shown.vocabularies
    assert [(term.code, term.label, term.label_language) for term in entrances.terms] == [("main", "Main", "en"), ("yard", "Аула", "kk")]
    asked = {question.code: question for section in shown.sections for question in section.questions}
    assert (asked["entrances"].choices, asked["entrances"].label) == ("x_courthouse.entrances", "Кіреберістер")
    listed = FormList.model_validate_json(trial.server.get("/v1/forms", token=trial.observer.token).content)
    assert (listed.items[-1].code, listed.items[-1].version, listed.items[-1].versions) == ("x_courthouse", "2", ["1", "2"])
    stranger = a_programme(trial.server).coordinator
    assert shown_to(trial, stranger).status_code == 404
    assert "x_courthouse" not in trial.server.get("/v1/forms", token=stranger.token).text
    assert shown_to(trial, stranger, programme_id=trial.programme.id).status_code == 404
    assert trial.server.get("/v1/forms/hearing/versions/1.1.0", token=stranger.token).status_code == 200


def test_where_two_programmes_have_a_form_of_one_name_it_is_said_which_is_meant(trial, desk):
    desk.published(label={"en": "Here"})
    other = a_programme(trial.server)
    Desk(trial.server, other).published(label={"en": "There"})
    made = {"username": trial.observer.username, "code": "O2", "role": "observer"}
    invited = trial.server.post(f"/v1/programmes/{other.id}/members", made, token=other.token).json()
    assert trial.server.post(f"/v1/me/invitations/{invited['id']}/accept", token=trial.observer.token).is_success
    assert shown_to(trial, trial.observer).json()["errors"] == [{"pointer": "/query/programme_id", "code": "required"}]
    assert shown_to(trial, trial.observer, programme_id=other.id).json()["label"] == "There"
    listed = trial.server.get("/v1/forms", token=trial.observer.token).json()["items"]
    assert {each["programme_id"] for each in listed if each["code"] == "x_courthouse"} == {trial.programme.id, other.id}


def test_phones_are_given_the_newest_version_with_the_lists_it_chooses_from(trial, desk):
    desk.draft()
    before = trial.server.get("/v1/bootstrap", token=trial.observer.token)
    assert "x_courthouse" not in before.text
    desk.publish()
    desk.published(version="2")
    after = trial.server.get("/v1/bootstrap", token=trial.observer.token)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.json()["forms"][-1] == shown_to(trial, trial.observer, "2").json()
    assert [term["code"] for term in after.json()["vocabularies"]["x_courthouse.entrances"]] == ["main", "yard"]


def test_what_breaks_the_form_is_refused_by_question_and_what_keeps_to_it_is_stored(trial, desk):
    desk.published()
    answer = trial.file(filled(trial, entrances=["gate"], benches=None, armed="yes"))
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"pointer": "/answers/armed", "code": "wrong_type"}, {"pointer": "/answers/entrances/0", "code": "not_in_vocabulary"}],
    )
    somebody_else = filled(trial, who=trial.document)
    assert trial.file(somebody_else).json()["errors"] == [{"pointer": "/answers/who", "code": "not_found"}]
    body = filled(trial, who=trial.participants["D01"], told="As it was told.", armed=True)
    assert (trial.file(body).status_code, trial.file(body).status_code) == (201, 200)
    assert trial.review(body["id"]).status_code == 200
    shown = trial.get(body["id"]).json()
    assert (shown["form"], shown["form_code"], shown["form_version"], shown["status"]) == ("custom", "x_courthouse", "1", "accepted")
    assert shown["answers"] == {each["question"]: each["value"] for each in body["answers"]}
    with trial.server.store.read() as session:
        query = "SELECT answers, narrative FROM observation WHERE form = 'custom'"
        ((open_, narrative),) = session.connection().exec_driver_sql(query).all()
    assert json.loads(narrative) == {"told": "As it was told.", "armed": True}
    assert set(json.loads(open_)["answers"]) == {"entrances", "benches", "basis", "who"}
    token = trial.coordinator.token
    assert trial.server.delete(f"/v1/participants/{trial.participants['D01']}", token=token).json()["code"] == "in_use"
    listed = trial.server.get("/v1/observations", token=token, params={"form": "x_courthouse"}).json()["items"]
    assert [each["id"] for each in listed] == [body["id"]]


def test_answers_to_an_own_form_enter_no_figure(trial, desk):
    desk.published()
    token, asked = trial.coordinator.token, {"programme_id": trial.programme.id, "measure": "observations", "group_by": "case"}

    def told():
        summary = trial.server.get(f"/v1/cases/{trial.case}/summary", token=token).json()
        return summary["rights"], summary["grade"], summary["coverage"]

    before, counted = told(), trial.server.get("/v1/aggregates", token=token, params=asked).json()["rows"]
    body = filled(trial)
    assert trial.file(body).status_code == 201
    assert trial.review(body["id"]).status_code == 200
    assert told() == before
    assert trial.server.get("/v1/aggregates", token=token, params=asked).json()["rows"] == counted


def test_an_older_version_is_filled_as_before_and_a_correction_keeps_to_its_form(trial, desk):
    desk.published()
    desk.published(version="2", questions=[*QUESTIONS, {"code": "new", "type": "text", "label": {"en": "New"}, "required": True}])
    desk.published(code="x_other")
    old = filled(trial)
    assert trial.file(old).status_code == 201
    assert trial.file(filled(trial, version="2")).json()["errors"] == [{"pointer": "/answers/new", "code": "required"}]
    other = {**filled(trial, code="x_other"), "supersedes": old["id"]}
    assert trial.file(other).json()["errors"] == [{"pointer": "/supersedes", "code": "invalid_supersedes"}]
    assert trial.file({**filled(trial, version="2", new="So."), "supersedes": old["id"]}).status_code == 201


def test_an_unknown_version_is_held_whole_and_released_under_a_published_one(trial, desk):
    desk.draft()
    held, broken = filled(trial, told="As it was told."), filled(trial, benches=501)
    for body in (held, broken):
        answer = trial.file(body)
        assert (answer.status_code, answer.json()["code"]) == (202, "unknown_form_version")

    def release(body, **more):
        path = f"/v1/observations/{body['id']}/release"
        return trial.server.post(path, {"reason": "It is the form of this week.", **more}, token=trial.coordinator.token).json()

    assert release(held)["errors"] == [{"pointer": "/form_version", "code": "unknown_form_version"}]
    desk.publish()
    assert trial.file(held).json()["status"] == "duplicate"
    assert trial.file(broken).json()["status"] == "duplicate"
    found = release(broken)
    assert (found["status"], found["errors"]) == ("held", [{"pointer": "/answers/benches", "code": "out_of_range"}])
    assert (release(held)["status"], trial.file(held).json()["status"]) == ("submitted", "duplicate")
    assert trial.file({**held, "captured_at": "2012-04-03T13:00:00+05:00"}).json()["code"] == "id_conflict"


def test_a_filing_by_another_programmes_form_is_held_as_unknown(trial):
    stranger = Desk(trial.server, a_programme(trial.server))
    stranger.published()
    assert trial.file(filled(trial)).json()["code"] == "unknown_form_version"


def test_a_batch_checks_each_by_its_own_form(trial, desk):
    desk.published()
    items = [filled(trial), filled(trial, basis=None), trial.body(), filled(trial, version="9")]
    answer = trial.server.post("/v1/observations/batch", {"items": items}, token=trial.observer.token).json()
    assert [each["status"] for each in answer["results"]] == ["created", "invalid", "created", "held"]
    assert answer["results"][1]["errors"] == [{"pointer": "/answers/basis", "code": "required"}]


def test_only_coordinators_write_forms_and_only_in_their_own_programme(trial, desk):
    stranger, auditor = a_programme(trial.server).coordinator, a_member(trial.server, trial.programme, role="auditor")
    for person, status in ((trial.observer, 403), (stranger, 404), (auditor, 403)):
        assert trial.server.post(desk.path, a_form(), token=person.token).status_code == status
    for body, place in (
        (a_form(code="hearing"), "/code"),
        (a_form(label={"en": " "}), "/label"),
        (a_form(label={}), "/label"),
        (a_form(sections=[]), "/sections"),
        (a_form(questions=[{**QUESTIONS[0], "type": "indicator_picks"}]), "/sections/0/questions/0/type"),
        (a_form(questions=[{**QUESTIONS[0], "emits": []}]), "/sections/0/questions/0/emits"),
    ):
        answer = desk.draft(body)
        assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [place])


def test_of_two_who_write_one_version_at_a_time_none_is_lost_without_a_word(desk):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: desk.draft(label={"en": f"Courthouse {n}"}), range(4)))
    assert {each.status_code for each in answers} <= {200, 201, 409}
    assert [each.status_code for each in answers].count(201) == 1
    assert {each.json()["code"] for each in answers if each.status_code == 409} <= {"stale_version"}
