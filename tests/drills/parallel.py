"""The same batch five ways at once: each observation once, and five answers that say the same (P7).

On PostgreSQL two servers share the database, as behind a load balancer. Then the first observation comes again with other content, and must
change nothing.
"""

import asyncio
from collections import Counter
from contextlib import ExitStack

import orjson

from tests.drills.clients import OK, Client, Place, answer_of, sign_in
from tests.drills.notebook import bare
from tests.drills.oracle import Finding
from tests.drills.servers import Server
from tests.drills.stage import Scene, Stage

ROUNDS = 50
WAYS = 5
BATCH = 10


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """So many rounds (50), each with a new batch of ten."""
    with stage.scene(dialect) as scene, ExitStack() as closing:
        servers = [scene.server]
        if dialect != "sqlite":
            servers.append(Server(scene.address, scene.folder))
            closing.callback(servers[-1].end)
        for server in servers:
            server.start()
        return asyncio.run(_rounds(stage, scene, servers, times or ROUNDS))


async def _rounds(stage: Stage, scene: Scene, servers: list[Server], times: int) -> Finding:
    hearing = scene.world.hearings["H-01"]
    ways = [servers[n % len(servers)].port for n in range(WAYS)]
    clients = [Client(port, Place("OBS1", sign_in(port, "OBS1"), scene.world.case, hearing), scene.notebook, batch=BATCH) for port in ways]
    lines = [await asyncio.open_connection("127.0.0.1", port) for port in ways]
    for number in range(1, times + 1):
        await _round(scene, clients, lines)
        stage.teller.progress(
            f"{scene.dialect}: round", number, times, f"{len(scene.notebook.receipts)} acknowledged; servers: {len(servers)}"
        )
    for _, writer in lines:
        writer.close()
    return scene.at_the_end()


async def _round(scene: Scene, clients: list[Client], lines: list) -> None:
    """All send the same; then one sends something else under a known id."""
    batch = clients[0].prepare()
    clients[0].pending = []
    scene.notebook.sent.update(bare(each["id"]) for each in batch)
    requests = [client.request(batch) for client in clients]
    for (_, writer), request in zip(lines, requests, strict=True):
        writer.write(request)
    answers = await asyncio.gather(*(results(reader) for reader, _ in lines))
    _compare(scene, answers)
    reader, writer = lines[-1]
    other = {**batch[0], "answers": {**batch[0]["answers"], "judge_even_handed": "yes"}}
    writer.write(clients[-1].request([other]))
    (result,) = await results(reader)
    if (result["status"], result.get("code")) != ("conflict", "id_conflict"):
        scene.notebook.faults[f"other content was answered {result['status']}"] += 1


async def results(reader: asyncio.StreamReader) -> list[dict]:
    """What the next answer says of each observation; nothing where the batch was refused."""
    status, _, body = await answer_of(reader)
    return orjson.loads(body)["results"] if status == OK else []


def _compare(scene: Scene, answers: list[list[dict]]) -> None:
    """Of each observation, one way hears that it was created and all others that it is there, with the same receipt."""
    faults = scene.notebook.faults
    faults["an answer is missing"] += sum(not answer for answer in answers)
    for told in zip(*answers, strict=True) if all(answers) else ():
        if Counter(each["status"] for each in told) != {"created": 1, "duplicate": WAYS - 1}:
            faults["created more than once, or never"] += 1
        if len({orjson.dumps({**each, "status": ""}) for each in told}) > 1:
            faults["two answers differ"] += 1
        for each in told:
            scene.notebook.heard(each)
