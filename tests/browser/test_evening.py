"""An evening in a real Chromium: enrolled, filled in without a network, killed, back online: all arrives, once, and nothing stays."""

import contextlib
import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.browser.test_screens import answer_complaint, answer_hearing, open_hearing
from tests.support.browsers import ARGUMENTS, Phone, a_chromium
from tests.support.databases import SqliteTemplates
from tests.support.people import PASSWORD
from tests.support.servers import Server
from tests.support.sockets import on_a_socket
from tests.support.trial import a_trial

SMALL = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "timezone_id": "Asia/Almaty"}
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
SAID = "Sary-Arka kestrel 7431"
"""What the observer writes: nothing of it may lie readable on the phone's disk."""
FULL = """() => {
  IDBObjectStore.prototype.putBefore = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
}"""
ANSWERS = "async () => (await (await import('/observe/store.js')).all('draft'))[0].answers"
FILES = "async () => (await (await import('/observe/store.js')).all('file')).length"
LISTED = """async () => {
  const store = await import('/observe/store.js');
  return (await store.all('outbox')).map((entry) => [entry.body.form, entry.state, Boolean(entry.wiped)]).sort();
}"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A server behind a socket, and a browser for coordinators."""
    templates = SqliteTemplates(tmp_path_factory.mktemp("sqlite"))
    with Server(templates.fresh(), tmp_path_factory.mktemp("server")) as server, on_a_socket(server) as address, a_chromium() as browser:
        yield server, address, browser


class Pocket:
    """A phone whose storage outlives its browser: what is closed by force is opened again."""

    def __init__(self, browser, address, folder) -> None:
        self.kind, self.address, self.folder = browser.browser_type, address, folder
        self.context = self.phone = None

    def open(self, *, language="ru-RU", offline=False):
        options = {**SMALL, "locale": language, "offline": offline, "args": ARGUMENTS, "executable_path": shutil.which("chromium")}
        self.context = self.kind.launch_persistent_context(str(self.folder), **options)
        self.phone = Phone(self.context, self.address)
        return self.phone

    def kill(self):
        """As when the battery falls out."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(Exception):
            self.context.close()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink()

    def _processes(self):
        mine = f"--user-data-dir={self.folder}".encode()
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if mine in entry.read_bytes().split(b"\0"):
                    yield int(entry.parent.name)

    def disk(self):
        """Every file of the browser's profile, by name."""
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
def pocket(house, tmp_path):
    found = Pocket(house[2], house[1], tmp_path / "profile")
    yield found
    found.kill()


class Desk:
    """The coordinator's page."""

    def __init__(self, browser, address, trial) -> None:
        self.context = browser.new_context(viewport={"width": 360, "height": 740}, locale="kk-KZ")
        self.page, self.complaints = self.context.new_page(), []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{address}/enrol")
        self.page.fill("#username", trial.coordinator.username)
        self.page.fill("#password", PASSWORD)
        self.page.click("[type=submit]")

    def code(self, member):
        self.page.wait_for_selector("#member")
        self.page.select_option("#member", label=member)
        self.page.click("form [type=submit]")
        self.page.wait_for_selector(".qr")
        assert self.page.evaluate("document.querySelector('.qr').naturalWidth") > 0
        return self.page.inner_text("p.code").replace("-", "").strip()


@pytest.fixture
def trial(house):
    return a_trial(house[0], participants=3, observer="OBS1")


@pytest.fixture
def desk(house, trial):
    made = Desk(house[2], house[1], trial)
    yield made
    made.context.close()


def enrol(phone, code):
    phone.page.goto(f"{phone.address}/observe#enrol={code}")
    phone.page.wait_for_selector("#code")
    assert code not in phone.page.url
    assert phone.page.evaluate("history.length") <= 2
    phone.page.click("[type=submit]")
    phone.page.wait_for_selector(".card button.main")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def file_a_hearing(phone):
    """A hearing with a complaint and a photo, as they are filled in between two hearings."""
    open_hearing(phone)
    answer_hearing(phone)
    phone.page.locator("textarea:visible").last.fill(SAID)
    phone.page.set_input_files("#photos", {"name": "сот залы.png", "mimeType": "image/png", "buffer": PHOTO})
    phone.page.wait_for_selector(".files li")
    phone.question("torture_complaint_today").locator(".events button").click()
    answer_complaint(phone)
    for ready in ("complaint", "hearing"):
        phone.page.click("#check")
        phone.page.wait_for_selector("#ready")
        phone.page.locator(".notice button.main").click()
        if ready == "complaint":
            phone.page.wait_for_selector("#q-left_at")
    phone.page.wait_for_selector(".notice[role=status]")


def listed(phone):
    return phone.page.evaluate(LISTED)


def answers(phone):
    return phone.page.evaluate(ANSWERS)


def wait_until(is_so, seconds=20):
    """What a page of a strict policy does not let a browser's own waiting look at."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.1)


def on_the_server(house, trial):
    return house[0].get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]


def test_what_is_filed_without_a_network_survives_a_killed_browser_and_arrives_once(house, trial, desk, pocket):
    phone = pocket.open()
    enrol(phone, desk.code("OBS1"))
    pocket.context.set_offline(True)
    phone.page.reload()
    phone.page.wait_for_selector(".card button.main")
    file_a_hearing(phone)
    here = [["hearing", "waiting", False], ["torture_complaint", "waiting", False]]
    assert listed(phone) == here
    phone.page.reload()
    phone.go("status", ".badge")
    assert phone.page.locator(".badge").count() == 2
    assert on_the_server(house, trial) == []
    pocket.kill()

    plain = [name for name, content in pocket.disk().items() if SAID.encode() in content or SAID.encode("utf-16-le") in content]
    assert plain == [], "what was written lies readable on the disk"

    phone = pocket.open(offline=True)
    phone.page.goto(f"{phone.address}/observe#/status")
    phone.page.wait_for_selector(".badge >> nth=1")
    assert listed(phone) == here
    pocket.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.wait_for_selector(".badge.good >> nth=1")
    wait_until(lambda: all(is_wiped for _, _, is_wiped in listed(phone)))
    assert phone.page.evaluate(FILES) == 0

    found = on_the_server(house, trial)
    assert sorted(each["form"] for each in found) == ["hearing", "torture_complaint"]
    hearing = next(each["id"] for each in found if each["form"] == "hearing")
    assert SAID in str(trial.get(hearing).json()["answers"])
    kept = house[0].get(f"/v1/attachments?observation_id={hearing}", token=trial.coordinator.token).json()["items"]
    assert len(kept) == 1
    sent = house[0].get(f"/v1/attachments/{kept[0]['id']}", token=trial.coordinator.token)
    assert sent.content == PHOTO


def test_two_tabs_send_each_thing_once_and_both_hear_of_it(house, trial, desk, pocket):
    phone = pocket.open()
    enrol(phone, desk.code("OBS1"))
    other = Phone(pocket.context, phone.address)
    other.page.goto(f"{phone.address}/observe#/status")
    other.page.wait_for_selector("h1")
    batches = []
    pocket.context.on("request", lambda request: batches.append(request) if request.url.endswith("/batch") else None)
    file_a_hearing(phone)
    other.page.wait_for_selector(".badge.good >> nth=1")
    assert len(on_the_server(house, trial)) == 2
    assert 1 <= len(batches) <= 2
    assert phone.complaints == other.complaints == []


def test_a_phone_that_was_put_out_keeps_what_it_has_and_sends_it_when_it_is_enrolled_again(house, trial, desk, pocket):
    phone = pocket.open()
    enrol(phone, desk.code("OBS1"))
    pocket.context.set_offline(True)
    file_a_hearing(phone)
    desk.page.reload()
    desk = Desk(house[2], house[1], trial)
    desk.page.locator("td .danger").first.click()
    desk.page.locator("td .danger").first.click()
    desk.page.wait_for_selector("td .danger", state="detached")
    pocket.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.go("status", ".badge.bad >> nth=1")
    assert {state for _, state, _ in listed(phone)} == {"needs_sign_in"}
    phone.page.reload()
    phone.page.wait_for_selector(".notice.bad button.main")
    phone.page.locator(".notice.bad button.main").click()
    phone.page.fill("#code", desk.code("OBS1"))
    phone.page.click("[type=submit]")
    phone.go("status", ".badge.good >> nth=1")
    assert len(on_the_server(house, trial)) == 2
    desk.context.close()


def test_a_locked_phone_shows_nothing_until_the_pin_is_typed(desk, pocket):
    phone = pocket.open()
    enrol(phone, desk.code("OBS1"))
    phone.go("settings", "#new")
    phone.page.fill("#new", "kara kobyz")
    phone.page.fill("#again", "kara kobyz")
    phone.page.locator("section form [type=submit]").click()
    phone.page.wait_for_selector("#before")
    other = Phone(pocket.context, phone.address)
    other.page.goto(f"{phone.address}/observe")
    other.page.wait_for_selector("#pin")
    phone.page.evaluate("async () => (await import('/observe/lock.js')).close()")
    phone.page.wait_for_selector("#pin")
    assert phone.page.locator("nav.screens:visible").count() == 0
    raw = """async () => {
      const asked = (store) => new Promise((done) => (store.onsuccess = () => done(store.result)));
      const opened = await asked(indexedDB.open('hearsight'));
      const all = await asked(opened.transaction('kept').objectStore('kept').getAll());
      return all.filter((each) => !each.told).map((each) => [each.key, Object.keys(each).sort().join()]).sort();
    }"""
    open_values = dict(phone.page.evaluate(raw))
    assert set(open_values) <= {"keys", "language", "lock"}
    assert "raw" not in open_values["lock"], "the key lies beside what it opens"
    phone.page.fill("#pin", "kara kobys")
    phone.page.click("[type=submit]")
    wait_until(lambda: phone.page.locator("#pin").input_value() == "")
    assert phone.page.locator(".wrong").inner_text()
    phone.page.fill("#pin", "kara kobyz")
    phone.page.click("[type=submit]")
    phone.page.wait_for_selector("nav.screens:visible")


def test_a_full_phone_says_so_and_loses_nothing(desk, pocket):
    phone = pocket.open()
    enrol(phone, desk.code("OBS1"))
    open_hearing(phone)
    answer_hearing(phone)
    phone.page.wait_for_selector(".standing .soft")
    before = answers(phone)
    assert before["left_at"] == "13:00"
    phone.page.evaluate(FULL)
    photo = {"name": "large.png", "mimeType": "image/png", "buffer": PHOTO * 400}
    phone.page.set_input_files("#photos", photo)
    phone.page.wait_for_selector("#photos-title ~ .question .wrong")
    assert phone.page.locator(".files li").count() == 0
    phone.question("left_at").locator("input").fill("14:00")
    phone.page.wait_for_selector("[role=alert]:has-text('14:00'), [role=alert]:visible")
    assert answers(phone) == before
    phone.page.evaluate("IDBObjectStore.prototype.put = IDBObjectStore.prototype.putBefore")
    phone.page.set_input_files("#photos", photo)
    phone.page.wait_for_selector(".files li")
    phone.question("left_at").locator("input").fill("15:00")
    wait_until(lambda: answers(phone)["left_at"] == "15:00")


def test_the_first_load_is_usable_in_three_seconds_on_a_bad_line(house):
    _, address, browser = house
    context = browser.new_context(**SMALL, locale="kk-KZ")
    page = context.new_page()
    session = context.new_cdp_session(page)
    bytes_a_second = 400_000 / 8
    line = {"offline": False, "latency": 100, "downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)
    page.goto(f"{address}/observe", wait_until="commit")
    page.wait_for_selector("#code")
    took = page.evaluate("performance.now()")
    context.close()
    assert took < 3000, took


def test_no_screen_names_what_the_policy_of_the_page_would_refuse(house, trial, desk, pocket):
    phone = pocket.open(language="kk-KZ")
    enrol(phone, desk.code("OBS1"))
    for screen in ("home", "drafts", "mine", "status", "settings"):
        phone.go(screen)
    assert [each for each in phone.complaints if re.search("Content Security|Trusted|Refused", each)] == []
    assert desk.complaints == []
