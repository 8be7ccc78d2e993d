"""A real Chromium showing the observer's app: somebody signed in, with a small screen, and what axe says of what is shown."""

import shutil
import subprocess
from contextlib import contextmanager
from functools import cache

from tests.support.house import ROOT

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
_FULL = """() => {
  window.putAsBefore = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') };
}"""
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


class Phone:
    """A page of the app on a small screen. `complaints` are what its console said."""

    def __init__(self, context, address) -> None:
        self.page, self.address, self.complaints = context.new_page(), address, []
        self.page.set_default_timeout(15_000)
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

    def fill_up(self, *, is_full=True):
        """Let the browser have no room for anything more, as when a phone is full; or give it back."""
        self.page.evaluate(_FULL if is_full else "() => { IDBObjectStore.prototype.put = window.putAsBefore }")

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
