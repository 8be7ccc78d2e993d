"""An evening in a real Chromium: enrolled, filled in without a network, killed, back online: all arrives, once, and nothing stays."""

from uuid import UUID

import pytest

from app.journal import service as journal
from tests.support.browsers import Phone, wait_until
from tests.support.filling import answer_complaint, answer_hearing, open_hearing

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
SAID = "Sary-Arka kestrel 7431"
"""What the observer writes: nothing of it may lie readable on the phone's disk."""
HERE = [["hearing", "waiting", False], ["torture_complaint", "waiting", False]]
THERE = [["hearing", "stored", True], ["torture_complaint", "stored", True]]
LEFT = """async () => {
  const store = await import('/observe/store.js');
  const [entries, files, drafts] = await Promise.all(['outbox', 'file', 'draft'].map((kind) => store.all(kind)));
  return [files.length, drafts.length, entries.filter((entry) => entry.body.answers).length];
}"""
KEPT = """async () => {
  const asked = (store) => new Promise((done) => (store.onsuccess = () => done(store.result)));
  const opened = await asked(indexedDB.open('hearsight'));
  const all = await asked(opened.transaction('kept').objectStore('kept').getAll());
  return all.filter((each) => !each.told).map((each) => [each.key, Object.keys(each).sort().join()]).sort();
}"""


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


def arrived(trial):
    """The observations on the server, by their form."""
    items = trial.server.get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]
    assert len({each["form"] for each in items}) == len(items), "something arrived twice"
    return {each["form"]: each["id"] for each in items}


def test_what_is_filed_without_a_network_survives_a_killed_browser_and_arrives_once(trial, desk, pocket):
    phone = pocket.open()
    phone.enrol(desk.code())
    assert phone.page.evaluate("history.length") <= 3, "the address with the code stayed in the history"
    pocket.context.set_offline(True)
    phone.page.reload()
    phone.page.wait_for_selector(".card button.main")
    file_a_hearing(phone)
    phone.await_listed(HERE)
    phone.page.reload()
    phone.page.wait_for_selector(".card button.main")
    phone.go("status", ".card .badge.warn >> nth=1")
    assert arrived(trial) == {}
    pocket.kill()
    assert pocket.readable(SAID) == []

    phone = pocket.open(offline=True)
    phone.page.goto(f"{phone.address}/observe#/status")
    phone.page.wait_for_selector(".card .badge.warn >> nth=1")
    phone.await_listed(HERE)
    phone.online()
    phone.page.wait_for_selector(".card .badge.good >> nth=1")
    phone.await_listed(THERE)
    assert phone.page.evaluate(LEFT) == [0, 0, 0]
    _, ours, theirs = [each.inner_text() for each in phone.page.locator("main h1, main h2").all()]
    assert ours == "Ещё на этом телефоне"
    assert theirs.startswith("Целиком на сервере")

    found = arrived(trial)
    assert set(found) == {"hearing", "torture_complaint"}
    assert SAID in str(trial.get(found["hearing"]).json()["answers"])
    assert files_of(trial, found["hearing"]) == [PHOTO]
    with trial.server.store.read() as session:
        assert journal.verify(session, UUID(trial.programme.id)) > 0


def files_of(trial, observation):
    """The files of an observation, as the coordinator gets them."""
    token = trial.coordinator.token
    kept = trial.server.get(f"/v1/attachments?observation_id={observation}", token=token).json()["items"]
    return [trial.server.get(f"/v1/attachments/{each['id']}/content", token=token).content for each in kept]


def test_two_tabs_send_each_thing_once_and_both_hear_of_it(trial, desk, pocket):
    phone = pocket.open()
    phone.enrol(desk.code())
    other = Phone(pocket.context, phone.address)
    other.page.goto(f"{phone.address}/observe#/status")
    other.page.wait_for_selector("h1")
    batches = []
    pocket.context.on("request", lambda request: batches.append(request) if request.url.endswith("/batch") else None)
    # A tab that is not looked at draws nothing, and whoever drives it waits for that.
    phone.page.bring_to_front()
    file_a_hearing(phone)
    other.page.bring_to_front()
    other.page.wait_for_selector(".card .badge.good >> nth=1")
    assert len(arrived(trial)) == 2
    assert 1 <= len(batches) <= 2
    assert phone.complaints == other.complaints == []


PHRASE = "ak boz at dala"
KEEP = """async (name) => {
  const store = await import('/observe/store.js');
  return store.put('kept', {key: name, name}).then(() => 'kept', (fault) => fault.message);
}"""
READ = """async () => {
  const store = await import('/observe/store.js');
  return Promise.all(['late', 'here', 'there'].map(async (key) => (await store.get('kept', key))?.name ?? null));
}"""
WIPE = "async () => (await import('/observe/store.js')).wipe()"


@pytest.mark.parametrize("why", ["revoked", "removed"])
def test_a_phone_that_was_put_out_says_so_and_keeps_what_it_has(trial, desk, pocket, why):
    phone = pocket.open(language="en-US")
    page = phone.page
    phone.enrol(desk.code())
    pocket.context.set_offline(True)
    file_a_hearing(phone)
    if why == "revoked":
        desk.put_out()
    else:
        trial.server.delete(f"/v1/programmes/{trial.programme.id}/members/{trial.observer.member_id}", token=trial.coordinator.token)
    phone.online()
    phone.go("status", ".card .badge.bad >> nth=1")
    wait_until(lambda: {state for _, state, _ in phone.listed()} == {"needs_sign_in"})
    page.reload()
    page.wait_for_selector(".notice.bad button.main")
    assert "The server no longer knows this phone. What you filled in is safe here" in page.inner_text(".notice.bad")
    assert arrived(trial) == {}
    if why == "revoked":
        page.locator(".notice.bad button.main").click()
        page.fill("#code", desk.code())
        page.click("[type=submit]")
        page.wait_for_selector(".card .badge.good >> nth=1")
        assert len(arrived(trial)) == 2


def test_what_is_only_on_a_phone_goes_into_a_locked_file_and_from_there_to_another(trial, desk, pocket):
    phone = pocket.open(language="en-US")
    page = phone.page
    phone.enrol(desk.code())
    pocket.context.set_offline(True)
    file_a_hearing(phone)
    phone.go("status", "#keep summary")
    page.locator("#keep summary").click()
    page.fill("#keep-phrase", PHRASE)
    with page.expect_download() as handed:
        page.click("#keep [type=submit]")
    content = handed.value.path().read_bytes()
    assert content.startswith(b"hearsight-kept-1")
    assert SAID.encode() not in content
    page.evaluate(WIPE)
    pocket.context.set_offline(False)
    page.reload()

    phone.enrol(desk.code())
    phone.go("status", "#take summary")
    page.locator("#take summary").click()
    for phrase, said in (("another phrase", "is not the one of this file"), (PHRASE, "for sending: 2")):
        page.set_input_files("#take-file", {"name": "copy.bin", "mimeType": "", "buffer": content})
        page.fill("#take-phrase", phrase)
        page.click("#take [type=submit]")
        page.wait_for_selector(f"#take [role=status]:has-text('{said}')")
    phone.await_listed(THERE)
    found = arrived(trial)
    assert len(found) == 2
    assert files_of(trial, found["hearing"]) == [PHOTO]


def test_a_phone_that_is_wiped_begins_anew_in_every_tab_with_one_key(desk, pocket):
    phone = pocket.open(language="en-US")
    phone.enrol(desk.code())
    other = Phone(pocket.context, phone.address)
    other.page.goto(f"{phone.address}/observe#/status")
    other.page.wait_for_selector(".card, main h1")
    phone.page.evaluate(WIPE)
    # What was under way when the phone was wiped: kept now, it would be sealed under a key that nobody has.
    assert phone.page.evaluate(KEEP, "late") == "wiped"
    phone.page.reload()
    for each in (phone, other):
        each.page.wait_for_selector("#code")
    assert [each.page.evaluate(KEEP, name) for each, name in ((phone, "here"), (other, "there"))] == ["kept", "kept"]
    assert [each.page.evaluate(READ) for each in (phone, other)] == [[None, "here", "there"]] * 2


def test_a_phone_that_nobody_touches_locks_itself_and_shows_nothing_until_the_pin_is_typed(desk, pocket):
    phone = pocket.open()
    phone.page.clock.install()
    phone.enrol(desk.code())
    phone.go("settings", "#new")
    phone.page.fill("#new", "kara kobyz")
    phone.page.fill("#again", "kara kobyz")
    phone.page.locator("section form [type=submit]").click()
    phone.page.wait_for_selector("#before")
    for _ in range(2):
        phone.page.clock.fast_forward("04:40")
        phone.page.keyboard.press("Shift")
    phone.page.wait_for_selector("#before")
    phone.page.clock.fast_forward("05:20")
    phone.page.wait_for_selector("#pin")
    assert phone.page.locator("nav.screens:visible").count() == 0
    open_values = dict(phone.page.evaluate(KEPT))
    assert set(open_values) <= {"keys", "language", "lock"}
    assert "raw" not in open_values["lock"], "the key lies beside what it opens"
    phone.page.fill("#pin", "kara kobys")
    phone.page.click("[type=submit]")
    wait_until(lambda: phone.page.locator("#pin").input_value() == "")
    assert phone.page.locator(".wrong").inner_text()
    phone.page.fill("#pin", "kara kobyz")
    phone.page.click("[type=submit]")
    phone.page.wait_for_selector("nav.screens:visible")
