"""What the summary of a very large case costs the server's process over HTTP: cold, and where the caller has it already.

The case stands in the store (1,000 hearing reports, 2,000 filings about events, some 50,000 marks) and is asked for as coordinators ask:
signed in, by HTTP/1.1 on one connection. What is measured is processor time of the server, SQLite's own work included.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from urllib.parse import urlencode

import httpx2
import sqlalchemy as sa
from sqlmodel import Session

from app.accounts.models import Account
from app.journal.models import CaseRevision
from app.kit.database import Database
from tests.benchmarks.children import Child
from tests.benchmarks.large_case import a_large_case
from tests.benchmarks.targets import Effort, Measured, Target
from tests.support.people import PASSWORD, PASSWORD_HASH

HITS = 200
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Reader:
    """A coordinator who asks for the summary of one case again and again."""

    def __init__(self, database: Database, child: Child) -> None:
        self._database, self._child = database, child
        with Session(database.writing) as session:
            world = a_large_case(session, slug="large")
            session.exec(sa.update(Account).values(password_hash=PASSWORD_HASH))
            session.commit()
            self.rows = {
                name: session.connection().exec_driver_sql(f"SELECT COUNT(*) FROM {name}").scalar_one() for name in ("observation", "mark")
            }
        self._case = world.case
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{child.port}", timeout=60)
        form = urlencode({"grant_type": "password", "username": "large-coo", "password": PASSWORD})
        signed_in = self._client.post("/v1/auth/token", content=form.encode(), headers=FORM)
        self._client.headers["Authorization"] = f"Bearer {signed_in.raise_for_status().json()['access_token']}"

    def cold(self) -> tuple[float, float]:
        """CPU milliseconds for the summary of a case that has just changed, and for the same again without a tag."""
        with Session(self._database.writing) as session:
            session.exec(sa.update(CaseRevision).where(CaseRevision.case_id == self._case).values(revision=CaseRevision.revision + 1))
            session.commit()
        return self._took(), self._took()

    def hit(self) -> float:
        """CPU milliseconds for an answer without content, because the caller has it already."""
        tag = self._ask().headers["ETag"]
        before = self._child.cpu()
        for _ in range(HITS):
            assert self._ask(tag).status_code == httpx2.codes.NOT_MODIFIED
        return (self._child.cpu() - before) / HITS * 1000

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _took(self) -> float:
        before = self._child.cpu()
        answer = self._ask()
        assert answer.status_code == httpx2.codes.OK
        assert answer.json()["coverage"]["hearings_observed"] > 0
        return (self._child.cpu() - before) * 1000

    def _ask(self, tag: str | None = None) -> httpx2.Response:
        return self._client.get(f"/v1/cases/{self._case}/summary", headers={"If-None-Match": tag} if tag else {})


@contextmanager
def reader(effort: Effort) -> Iterator[Reader]:
    """A coordinator of a large case, and the real server that she asks."""
    with effort.stores.product("sqlite") as product:
        database = Database(product.address)
        made = Reader(database, product.child)
        yield made
        made.close()
        database.close()


def cold_summary(effort: Effort) -> Measured:
    """CPU milliseconds of the server for a summary of which nothing is kept."""
    with reader(effort) as asking:
        rounds = [asking.cold() for _ in range(effort.rounds + 1)][1:]
        rows = {f"{name} rows": number for name, number in asking.rows.items()}
    return Measured(median(cold for cold, _ in rounds), {"again ms": median(again for _, again in rounds), **rows})


def known_summary(effort: Effort) -> Measured:
    """CPU milliseconds of the server for a summary that the caller has already."""
    with reader(effort) as asking:
        return Measured(median(asking.hit() for _ in range(effort.rounds)), {f"{name} rows": n for name, n in asking.rows.items()})


TARGETS = (
    Target("summary-cold", "case summary of 200 hearings x 5 observers over HTTP, cold", " ms", 400, 100, cold_summary, is_ceiling=True),
    Target("summary-known", "the same, cached (ETag hit)", " ms", 5, 2, known_summary, is_ceiling=True),
)
