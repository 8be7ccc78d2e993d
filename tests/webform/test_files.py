"""What browsers load: strict headers, gzip, tags, a worker that knows every file, and a first load that fits a bad line."""

import gzip
import json
import posixpath
import re

import pytest

from app.webform.files import HERE, MEDIA_TYPES, File, served, version
from app.webform.routes import takes_gzip

PAGES = ("/observe", "/enrol")
BUDGET = 150_000
HEADERS_OF_ONE = 900
"""Bytes of a request and of the headers of its answer, generously."""


@pytest.fixture
def dialect():
    """One database is enough: none of this touches it."""
    return "sqlite"


def addresses():
    app = ["/observe", *(f"/observe/{name}" for name in served("static") if name != "index.html")]
    return [*app, "/enrol", *(f"/enrol/{name}" for name in served("pages") if name != "index.html")]


def listed(worker):
    version_line, files_line = worker.splitlines()[:2]
    return json.loads(version_line.removeprefix("const VERSION = ").rstrip(";")), json.loads(
        files_line.removeprefix("const FILES = ").rstrip(";")
    )


def test_every_file_is_served_to_anybody_and_is_of_a_kind_that_is_meant(server):
    for address in addresses():
        answer = server.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-cache"
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-type"].partition(";")[0] in {each.partition(";")[0] for each in MEDIA_TYPES.values()}


def test_what_runs_in_a_browser_may_run_nothing_but_files_of_its_own(server):
    running = ["/observe", "/enrol", "/observe/sw.js", "/observe/icon.svg"]
    assert {address for address in addresses() if address.endswith((".html", ".svg"))} <= set(running)
    for address in running:
        answer = server.get(address)
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
        assert policy["require-trusted-types-for"] == "'script'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_what_the_first_screen_needs_is_named_on_the_page_itself():
    files = served("static")
    named = set(re.findall(r'modulepreload" href="observe/([^"]+)"', files["index.html"].content.decode()))
    needed, new = set(), {"app.js", "screens/enrol.js"}
    while new:
        needed |= new
        found = {each for name in new for each in imported(name, files[name].content.decode())}
        new = found - needed
    assert named == needed - {"app.js"}


def imported(name, script):
    """The files that a module imports before it runs, by their path in the folder."""
    found = re.findall(r'^import .*?"(\.[^"]+)";$', script, re.MULTILINE)
    return [posixpath.normpath(posixpath.join(posixpath.dirname(name), each)) for each in found]


def test_a_file_that_a_browser_has_is_not_sent_again_and_one_that_changed_is(server):
    answer = server.get("/observe/store.js")
    again = server.get("/observe/store.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]
    assert server.get("/observe/store.js", headers={"If-None-Match": 'W/"of-before"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("gzip, deflate, br", True), ("*", True), ("GZIP;q=0.5", True), ("identity", False), ("gzip;q=0", False), ("br, *;q=0", False)],
)
def test_files_are_packed_for_those_who_take_gzip(server, accepted, is_packed):
    assert takes_gzip(accepted) is is_packed
    answer = server.get("/observe/store.js", headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == served("static")["store.js"].content


def test_the_first_load_and_all_that_the_worker_keeps_fit_the_budget_of_a_bad_line(server):
    sent = {}
    for address in addresses():
        if address.startswith("/observe"):
            with server.client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
                sent[address] = len(b"".join(answer.iter_raw())) + HEADERS_OF_ONE
    assert sum(sent.values()) < BUDGET, sorted(sent.items(), key=lambda each: -each[1])


def test_the_worker_keeps_every_file_that_a_page_module_or_style_names(server):
    worker = server.get("/observe/sw.js")
    assert worker.headers["service-worker-allowed"] == "../observe"
    _, files = listed(worker.text)
    assert sorted([*files, "index.html", "sw.js"]) == sorted(served("static"))
    for name in files:
        if name.endswith(".js"):
            folder = f"observe/{name}".rpartition("/")[0]
            for found in re.findall(r"""(?:from|import\(|import) ?["'](\.[^"']+)["']""", served("static")[name].content.decode()):
                assert resolved(folder, found).removeprefix("observe/") in files, (name, found)


def resolved(folder, relative):
    steps = folder.split("/")
    for part in relative.split("/"):
        if part == "..":
            steps.pop()
        elif part != ".":
            steps.append(part)
    return "/".join(steps)


def test_the_name_of_the_workers_cache_changes_with_any_file_and_with_nothing_else(server):
    name, _ = listed(server.get("/observe/sw.js").text)
    files = {key: value for key, value in served("static").items() if key != "sw.js"}
    whole = {**files, "sw.js": File.of((HERE / "static" / "sw.js").read_bytes(), "text/javascript")}
    assert version(whole) == name
    for changed in ("app.js", "style.css", "sw.js", "index.html"):
        other = {**whole, changed: File.of(whole[changed].content + b"\n", "text/plain")}
        assert version(other) != name, changed
    assert version({each: file for each, file in whole.items() if each != "icon.svg"}) != name


def test_nothing_but_the_listed_files_is_reached(server):
    for path in (
        "/observe/",
        "/observe/nothing.js",
        "/observe/../routes.py",
        "/observe/%2e%2e/routes.py",
        "/enrol/",
        "/enrol/app.js",
        "/observe/index.htm",
    ):
        assert server.get(path).status_code == 404, path
    assert gzip.decompress(served("static")["app.js"].packed) == served("static")["app.js"].content


def test_no_page_or_module_writes_html_from_text_or_loads_from_elsewhere():
    for folder in ("static", "pages"):
        for name, file in served(folder).items():
            if name.endswith((".js", ".html", ".css", ".svg")):
                text = file.content.decode()
                assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\sstyle=", text), name
                assert set(re.findall(r"https?://[^\s\"'`)]+", text)) <= {"http://www.w3.org/2000/svg"}, name
