"""What the whole suite is searched for: planted names, passwords, narratives, tokens and addresses in logs, output and error bodies.

The product logs at DEBUG into one place while the tests run. After each test, what was logged meanwhile, what was printed, and every
error body are searched, and a test that let something out has failed; PostgreSQL's own log is searched when its server stops. Each process
of a parallel run does so for itself.
"""

import base64
import html
import io
import json
import logging
import re
from urllib.parse import quote, quote_plus

from app import logs

MARK = "kanareika"
"""Stands in every user name that the tests make."""

STORY = "as the lawyer told it on the stairs"
"""Stands in texts that people type: titles, statements, notes of observers."""

CLIENT = ("203.0.113.77", 50_000)
FORWARDED = "198.51.100.23"
HEADERS = {
    "User-Agent": f"{MARK}-agent",
    "Referer": f"https://{MARK}.example/",
    "X-Forwarded-For": FORWARDED,
    "Forwarded": f"for={FORWARDED}",
    "Cookie": f"{MARK}=1",
}
"""What every request of the tests carries, beside its own; the address it comes from is `CLIENT` (RFC 5737)."""

PATTERNS = {
    "an access token": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}"),
    "a bearer": re.compile(r"Bearer\s+[\w.~+/-]{8,}", re.IGNORECASE),
    "a password's hash": re.compile(r"\$argon2"),
    "an address": re.compile(r"(?<![\w.])(?!127\.0\.0\.1|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
}


def in_base64(value):
    """The parts of a value's base64 that are the same wherever in a text it stands, in both alphabets."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + value)
        kept = coded[(8 * before + 5) // 6 : (before + len(value)) * 8 // 6].decode()
        yield from (kept, kept.replace("+", "-").replace("/", "_"))


def spellings(text):
    """Every way in which a text may stand in a log: plain, folded, escaped for JSON, a URL or HTML, in hex or base64, as Python's bytes."""
    raw = text.encode()
    plain = {text, text.casefold(), json.dumps(text)[1:-1], quote(text), quote_plus(text), html.escape(text), repr(text)[1:-1]}
    return {each for each in {*plain, repr(raw)[2:-1], raw.hex(), raw.hex().upper(), *in_base64(raw)} if each}


MOST_TOKENS = 300


class Needles:
    """What must not be found, by what it is: every spelling of what is planted for good, and the last few hundred tokens given out."""

    def __init__(self):
        self.planted = {}
        self.tokens = {}

    def plant(self, what, *texts):
        """Something that no log may ever hold."""
        self.planted |= {spelling: what for text in texts for spelling in spellings(text)}

    def give_out(self, what, token):
        """A token that a server just gave to somebody."""
        self.tokens[token] = what
        if len(self.tokens) > MOST_TOKENS:
            del self.tokens[next(iter(self.tokens))]

    def found_in(self, text, where):
        """What of it stands in a text, told with its surroundings."""
        planted = [(what, text.find(each)) for needles in (self.planted, self.tokens) for each, what in needles.items() if each in text]
        matched = [(what, found.start()) for what, pattern in PATTERNS.items() for found in pattern.finditer(text)]
        return [f"{what} in {where}: …{text[max(0, place - 120) : place + 80]!r}…" for what, place in planted + matched]


class Ear(logs.Handler):
    """The product's own handler; of the product's own records it hears the raw form as well, before anything is left out."""

    def __init__(self):
        super().__init__(io.StringIO())

    def emit(self, record):
        super().emit(record)
        if record.name.split(".")[0] == logs.OURS:
            facts = {name: value for name, value in vars(record).items() if name not in ("exc_info", "pathname")}
            self.stream.write(f"{facts} {record.exc_info[1] if record.exc_info else ''}\n")

    def taken(self):
        """What was heard since the last time."""
        heard = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        return heard


NEEDLES = Needles()
EAR = Ear()
ERRORS = []


def listen():
    """From now on the process logs as the product does, at DEBUG, into the ear."""
    logs.configure("DEBUG", EAR.stream)
    logging.getLogger().handlers[:] = [EAR]


def hear(text):
    """What a process of its own wrote to its log."""
    EAR.stream.write(text)


def answered(response):
    """Every answer of a server in this process: errors are searched, and secrets that it gave out are looked for from here on."""
    if response.status_code >= 400:
        response.read()
        told = {name: value for name, value in response.headers.items() if name != "www-authenticate"}
        # As sent, and with what was escaped in it unescaped.
        ERRORS.append(f"{told} {response.text} {_unescaped(response.text)}")
    elif response.request.url.path.endswith(("/v1/auth/token", "/v1/devices", "/enrolments")) and response.request.method == "POST":
        response.read()
        for name, value in response.json().items():
            if name.endswith("_token"):
                NEEDLES.give_out(f"the {name}", value)
            elif name == "code":
                NEEDLES.give_out("a code in groups", value)
                NEEDLES.give_out("a code", value.replace("-", ""))


def _unescaped(text):
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return ""


def reckon(printed=()):
    """What was let out since the last reckoning, by the log, by error bodies, and by what was printed: pairs of a name and a text."""
    errors = "\n".join(ERRORS)
    ERRORS.clear()
    heard = [("the log", EAR.taken()), ("an error body", errors), *printed]
    return [each for where, text in heard if text for each in NEEDLES.found_in(text, where)]


def judge(report):
    """Fail a phase of a test in which something was let out; one that failed already has other worries, and may print what it likes."""
    printed = [
        (name, text) for name, text in report.sections if name in (f"Captured stdout {report.when}", f"Captured stderr {report.when}")
    ]
    found = reckon(printed)
    if found and report.passed:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} let out what was planted:\n" + "\n".join(found[:10])
