"""The observer's screens in a real Chromium: readable, reachable and within 320 px in every language, and what is filled in arrives."""

import json

import pytest

from tests.support import phones
from tests.support.browsers import a_phone, wait_until
from tests.support.filling import answer_complaint, answer_hearing, open_hearing
from tests.support.forms import all_clear
from tests.support.house import ROOT
from tests.support.own_forms import QUESTIONS, Desk
from tests.support.people import PASSWORD

ENQUEUE = "async (body) => (await import('/observe/sync.js')).enqueue(body)"
NAMED = """async () => {
  const drafts = await (await import('/observe/store.js')).all('draft');
  return drafts.flatMap((draft) => draft.answers.scans ?? []);
}"""
KILLED = """async () => {
  const store = await import('/observe/store.js');
  const [lost] = (await store.all('file')).filter((file) => file.question === 'scans');
  const found = await store.get('file', lost.id);
  await store.change([['remove', 'file', lost.id], ['put', 'file', {...found, id: crypto.randomUUID(), name: 'late.png'}]]);
  return [lost.id, (await store.all('file')).find((file) => file.name === 'late.png').id];
}"""
"""As when the app is ended between a photo's removal and the saved answer, and between another's keeping and the saved answer."""
TRI_STATE = {"yes": 0, "no": 1}
SOME_DAY = "2012-04-05"


def texts(language):
    """What the app says in a language, by key."""
    return json.loads((ROOT / "app" / "webform" / "static" / "words" / f"{language}.json").read_text(encoding="utf-8"))


@pytest.fixture
def a_screen(house, trial):
    """Opens a phone of the trial's observer."""

    def opened(language="en", width=360, **options):
        phone = a_phone(house.browser, house.address, house.folder, width=width, service_workers="block", **options)
        return _SignedIn(phone, trial, language)

    return opened


class _SignedIn:
    def __init__(self, phone, trial, language) -> None:
        self.phone, self.trial, self.language = phone, trial, language

    def __enter__(self):
        phone = self.phone.__enter__()
        phone.sign_in(self.trial.observer, self.trial.programme, self.language)
        return phone

    def __exit__(self, *raised):
        self.phone.__exit__(*raised)


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_screen_can_be_read_reached_and_touched(a_screen, trial, language, width):
    returned = trial.filed()
    assert trial.review(returned, "return", "Which of the two defendants?").status_code == 200
    scheme = "dark" if (language, width) == ("en", 320) else "light"
    with a_screen(language, width, color_scheme=scheme, reduced_motion="reduce") as phone:
        wrong = {}
        phone.go("home", ".card")
        wrong["home"] = phone.found_wrong()
        open_hearing(phone)
        wrong["form"] = phone.found_wrong()
        phone.choose("torture_complaint_today", TRI_STATE["yes"])
        phone.choose("any_defendant_absent", TRI_STATE["yes"])
        phone.question("started_late_minutes").locator("input").fill("soon")
        for code in ("roles_heard", "counted", "other_facts"):
            phone.question(code).locator("button").last.click()
        phone.question("other_facts").locator("select").first.select_option("torture.visible_injuries")
        phone.page.click("#check")
        phone.page.wait_for_selector(".summary a")
        wrong["faults"] = phone.found_wrong()
        phone.question("torture_complaint_today").locator(".events button").click()
        phone.page.wait_for_selector("#q-complainant_role")
        wrong["complaint"] = phone.found_wrong()
        phone.go("drafts", ".card .danger")
        phone.page.locator(".danger").first.click()
        wrong["drafts"] = phone.found_wrong()
        phone.go("mine", ".card textarea")
        phone.page.locator(".danger").first.click()
        wrong["mine"] = phone.found_wrong()
        phone.page.evaluate(ENQUEUE, trial.body(answers={}))
        phone.go("status", ".card .badge.bad")
        for part in ("keep", "take"):
            phone.page.locator(f"#{part} summary").click()
        wrong["status"] = phone.found_wrong()
        for screen, expected in (("settings", "#new"), ("enrol", "#code")):
            phone.go(screen, expected)
            wrong[screen] = phone.found_wrong()
        phone.page.evaluate("async () => (await import('/observe/lock.js')).setPin('', 'kara kobyz')")
        phone.page.reload()
        phone.page.locator("summary").click()
        wrong["locked"] = phone.found_wrong()
        assert {screen: found for screen, found in wrong.items() if found} == {}
        assert phone.complaints == []


def test_the_coordinators_page_can_be_read_reached_and_touched_and_tells_of_a_phone_that_may_be_copied(house, trial):
    copied = phones.a_phone(trial.server, trial.programme, trial.observer)
    first = copied.refresh_token
    copied.refresh(copied.refresh(first).json()["refresh_token"])
    copied.refresh(first)
    with a_phone(house.browser, house.address, house.folder, width=320) as phone:
        page = phone.page
        page.goto(f"{house.address}/enrol")
        page.wait_for_selector("#username")
        wrong = phone.found_wrong()
        page.fill("#username", trial.coordinator.username)
        page.fill("#password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_selector("#member")
        assert "дважды" in page.inner_text("td .notice.bad")
        page.click("form [type=submit]")
        page.wait_for_selector(".qr")
        assert wrong + phone.found_wrong() == []


def test_a_hearing_with_a_complaint_is_filled_in_mended_and_arrives_once(a_screen, trial):
    with a_screen("ru") as phone:
        open_hearing(phone)
        answer_hearing(phone)
        phone.question("left_at").locator("input").fill("09:00")
        phone.page.click("#check")
        phone.page.wait_for_selector(".summary a")
        assert phone.page.locator(".summary a").count() == 1
        phone.page.locator(".summary a").click()
        assert phone.page.evaluate("document.activeElement.id") == "a-left_at"
        phone.question("left_at").locator("input").fill("13:00")
        phone.page.wait_for_selector(".standing .soft")
        phone.page.reload()
        phone.page.wait_for_selector("#q-left_at")
        assert phone.question("left_at").locator("input").input_value() == "13:00"
        phone.question("torture_complaint_today").locator(".events button").click()
        answer_complaint(phone)
        phone.page.click("#check")
        phone.page.wait_for_selector("#ready")
        phone.page.locator(".notice button.main").click()
        phone.page.wait_for_selector("#q-left_at")
        phone.page.click("#check")
        phone.page.wait_for_selector("#ready")
        phone.page.locator(".notice button.main").click()
        phone.page.wait_for_selector(".notice[role=status]")
        phone.page.wait_for_selector(".badge.good >> nth=1")
    listed = trial.server.get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]
    assert sorted(each["form"] for each in listed) == ["hearing", "torture_complaint"]
    assert {each["hearing_id"] for each in listed} == {trial.hearings["H-01"]}
    complaint = trial.get(next(each["id"] for each in listed if each["form"] == "torture_complaint")).json()["answers"]
    assert complaint["participant_ref"] == trial.participants["D02"]
    assert complaint["basis"] == "heard"


def test_a_question_is_answered_a_filing_corrected_and_another_withdrawn(a_screen, trial):
    asked, wrong, mistaken = trial.filed(), trial.filed(hearing="H-02"), trial.filed(hearing="H-02")
    trial.review(asked, "return", "Which of the two defendants?")
    with a_screen("kk") as phone:
        page = phone.page
        phone.go("mine", ".card textarea")
        assert page.locator(".notice", has_text="Which of the two defendants?").count() == 1
        page.locator("textarea").fill("The second one.")
        page.locator(".inner button.main").click()
        page.wait_for_selector(".inner button.main", state="detached")
        page.wait_for_selector(".card")
        page.locator(".card", has=page.locator(".danger")).first.locator(".danger").click()
        page.locator(".actions textarea").fill("Filed twice.")
        page.locator(".actions .danger").first.click()
        page.wait_for_selector(".actions textarea", state="detached")
        page.wait_for_selector(".card >> nth=2")
        page.locator(".card .actions button:not(.danger)").nth(0).click()
        page.wait_for_selector("#q-left_at")
        phone.question("left_at").locator("input").fill("13:30")
        page.click("#check")
        page.wait_for_selector("#ready")
        page.locator(".notice button.main").click()
        page.wait_for_selector(".notice[role=status]")
        phone.go("status")
        page.wait_for_selector(".badge.good")
    shown = trial.get(asked).json()
    assert [(each["kind"], each["text"]) for each in shown["thread"]][-1] == ("answered", "The second one.")
    statuses = sorted(trial.status(each) for each in (asked, wrong, mistaken))
    assert statuses == ["submitted", "submitted", "withdrawn"]
    listed = trial.server.get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]
    corrections = [each for each in listed if each["supersedes"]]
    assert len(corrections) == 1
    assert trial.get(corrections[0]["id"]).json()["answers"]["left_at"] == "13:30"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_closed_hearing_and_a_clock_that_is_off_are_told_in_words_and_nothing_that_counts_is_withdrawn(a_screen, trial, language):
    counting, waiting = trial.filed(), trial.filed(hearing="H-02")
    assert trial.review(counting).status_code == 200
    token = trial.coordinator.token
    path = f"/v1/hearings/{trial.hearings['H-01']}/lock"
    assert trial.server.post(path, {"reason": "Complete."}, token=token).status_code == 200
    merge = {"into": trial.participants["D01"], "reason": "The same."}
    assert trial.server.post(f"/v1/participants/{trial.participants['D02']}/merge", merge, token=token).status_code == 200
    trial.filed(hearing="H-01")
    with a_screen(language, 320) as phone:
        page, words = phone.page, texts(language)
        phone.go("home", ".card .notice")
        assert page.locator(".card", has_text="H-01").locator(".notice").inner_text() == words["home.locked"]
        assert phone.found_wrong() == []
        phone.go("mine", ".card")
        page.wait_for_selector(f"text={words['mine.locked']}")
        told = page.inner_text("main")
        assert (told.count(words["mine.locked"]), told.count(words["flag.hearing_locked"])) == (1, 1)
        assert page.locator(".card .danger").count() == 2
        assert phone.found_wrong() == []
        page.evaluate("() => { const now = Date.now; Date.now = () => now() + 40 * 60000; }")
        page.evaluate("async () => (await import('/observe/session.js')).ask('me')")
        phone.go("status", ".notice.warn")
        assert words["shell.status.clock"].format(n=1) in page.inner_text("main")
        assert phone.found_wrong() == []
    assert trial.status(waiting) == "submitted"


def test_a_correction_that_another_phone_forestalled_is_put_onto_the_version_that_stands(a_screen, trial):
    first = trial.filed()
    with a_screen("en") as phone:
        page = phone.page
        phone.go("mine", ".card .actions button")
        page.locator(".card .actions button:not(.danger)").first.click()
        page.wait_for_selector("#q-left_at")
        phone.question("left_at").locator("input").fill("13:30")
        second = trial.filed(supersedes=first, answers=all_clear(left_at="12:15", started_late_minutes=40))
        send(page)
        phone.go("status", ".card .badge.bad")
        assert "your changes are put onto that one" in page.inner_text(".card .wrong")
        page.locator(".card button.main").click()
        page.wait_for_selector("#q-left_at")
        assert "12:15" in phone.question("left_at").inner_text()
        assert phone.question("started_late_minutes").locator("input").input_value() == "40"
        send(page)
        phone.go("status", ".card .badge.good")
    listed = trial.server.get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]
    (last,) = [each["id"] for each in listed if each["supersedes"] == second]
    answers = trial.get(last).json()["answers"]
    assert (answers["left_at"], answers["started_late_minutes"]) == ("13:30", 40)


def send(page):
    page.click("#check")
    page.wait_for_selector("#ready")
    page.locator(".notice button.main").click()
    page.wait_for_selector(".notice[role=status]")


def test_a_draft_is_open_in_one_window_and_keeps_its_photos(a_screen):
    with a_screen("en") as phone:
        page = phone.page
        open_hearing(phone)
        phone.question("arrived_at").locator("input").fill("10:00")
        page.wait_for_selector(".standing .soft")
        other = page.context.new_page()
        other.goto(page.url)
        other.wait_for_selector(".notice.warn")
        assert "another window" in other.locator(".notice.warn").inner_text()
        other.close()
        page.set_input_files("#photos", [a_file("фото_протокола.png", PIXEL), a_file("empty.jpg", b"")])
        page.wait_for_selector(".files img")
        assert "empty.jpg is empty" in page.locator("[role=alert] .wrong").inner_text()
        phone.question("left_at").locator("input").fill("13:01")
        page.wait_for_selector(".standing .soft")
        page.reload()
        page.wait_for_selector(".files img")
        assert [phone.question(code).locator("input").input_value() for code in ("arrived_at", "left_at")] == ["10:00", "13:01"]
        page.locator(".files button").click()
        page.wait_for_selector(".files li", state="detached")


def test_a_form_that_asks_for_files_names_them_and_they_come(a_screen, trial):
    asking = {
        "code": "scans",
        "type": "attachment_refs",
        "label": {"en": "Scans of the order"},
        "required": True,
        "constraint": {"min_items": 2},
    }
    Desk(trial.server, trial.programme).published(questions=[*QUESTIONS, asking])
    with a_screen("en") as phone:
        page = phone.page
        open_hearing(phone)
        page.get_by_role("button", name="Courthouse").click()
        page.wait_for_selector("#a-scans")
        phone.choose("entrances", 0)
        phone.choose("basis", "seen")
        page.set_input_files("#a-scans", [a_file("one.png", PIXEL), a_file("two.png", PIXEL + b"2"), a_file("empty.jpg", b"")])
        page.wait_for_selector("#q-scans li >> nth=1")
        assert "empty.jpg is empty" in phone.question("scans").locator("[role=alert] .wrong").inner_text()
        page.wait_for_selector(".standing .soft")
        assert phone.found_wrong() == []
        page.reload()
        page.wait_for_selector("#q-scans li >> nth=1")
        (lost, late), named = page.evaluate(KILLED), page.evaluate(NAMED)
        assert lost in named
        page.reload()
        page.wait_for_selector("#q-scans li >> nth=1")
        wait_until(lambda: sorted(page.evaluate(NAMED)) == sorted([*(each for each in named if each != lost), late]))
        page.locator("#q-scans li button").first.click()
        page.wait_for_selector("#q-scans li >> nth=1", state="detached")
        page.click("#check")
        assert page.locator(".summary a").inner_text() == "Scans of the order"
        page.set_input_files("#a-scans", [a_file("three.png", PIXEL + b"3")])
        page.wait_for_selector("#q-scans li >> nth=1")
        page.click("#check")
        page.wait_for_selector("#ready")
        page.locator(".notice button.main").click()
        page.wait_for_selector("#q-arrived_at")
        answer_hearing(phone)
        phone.choose("torture_complaint_today", TRI_STATE["no"])
        page.click("#check")
        page.wait_for_selector("#ready")
        page.locator(".notice button.main").click()
        page.wait_for_selector(".badge.good >> nth=1")
        listed = trial.server.get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]
        filed = next(each["id"] for each in listed if each["form"] == "custom")
        wait_until(lambda: not trial.get(filed).json()["attachments"]["missing"])
        shown = trial.get(filed).json()
    assert (len(shown["answers"]["scans"]), shown["attachments"]) == (2, {"expected": 2, "present": 2, "missing": []})


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def a_file(name, content):
    return {"name": name, "mimeType": "image/png" if name.endswith("png") else "image/jpeg", "buffer": content}
