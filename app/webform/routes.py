"""The observer's app at `/observe` and the coordinator's page at `/enrol`: static files for anybody, which hold nothing of anybody."""

from starlette.requests import Request
from starlette.responses import Response

from app.kit import access, errors, etags
from app.webform.files import MEDIA_TYPES, PAGE, WORKER, File, served

APP, ENROL = "static", "pages"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src blob:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types worker"
)
PART = {
    # Asked for again each time, by its tag: an old file beside a new one would be an app that nobody tested.
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}
"""Of a file that a page loads. What the page may do is no matter of its parts, and would be a fifth of all that goes over the wire."""
RUNNING = {
    **PART,
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Of a page or a worker: it may load what comes from here, run nothing that is written into it, and be shown inside no other."""
_RUNS = (MEDIA_TYPES[".html"], MEDIA_TYPES[".svg"])

api = access.router("webform", prefix="")


@api.get("/observe", include_in_schema=False)
@access.allow(access.PUBLIC)
def get_app(request: Request) -> Response:
    """The observer's app."""
    return _answer(request, APP, PAGE)


@api.get("/observe/{file}", include_in_schema=False)
@access.allow(access.PUBLIC)
def get_app_file(file: str, request: Request) -> Response:
    """A file of the app. Its worker may look after `/observe`, which lies above the folder that it comes from."""
    response = _answer(request, APP, file)
    if file == WORKER:
        response.headers["Service-Worker-Allowed"] = "../observe"
    return response


@api.get("/observe/screens/{screen}", include_in_schema=False)
@access.allow(access.PUBLIC)
def get_app_screen(screen: str, request: Request) -> Response:
    """A screen of the app."""
    return _answer(request, APP, f"screens/{screen}")


@api.get("/observe/words/{words}", include_in_schema=False)
@access.allow(access.PUBLIC)
def get_app_words(words: str, request: Request) -> Response:
    """The words of the app in one language."""
    return _answer(request, APP, f"words/{words}")


@api.get("/enrol", include_in_schema=False)
@access.allow(access.PUBLIC)
def get_enrolment_page(request: Request) -> Response:
    """The coordinator's page: codes for phones, and the phones that there are."""
    return _answer(request, ENROL, PAGE)


@api.get("/enrol/{part}", include_in_schema=False)
@access.allow(access.PUBLIC)
def get_enrolment_file(part: str, request: Request) -> Response:
    """A file of the coordinator's page."""
    return _answer(request, ENROL, part)


def _answer(request: Request, folder: str, name: str) -> Response:
    file = served(folder).get(name)
    if file is None:
        raise errors.missing()
    headers = {**(RUNNING if name == WORKER or file.media_type in _RUNS else PART), "ETag": f"W/{file.tag}"}
    if etags.has(request.headers.get("if-none-match"), file.tag):
        return Response(status_code=304, headers=headers)
    return _sent(file, headers, is_packed=takes_gzip(request.headers.get("accept-encoding", "")))


def _sent(file: File, headers: dict[str, str], *, is_packed: bool) -> Response:
    if is_packed and len(file.packed) < len(file.content):
        return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.media_type)
    return Response(file.content, headers=headers, media_type=file.media_type)


def takes_gzip(accepted: str) -> bool:
    """Whether an `Accept-Encoding` names gzip and does not refuse it (RFC 9110, 12.5.3)."""
    named = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        named[coding.strip()] = weight.replace(" ", "")
    found = named.get("gzip", named.get("*"))
    return found is not None and found not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
