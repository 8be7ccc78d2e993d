"""The API's description as pages for people: Swagger UI from an installed package, so that it works without any network."""

from importlib import resources

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, Response

# Paths, never addresses: behind a proxy the server does not know under which name it was reached.
FILES = {
    "/swagger/swagger-ui-bundle.js": "text/javascript",
    "/swagger/swagger-ui.css": "text/css",
    "/swagger/favicon-32x32.png": "image/png",
}
_SCRIPT, _STYLE, _ICON = FILES
_SHOWN = {"persistAuthorization": True, "filter": True, "displayRequestDuration": True, "tryItOutEnabled": True}


def install(app: FastAPI) -> None:
    """Serve `/docs` and the three files that it is made of."""
    page = get_swagger_ui_html(
        openapi_url=app.openapi_url or "",
        title=app.title,
        swagger_js_url=_SCRIPT,
        swagger_css_url=_STYLE,
        swagger_favicon_url=_ICON,
        swagger_ui_parameters=_SHOWN,
    )

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return page

    for path, media_type in FILES.items():
        _serve(app, path, media_type)


def _serve(app: FastAPI, path: str, media_type: str) -> None:
    @app.get(path, include_in_schema=False)
    def file() -> Response:
        content = resources.files("fastapi_swagger.resources").joinpath(path.rpartition("/")[2]).read_bytes()
        return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=3600"})
