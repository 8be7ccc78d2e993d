"""A real Chromium showing the observer's app: somebody signed in, with a small screen, and what axe says of what is shown."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.house import ROOT
from tests.support.people import PASSWORD

ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
GRAVE = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOUCHED = 44
_SEED = """async ([session, language]) => {
  const store = await import('/observe/store.js');
  const lock = await import('/observe/lock.js');
  await lock.isLocked();
  await store.put('kept', {key: 'session', good: Date.now() + 3000000, ...session});
  await store.put('kept', {key: 'language', value: language});
}"""
_LISTED = """async () => {
  const store = await import('/observe/store.js');
  return (await store.all('outbox')).map((entry) => [entry.body.form, entry.state, Boolean(entry.wiped)]).sort();
}"""
_PAUSE = "async () => (await import('/observe/store.js')).get('kept', 'sync')"
PATIENCE = 60
"""Seconds for what should take one: a machine may be busy, and what never comes is noticed all the same."""
_JUDGED = """async (rules) => (await axe.run(document, {runOnly: rules})).violations
  .map((each) => [each.id, each.impact, each.nodes.map((node) => node.html.slice(0, 120))])"""
_TOO_SMALL = """(least) => [...document.querySelectorAll('button, a, input, select, textarea, summary')]
  .filter((each) => each.offsetParent && !each.classList.contains('skip'))
  .map((each) => [each.outerHTML.slice(0, 90), (each.closest('label.choice') ?? each).getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least)
  .map(([html]) => html)"""


@cache
def _axe(folder):
    """The axe library, fetched by npm."""
    shutil.copy(ROOT / "tests" / "browser" / "package.json", folder)
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    found = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class House(NamedTuple):
    """A server, its address, a browser, and a folder for what the browser is handed."""

    server: Any
    address: str
    browser: Any
    folder: Path


def wait_until(is_so):
    """What a page of a strict policy does not let a browser's own waiting look at."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.1)


class Phone:
    """A page of the app on a small screen. `complaints` are what its console said."""

    def __init__(self, context, address) -> None:
        self.page, self.address, self.complaints = context.new_page(), address, []
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def sign_in(self, person, programme, language):
        """As somebody who enrolled this phone, without the enrolment."""
        self.page.goto(f"{self.address}/observe#/settings")
        self.page.wait_for_selector("h1")
        device = {"id": "00000000-0000-7000-8000-000000000000", "member": person.code, "programme_id": programme.id, "label": "a phone"}
        session = {"device": device, "access": person.token, "refresh": person.refresh_token}
        self.page.evaluate(_SEED, [session, language])
        self.page.reload()
        self.page.wait_for_selector("h1")
        self.page.evaluate("async () => { const app = await import('/observe/app.js'); await app.load(); }")

    def go(self, screen, expected="h1"):
        """Show a screen; `expected` is something that only it has."""
        self.page.evaluate("() => document.getElementById('main').replaceChildren()")
        self.page.evaluate("async (screen) => (await import('/observe/app.js')).go(screen)", screen)
        self.page.wait_for_selector(expected)

    def enrol(self, code, *, is_whole=True):
        """As by the camera: the code stands in the address, and nowhere a moment later; the app is whole, or cannot be."""
        self.page.goto(f"{self.address}/observe#enrol={code}")
        self.page.wait_for_selector("#code")
        assert code not in self.page.url
        self.page.click("[type=submit]")
        self.page.wait_for_selector(".card button.main")
        if is_whole:
            self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def listed(self):
        """What lies in the outbox: form, state, and whether it is wiped."""
        return self.page.evaluate(_LISTED)

    def await_listed(self, expected):
        """Wait until this, and nothing else, lies in the outbox; else say what does."""
        with contextlib.suppress(AssertionError):
            wait_until(lambda: self.listed() == expected)
        found = self.listed()
        assert found == expected, f"{found} is there, {self.page.evaluate(_PAUSE)} was told to wait, and the console said {self.complaints}"

    def online(self):
        """Have the network back, which a phone says of itself."""
        self.page.context.set_offline(False)
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def leave_room(self, size=None):
        """Let the browser keep so many bytes and no more, as on a phone that is full; all that there is for none.

        Chromium looks again only when what it remembers would not do: so there must be little from before the page is loaded.
        """
        quota = {} if size is None else {"quotaSize": size}
        session = self.page.context.new_cdp_session(self.page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": self.address, **quota})

    def question(self, code):
        return self.page.locator(f"#q-{code}")

    def choose(self, code, term):
        """Answer a question of one term by its place among the terms, or of a list by its code."""
        question = self.question(code)
        if question.locator("select").count():
            question.locator("select").select_option(term)
        else:
            question.locator(".choice").nth(term).click()

    def found_wrong(self):
        """What a reader with a screen reader, a keyboard, large fingers or a small screen would stumble over."""
        judged = self.page.evaluate(_JUDGED, RULES)
        wrong = [each for each in judged if each[1] in GRAVE]
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [*wrong, *(["wider than the screen"] if wide else []), *self.page.evaluate(_TOO_SMALL, TOUCHED)]


@contextmanager
def a_chromium():
    """Chromium as the system has it."""
    from playwright.sync_api import sync_playwright  # Only the tests in a browser need it.

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def a_phone(browser, address, folder, *, width=360, **options):
    """A phone with a screen of some width, on which axe can be asked."""
    small = {
        "viewport": {"width": width, "height": 740},
        "is_mobile": True,
        "has_touch": True,
        "locale": "ru-RU",
        "timezone_id": "Asia/Almaty",
    }
    context = browser.new_context(**small, **options)
    # Before the page's own policy: the library is the test's, and the app itself runs nothing of others.
    context.add_init_script(_axe(folder))
    try:
        yield Phone(context, address)
    finally:
        context.close()


SMALL = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "timezone_id": "Asia/Almaty"}


class Pocket:
    """A phone whose storage outlives its browser: what is ended by force is opened again."""

    def __init__(self, browser, address, folder) -> None:
        self.kind, self.address, self.folder = browser.browser_type, address, folder
        self.context: Any = None

    def open(self, *, language="ru-RU", offline=False):
        """The app's page, not loaded yet."""
        options = {**SMALL, "locale": language, "offline": offline, "args": ARGUMENTS, "executable_path": shutil.which("chromium")}
        self.context = self.kind.launch_persistent_context(str(self.folder), **options)
        return Phone(self.context, self.address)

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

    def readable(self, text):
        """The files of the browser in which a text can be read."""
        written = (text.encode(), text.encode("utf-16-le"))
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return [path.name for path in files if any(each in path.read_bytes() for each in written)]


class Desk:
    """The coordinator's page, signed in."""

    def __init__(self, browser, address, trial) -> None:
        self.browser, self.address, self.trial, self.complaints = browser, address, trial, []

    def __enter__(self):
        self.context = self.browser.new_context(viewport={"width": 360, "height": 740}, locale="kk-KZ")
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.sign_in()
        return self

    def __exit__(self, *raised):
        self.context.close()

    def sign_in(self):
        """Open the page anew, as it now is."""
        self.page.goto(f"{self.address}/enrol")
        self.page.fill("#username", self.trial.coordinator.username)
        self.page.fill("#password", PASSWORD)
        self.page.click("[type=submit]")
        self.page.wait_for_selector("#member")

    def code(self, member="OBS1"):
        """A code for a phone of somebody."""
        before = self._codes()
        self.page.select_option("#member", label=member)
        self.page.click("form [type=submit]")
        wait_until(lambda: self._codes() not in ([], before))
        assert self.page.evaluate("document.querySelector('.qr').naturalWidth") > 0
        return self._codes()[0].replace("-", "").strip()

    def _codes(self):
        return self.page.locator("p.code").all_inner_texts()

    def put_out(self):
        """Put the first phone of the list out."""
        self.sign_in()
        self.page.locator("td .danger").first.click()
        self.page.locator("td .danger").first.click()
        self.page.wait_for_selector("td .danger", state="detached")
