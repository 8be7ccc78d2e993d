"""The last lines of the page: where the server is, who may sign in, and a command that works as it stands."""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.padding import Padding

from app.demo.page import under
from app.demo.tables import columns, grid
from app.demo.words import Words

TAKE_OUT = """python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'"""


@dataclass(frozen=True)
class Place:
    """Where the demonstration can be looked at: `summary` is the path of one, `reader` the name of who may read it."""

    address: str
    folder: str
    names: Iterable[str]
    reader: str
    summary: str


def place_shown(words: Words, place: Place) -> Iterator[RenderableType]:
    """Where to look while the server runs. The commands stand each on one line, so that they can be copied whole."""
    table = grid(columns(None, None, justify=("left", "left")))
    table.add_row(words.say("where.server"), place.address)
    table.add_row(words.say("where.docs"), f"{place.address}/docs")
    table.add_row(words.say("where.reader"), place.reader)
    table.add_row(words.say("where.names"), ", ".join(each for each in place.names if each != place.reader))
    table.add_row(words.say("where.passwords"), f"{place.folder}/sign-in/")
    yield from under(words.say("where"), [table, Padding(words.say("where.again"), (1, 0))])
    yield from commands(place, words.language)
    yield Padding(words.say("where.stop", folder=place.folder), (1, 2))


def commands(place: Place, language: str) -> list[str]:
    """Two lines for a shell: a token, and the summary read with it. Neither shows a password."""
    form = shlex.quote(f"@{place.folder}/sign-in/{place.reader}")
    return [
        f"token=$(curl -s -d {form} {place.address}/v1/auth/token | {TAKE_OUT})",
        f"""curl -s -H "Authorization: Bearer $token" '{place.address}{place.summary}?lang={language}'""",
    ]
