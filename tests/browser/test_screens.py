"""The observer's screens in a real Chromium: readable, reachable and within 320 px in every language, and what is filled in arrives."""

import pytest

from tests.support.browsers import a_chromium, a_phone
from tests.support.databases import SqliteTemplates
from tests.support.servers import Server
from tests.support.sockets import on_a_socket
from tests.support.trial import a_trial

TRI_STATE = {"yes": 0, "no": 1}
SOME_DAY = "2012-04-05"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A server with a trial, behind a socket, and a browser."""
    templates = SqliteTemplates(tmp_path_factory.mktemp("sqlite"))
    with Server(templates.fresh(), tmp_path_factory.mktemp("server")) as server, on_a_socket(server) as address, a_chromium() as browser:
        yield server, address, browser, tmp_path_factory.mktemp("axe")


@pytest.fixture
def trial(house):
    return a_trial(house[0], participants=14, observer="OBS1")


@pytest.fixture
def a_screen(house, trial):
    """Opens a phone of the trial's observer."""

    def opened(language="en", width=360, **options):
        _, address, browser, folder = house
        phone = a_phone(browser, address, folder, width=width, service_workers="block", **options)
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


def open_hearing(phone):
    phone.go("home", ".card button.main")
    phone.page.locator(".card button.main").last.click()
    phone.page.wait_for_selector("#q-arrived_at")


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
        for screen in ("status", "settings"):
            phone.go(screen)
            wrong[screen] = phone.found_wrong()
        assert {screen: found for screen, found in wrong.items() if found} == {}
        assert phone.complaints == []


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


def answer_hearing(phone):
    """The least that a hearing form needs, with a complaint heard."""
    times = {"arrived_at": "10:00", "left_at": "13:00"}
    for code, time in times.items():
        phone.question(code).locator("input").fill(time)
    page = phone.page
    for question in page.locator(".question:visible").all():
        if question.locator("input[type=radio]").count() and not question.locator("input:checked").count():
            question.locator(".choice").nth(1).click()
    phone.choose("torture_complaint_today", TRI_STATE["yes"])
    phone.choose("basis", "heard")


def answer_complaint(phone):
    """The least that a complaint needs: the first answer to all that must be answered, and a person."""
    page = phone.page
    page.wait_for_selector("#q-complainant_role")
    for question in page.locator(".question:visible").all():
        if not question.locator(".must").count():
            continue
        if question.locator("input[type=radio]").count():
            if not question.locator("input:checked").count():
                question.locator(".choice").nth(1).click()
        elif question.locator("input[type=checkbox]").count():
            question.locator(".choice").first.click()
        elif question.locator("select").count() and not question.locator("select").input_value():
            question.locator("select").select_option(index=2)
