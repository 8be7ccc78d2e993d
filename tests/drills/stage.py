"""Where drills take place: databases with a world in them, a server beside each, and clients who write down what they know."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from app.journal import verify
from tests.benchmarks.stage import Stores
from tests.drills.clients import Client, places
from tests.drills.notebook import Notebook
from tests.drills.oracle import Finding, Oracle
from tests.drills.servers import Server, a_server
from tests.support.world import World

SLUG = "world"
VERIFIER = Path(verify.__file__)


@dataclass
class Scene:
    """A server that does not run yet, on a database of its own."""

    dialect: str
    address: str
    world: World
    server: Server
    random: Random
    oracle: Oracle
    folder: Path
    notebook: Notebook
    paper: list[str] = field(default_factory=list)

    def at_the_end(self) -> Finding:
        """What is there once everybody was told of every receipt, and what the verifier says of it."""
        finding = self.oracle.look_at_the_end()
        finding.faults += verified(self.server, SLUG, self.paper)
        return finding

    def keep_a_checkpoint(self) -> None:
        """Write down what the log holds now; the verifier must find it again at the end."""
        self.paper.append(self.server.checkpoint(SLUG))

    def clients(self, number: int, **options) -> list[Client]:
        """Clients who are signed in; the server runs."""
        return [Client(self.server.port, place, self.notebook, **options) for place in places(self.server.port, self.world, number)]


def verified(server: Server, programme: str, paper: Sequence[str] = ()) -> list[str]:
    """What the verifier, which knows no database, says is wrong with a programme's log, held against checkpoints that were kept."""
    bundle = Path(tempfile.mkdtemp(dir=server.log.parent)) / "bundle"
    server.export(programme, bundle)
    known = [argument for each in paper for argument in ("--known", each)]
    done = subprocess.run([sys.executable, str(VERIFIER), str(bundle), *known], check=False, capture_output=True, text=True)
    is_sound = done.returncode == (verify.SOUND if paper else verify.NOTHING_REMEMBERED)
    return [] if is_sound else [f"the verifier: {(done.stdout + done.stderr).strip()[-300:]}"]


class Stage:
    """Makes scenes; what is drawn by lot follows from the seed and the name of the scene."""

    def __init__(self, stores: Stores, seed: int, teller: "Teller") -> None:
        self.stores, self.seed, self.teller = stores, seed, teller

    def postgresql(self):
        """The PostgreSQL server on which its scenes are."""
        return self.stores._templates("postgresql").server

    def a_folder(self) -> Path:
        """A folder of its own, gone with the stage."""
        return Path(tempfile.mkdtemp(dir=self.stores.folder))

    @contextmanager
    def empty(self, dialect: str) -> Iterator[str]:
        """The address of a database without a schema."""
        templates = self.stores._templates(dialect)
        address = templates.empty()
        yield address
        templates.drop(address)

    @contextmanager
    def scene(self, dialect: str) -> Iterator[Scene]:
        """A database of a kind, with a server."""
        with self.stores.fresh(dialect) as (address, world), self.around(dialect, address, world) as scene:
            yield scene

    @contextmanager
    def around(self, dialect: str, address: str, world: World) -> Iterator[Scene]:
        """A server on a database that is there."""
        folder, notebook = self.a_folder(), Notebook()
        with a_server(address, folder) as server:
            random = Random(f"{self.seed} {dialect}")
            yield Scene(dialect, address, world, server, random, Oracle(address, world.programme, notebook), folder, notebook)


class Teller:
    """Tells how it goes: lines that stay on standard output, and one that moves on where a person looks at it."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        self._began = time.monotonic()
        self._is_watched = sys.stderr.isatty() and not is_quiet
        self._is_quiet = is_quiet

    def say(self, text: str) -> None:
        """A line that stays, with the time since the drill began."""
        self._wipe()
        if not self._is_quiet:
            sys.stdout.write(f"{time.monotonic() - self._began:7.1f} s  {text}\n")
            sys.stdout.flush()

    def progress(self, what: str, done: int, of: int, beside: str = "") -> None:
        """How far it is: a bar on a terminal, else a line for each fifth."""
        if self._is_watched:
            filled = 30 * done // of
            sys.stderr.write(f"\r\033[K{what} [{'#' * filled}{'.' * (30 - filled)}] {done}/{of}  {beside}")
            sys.stderr.flush()
        elif done == of or done * 5 // of > (done - 1) * 5 // of:
            self.say(f"{what} {done} of {of}: {beside}")

    def _wipe(self) -> None:
        if self._is_watched:
            sys.stderr.write("\r\033[K")
