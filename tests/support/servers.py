"""A running application in process, as its users reach it: over HTTP, with a token."""

import httpx2
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from app.accounts.passwords import Passwords, Work
from app.kit import keys
from app.main import create_app
from app.settings import Settings
from tests.support.leaks import CLIENT, HEADERS, answered
from tests.support.transport import InProcess

# Hashing as weak as the library allows: what it costs is tested where it matters.
PASSWORDS = Passwords(Work(memory=8, passes=1))
_routes: dict[str, list[BaseRoute]] = {}
"""The routes of the first application with or without its documents: the framework works out each on its first request, at 1-2 ms."""


class Server:
    """The application on one database; `with` starts and stops it."""

    def __init__(self, address, folder, **settings) -> None:
        self.settings = Settings(**{"data_dir": folder, "database_url": address, "log_level": "ERROR", **settings})
        keys.make(self.settings.key_files)
        self.app = create_app(self.settings, passwords=PASSWORDS)
        routes = self.app.router.routes
        routes[:] = _routes.setdefault(self.settings.docs, list(routes))
        self._life = TestClient(self.app)

    def __enter__(self):
        self._life.__enter__()
        self.transport = InProcess(self.app, self._life.portal, CLIENT)
        asking = {"base_url": "http://127.0.0.1", "headers": HEADERS, "event_hooks": {"response": [answered]}}
        self.client = httpx2.Client(transport=self.transport, trust_env=False, **asking)
        return self

    def __exit__(self, *_):
        self.client.close()
        self._life.__exit__(None, None, None)

    @property
    def store(self):
        return self.app.state.store

    def request(self, method, path, *, token=None, **options):
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.client.request(method, path, headers=headers, **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, **({} if body is None else {"json": body}), **options)

    def patch(self, path, body, **options):
        return self.request("PATCH", path, json=body, **options)

    def put(self, path, body, **options):
        return self.request("PUT", path, json=body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)
