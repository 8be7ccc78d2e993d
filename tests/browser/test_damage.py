"""What goes wrong on the phone itself in a real Chromium: damaged records, a lost connection, a slow photo, two windows at once."""

import pytest

from tests.support.browsers import a_phone, wait_until
from tests.support.filling import answer_hearing, open_hearing
from tests.support.own_forms import QUESTIONS, Desk

STORED = [["hearing", "stored", True]]
ENQUEUE = "async (body) => (await import('/observe/sync.js')).enqueue(body)"
PUT = "async ([kind, value]) => (await import('/observe/store.js')).put(kind, value)"
ALL = "async (kind) => (await import('/observe/store.js')).all(kind)"
DAMAGE = """async (places) => {
  const asked = (store) => new Promise((done) => (store.onsuccess = () => done(store.result)));
  const opened = await asked(indexedDB.open('hearsight'));
  for (const [kind, id] of places) {
    const found = await asked(opened.transaction(kind).objectStore(kind).get(id));
    await asked(opened.transaction(kind, 'readwrite').objectStore(kind).put({...found, told: new Blob([new Uint8Array(64)])}));
  }
  opened.close();
}"""
CLOSE = """async () => {
  const begun = IDBDatabase.prototype.transaction;
  const opened = await new Promise((done) => {
    IDBDatabase.prototype.transaction = function (...given) { done(this); return begun.apply(this, given); };
  });
  IDBDatabase.prototype.transaction = begun;
  opened.close();
}"""
MEND_TWICE = """async (id) => {
  const sync = await import('/observe/sync.js');
  return (await Promise.all([sync.mend(id), sync.mend(id)])).filter((draft) => draft !== null).length;
}"""
SEAL_SLOWLY = """() => {
  const encrypt = SubtleCrypto.prototype.encrypt;
  SubtleCrypto.prototype.encrypt = async function (how, key, bytes) {
    if (bytes.byteLength > 500000) await new Promise((done) => setTimeout(done, 1500));
    return encrypt.call(this, how, key, bytes);
  };
}"""


@pytest.fixture
def phone(house, trial):
    """A phone of the trial's observer."""
    with a_phone(house.browser, house.address, house.folder, service_workers="block") as found:
        found.sign_in(trial.observer, trial.programme, "en")
        yield found


def listed(trial):
    return trial.server.get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]


def test_what_cannot_be_read_any_more_keeps_nothing_else_back_and_is_told(phone, trial):
    page = phone.page
    page.route("**/v1/observations/batch", lambda route: route.abort())
    bad, good = trial.body(), trial.body(hearing="H-02")
    for body in (bad, good):
        page.evaluate(ENQUEUE, body)
    for draft in ("d1", "d2"):
        page.evaluate(PUT, ["draft", {"id": draft, "form": "hearing", "case_id": trial.case, "answers": {}, "changed_at": 1}])
    wait_until(lambda: page.evaluate("async () => (await (await import('/observe/store.js')).get('kept', 'sync'))?.tries > 0"))
    page.evaluate(DAMAGE, [["outbox", bad["id"]], ["draft", "d1"], ["kept", "sync"], ["kept", "bootstrap"]])
    page.unroute("**/v1/observations/batch")
    page.reload()
    page.wait_for_selector("h1")
    phone.go("status", ".notice.bad:has-text('no longer be read: 2')")
    page.wait_for_selector(".card .badge.good")
    phone.go("drafts", ".card")
    assert page.locator(".card").count() == 1
    assert [each["id"] for each in listed(trial)] == [good["id"]]


def test_a_connection_that_the_browser_ended_is_made_anew_and_an_entry_is_taken_back_once(phone, trial):
    page = phone.page
    closed = page.evaluate_handle(f"() => ({{ ended: ({CLOSE})() }})")
    body = trial.body()
    entry = {"id": body["id"], "body": body, "state": "conflict", "tries": 0, "filed_at": 1}
    page.evaluate(PUT, ["outbox", entry])
    closed.evaluate("(found) => found.ended")
    page.evaluate(
        PUT, ["file", {"id": "f", "observation_id": body["id"], "state": "refused", "name": "a.png", "type": "image/png", "size": 1}]
    )
    assert page.evaluate(MEND_TWICE, body["id"]) == 1
    (draft,) = page.evaluate(ALL, "draft")
    assert [(each["observation_id"], each["state"]) for each in page.evaluate(ALL, "file")] == [(draft["id"], "draft")]
    page.evaluate(ENQUEUE, body)
    wait_until(lambda: phone.listed() == STORED)
    assert page.evaluate(MEND_TWICE, body["id"]) == 0
    page.evaluate("async (id) => (await import('/observe/sync.js')).discard(id)", body["id"])
    assert phone.listed() == STORED


def test_a_photo_that_is_still_being_sealed_goes_with_its_form(phone, trial):
    page = phone.page
    open_hearing(phone)
    answer_hearing(phone)
    phone.choose("torture_complaint_today", 1)
    page.evaluate(SEAL_SLOWLY)
    photo = bytes.fromhex("89504e470d0a1a0a") + bytes(600_000)
    page.set_input_files("#photos", {"name": "large.png", "mimeType": "image/png", "buffer": photo})
    page.click("#check")
    page.wait_for_selector("#ready")
    page.locator(".notice button.main").click()
    page.wait_for_selector(".notice[role=status]")
    phone.await_listed(STORED)
    (found,) = listed(trial)
    kept = trial.server.get(f"/v1/attachments?observation_id={found['id']}", token=trial.coordinator.token).json()["items"]
    assert [each["length"] for each in kept] == [len(photo)]


def test_a_lock_that_closes_waits_for_the_photo_that_is_being_sealed(phone):
    page = phone.page
    open_hearing(phone)
    page.evaluate(SEAL_SLOWLY)
    page.set_input_files("#photos", {"name": "large.png", "mimeType": "image/png", "buffer": bytes(600_000)})
    page.evaluate("async () => void (await import('/observe/lock.js')).close()")
    page.wait_for_selector(".files li")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == "reload"
    assert phone.complaints == []


@pytest.mark.parametrize(
    "lacking", ["Window.prototype.indexedDB", "Navigator.prototype.locks", "Crypto.prototype.subtle", "BroadcastChannel"]
)
def test_a_browser_that_lacks_what_the_app_needs_says_what_to_do(house, lacking):
    with a_phone(house.browser, house.address, house.folder, service_workers="block") as phone:
        owner, _, name = lacking.rpartition(".")
        phone.page.add_init_script(f"Object.defineProperty({owner or 'globalThis'}, '{name}', {{ value: undefined }})")
        phone.page.add_init_script(f"globalThis.{name} && Object.defineProperty(globalThis, '{name}', {{ value: undefined }})")
        phone.page.goto(f"{house.address}/observe")
        phone.page.locator("#late p >> nth=2").wait_for(state="visible")
        assert phone.page.inner_text("#late p:lang(en)").startswith("If the app does not open")


FILL = """async () => {
  const store = await import('/observe/store.js');
  const file = (size) => ({id: 'x', blob: new Blob([new Uint8Array(size)])});
  const put = (size) => store.put('file', file(size)).then(() => 'kept', (fault) => fault.constructor.name);
  return [await put(3000000), await put(3000)];
}"""


def test_a_phone_whose_storage_is_full_sends_what_waits(trial, desk, pocket):
    phone = pocket.open(language="en-US")
    phone.leave_room(2_000_000)
    phone.enrol(desk.code())
    pocket.context.set_offline(True)
    phone.page.evaluate(ENQUEUE, trial.body())
    phone.leave_room(1)
    assert phone.page.evaluate(FILL) == ["StorageFull", "StorageFull"]
    phone.online()
    wait_until(lambda: phone.listed() in ([], STORED))
    assert len(listed(trial)) == 1


def test_a_clock_that_was_set_back_does_not_keep_old_lists_and_what_another_filed_says_that_it_waits(phone, trial):
    page, body, refused = phone.page, trial.body(), trial.body()
    for each, state in ((body, "waiting"), (refused, "refused")):
        page.evaluate(PUT, ["outbox", {"id": each["id"], "body": each, "state": state, "tries": 0, "filed_at": 1, "owner": "p/OBS9"}])
    page.evaluate("""async () => {
      const store = await import('/observe/store.js');
      await store.put('kept', {...(await store.get('kept', 'bootstrap')), at: Date.now() + 1e11});
    }""")
    with page.expect_request("**/v1/bootstrap"):
        page.reload()
    page.wait_for_selector("h1")
    phone.go("status", ".card .badge.bad:has-text('Waits until this phone is enrolled again')")
    assert page.locator(".card .badge.bad:has-text('Waits until this phone is enrolled again')").count() == 2
    assert page.locator("button:has-text('Mend it')").count() == 0
    assert page.evaluate(MEND_TWICE, refused["id"]) == 0
    page.evaluate("async (id) => (await import('/observe/sync.js')).discard(id)", refused["id"])
    assert [each["state"] for each in page.evaluate(ALL, "outbox") if each["id"] == refused["id"]] == ["refused"]
    assert listed(trial) == []


FAIL_ONCE = """() => {
  const query = LockManager.prototype.query;
  LockManager.prototype.query = function () {
    LockManager.prototype.query = query;
    return Promise.reject(new Error('once'));
  };
}"""


def test_a_form_that_could_not_be_drawn_once_can_be_opened_again(phone):
    page = phone.page
    open_hearing(phone)
    phone.go("drafts", ".card button.main")
    page.evaluate(FAIL_ONCE)
    page.click(".card button.main")
    page.wait_for_selector("#fault")
    phone.go("drafts", ".card button.main")
    page.click(".card button.main")
    page.wait_for_selector("#q-arrived_at")


SCANS = {"code": "scans", "type": "attachment_refs", "label": {"en": "Scans"}, "required": True, "constraint": {"min_items": 1}}
ANSWERED = """async () => {
  const drafts = await (await import('/observe/store.js')).all('draft');
  return drafts.filter((draft) => draft.form !== 'hearing').map((draft) => Object.keys(draft.answers).sort());
}"""


def test_a_file_that_is_still_being_sealed_when_its_form_is_left_undoes_nothing_that_is_answered_since(phone, trial):
    Desk(trial.server, trial.programme).published(questions=[*QUESTIONS, SCANS])
    page = phone.page
    page.evaluate("async () => (await import('/observe/app.js')).load()")
    open_hearing(phone)
    page.get_by_role("button", name="Courthouse").click()
    page.wait_for_selector("#a-scans")
    page.evaluate(SEAL_SLOWLY)
    large = {"name": "large.png", "mimeType": "image/png", "buffer": bytes(600_000)}
    page.set_input_files("#a-scans", large)
    phone.go("drafts", ".card button.main")
    wait_until(lambda: page.evaluate(ANSWERED) == [["scans"]])
    reopen = page.locator(".card", has_text="Courthouse").locator("button.main").first
    reopen.click()
    page.wait_for_selector("#q-scans li")
    page.set_input_files("#a-scans", large)
    phone.go("drafts", ".card button.main")
    reopen.click()
    page.wait_for_selector("#a-scans")
    phone.choose("entrances", 0)
    wait_until(lambda: page.evaluate("async () => (await (await import('/observe/store.js')).all('file')).length") == 2)
    wait_until(lambda: page.evaluate(ANSWERED) == [["entrances", "scans"]])
    page.wait_for_timeout(300)
    assert page.evaluate(ANSWERED) == [["entrances", "scans"]]
