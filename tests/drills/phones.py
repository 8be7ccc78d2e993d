"""Fifty enrolled phones on bad lines: whatever the lines do, every observation is there exactly once, corrections included.

Each phone files a dozen observations in batches of one to six, in any order: a correction may come before what it corrects, and is held
until that comes. What is not acknowledged is sent again; in the middle of it each phone refreshes its session by its own signature; and at
the end it asks what it may delete.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import uuid4

import orjson
import sqlalchemy as sa

from app.kit.database import Database
from tests.benchmarks.filing import a_filing
from tests.benchmarks.floor import hearings_of
from tests.drills.clients import BROKEN, OK, OUTDATED, sign_in
from tests.drills.line import LATE, SOUND, Answer, Line
from tests.drills.notebook import Notebook, bare
from tests.drills.oracle import Finding
from tests.drills.stage import Scene, Stage
from tests.support import phones

PHONES = 50
FILED, CORRECTED = 9, 3
LARGEST = 6
TRIES = 500
CREATED = 201
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
COMES_FIRST = ("held", "base_missing")
"""What a correction is told that came before what it corrects: it is kept."""


class Stuck(RuntimeError):  # noqa: N818 - what befell a phone is no error of ours
    """A phone that does not get on, however often it tries."""


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """So many phones (50)."""
    with stage.scene(dialect) as scene:
        scene.server.start()
        return asyncio.run(_evening(stage, scene, times or PHONES))


async def _evening(stage: Stage, scene: Scene, number: int) -> Finding:
    carried = await _enrolled(scene, number)
    for done, living in enumerate(asyncio.as_completed([phone.live() for phone in carried]), start=1):
        await living
        stage.teller.progress(f"{scene.dialect}: phone", done, number, f"{len(scene.notebook.receipts)} acknowledged")
    for phone in carried:
        await phone.line.settled()
    finding = await asyncio.to_thread(scene.at_the_end)
    finding.faults += [fault for phone in carried for fault in phone.faults] + _still_held(scene)
    befell = sum((phone.line.befell for phone in carried), start=Counter())
    stage.teller.say(f"{scene.dialect}: requests {', '.join(f'{fate} {times}' for fate, times in befell.most_common())}")
    return finding


async def _enrolled(scene: Scene, number: int) -> list["Carried"]:
    """Phones, each with a code and not enrolled yet; several may be one observer's."""
    port, world = scene.server.port, scene.world
    coordinator = await asyncio.to_thread(sign_in, port, "COO")
    observers = sorted(code for code in world.members if code.startswith("OBS"))
    hearings = hearings_of(world)
    carried = []
    for n in range(number):
        body = {"member_id": str(world.members[observers[n % len(observers)]])}
        asked = request(f"/v1/programmes/{world.programme}/enrolments", body, token=coordinator)
        status, _, told = await Line(port, scene.random, SOUND).ask(asked)
        assert status == CREATED, told
        line = Line(port, Random(f"{scene.random.random()} {n}"))
        filings = _filings(str(world.case), str(hearings[n % len(hearings)]), line.random)
        carried.append(Carried(orjson.loads(told)["code"], line, scene.notebook, filings))
    return carried


def _filings(case: str, hearing: str, random: Random) -> list[dict]:
    """What one phone files, in the order in which it sends it: new ones, and corrections of them, the last of a correction."""
    filed = [a_filing(case, hearing) for _ in range(FILED)]
    filed += [_correction(each) for each in filed[: CORRECTED - 1]]
    filed.append(_correction(filed[-1]))
    random.shuffle(filed)
    return filed


def _correction(base: dict) -> dict:
    return {**base, "id": str(uuid4()), "supersedes": base["id"], "answers": {**base["answers"], "left_at": "17:30"}}


def request(path: str, body: object, *, token: str = "", media_type: str = JSON, headers: str = "") -> bytes:
    """The bytes of a POST; `body` as JSON where it is not bytes already."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    named = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{named}{headers}Content-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


@dataclass
class Carried:
    """A phone in somebody's pocket: its key, its code, its line, and what it has yet to be told is stored."""

    code: str
    line: Line
    notebook: Notebook
    waiting: list[dict]
    phone: phones.Phone = field(default_factory=lambda: phones.Phone(None))
    faults: list[str] = field(default_factory=list)

    async def live(self) -> None:
        """An evening: be enrolled, file everything, be told that it may be deleted."""
        filed = [each["id"] for each in self.waiting]
        self.notebook.sent.update(bare(each) for each in filed)
        try:
            await self._be_let_in("/v1/devices", orjson.dumps(self.phone.body_with(self.code)))
            await self._file(until=len(self.waiting) // 2)
            await self._refresh()
            await self._file(until=0)
            await self._ask_what_to_delete(filed)
        except Stuck as fault:
            self.faults.append(str(fault))

    async def _file(self, *, until: int) -> None:
        for _ in range(TRIES):
            if len(self.waiting) <= until:
                return
            batch = self.waiting[: self.line.random.randint(1, LARGEST)]
            told = await self._asked("/v1/observations/batch", {"items": batch})
            self._heard(orjson.loads(told)["results"], batch)
        raise Stuck(f"{len(self.waiting)} observations were sent {TRIES} times and not taken")

    def _heard(self, results: Sequence[dict], batch: Sequence[dict]) -> None:
        if [bare(each["id"]) for each in results] != [bare(each["id"]) for each in batch]:
            self.faults.append("an answer is not about what was sent")
        for each in results:
            is_early = (each["status"], each.get("code")) == COMES_FIRST
            self.notebook.heard({**each, "status": "created"} if is_early else each)
        told = {bare(each["id"]) for each in results if not each["retryable"]}
        self.waiting = [each for each in self.waiting if bare(each["id"]) not in told]

    async def _ask_what_to_delete(self, filed: list[str]) -> None:
        told = orjson.loads(await self._asked("/v1/observations/receipts", {"ids": filed}))["results"]
        kept = [each for each in told if not each["safe_to_delete"]]
        if kept or len(told) != len(filed):
            self.faults.append(f"a phone filed {len(filed)}, was told of {len(told)}, and may not delete {len(kept)}")

    async def _refresh(self) -> None:
        body = self.phone.body()
        signed = f"Hearsight-Signature: {self.phone.signature(body)}\r\n"
        # A predecessor that comes after its successor was used ends the session by design: that is how theft is noticed.
        await self._be_let_in("/v1/auth/token", body, media_type=FORM, headers=signed, without=frozenset({LATE}))

    async def _be_let_in(self, path: str, body: bytes, *, without: frozenset[str] = frozenset(), **told: str) -> None:
        status, _, shown = await self._insisted(request(path, body, **told), without)
        if status not in (OK, CREATED):
            raise Stuck(f"{path} was answered {status}")
        tokens = orjson.loads(shown)
        self.phone.token, self.phone.refresh_token = tokens["access_token"], tokens["refresh_token"]

    async def _asked(self, path: str, body: object) -> bytes:
        """What is answered 200, however often it takes."""
        status, _, told = await self._insisted(request(path, body, token=self.phone.token))
        if status == OUTDATED:
            await self._refresh()
            status, _, told = await self._insisted(request(path, body, token=self.phone.token))
        if status != OK:
            raise Stuck(f"{path} was answered {status}")
        return told

    async def _insisted(self, sent: bytes, without: frozenset[str] = frozenset()) -> Answer:
        """The first answer that comes through."""
        for _ in range(TRIES):
            try:
                return await self.line.ask(sent, without=without)
            except BROKEN:
                await asyncio.sleep(self.line.random.random() * 0.05)
        raise Stuck(f"{TRIES} times nothing came through")


def _still_held(scene: Scene) -> list[str]:
    """Corrections that wait although what they correct is there."""
    database = Database(scene.address)
    with database.read() as session:
        held = session.connection().execute(sa.text("SELECT count(*) FROM observation WHERE status = 'held'")).scalar_one()
    database.close()
    return [f"{held} observations are held for what is there"] if held else []
