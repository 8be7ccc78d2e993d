"""Tells how far the demonstration is: a bar on a terminal, plain lines elsewhere."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.demo.player import Played

Say = Callable[[str], str]
"""A text of the page by its key."""

Heard = Callable[[Played, int, int], None]


def has_bar(console: Console) -> bool:
    """Whether a moving bar is welcome."""
    return console.is_terminal and not os.environ.get("NO_COLOR")


@contextmanager
def telling(console: Console, say: Say, stages: Sequence[str]) -> Iterator[Heard]:
    """A listener for the player: a bar for each stage, or a line once a stage is done. `stages` holds the stage of every request."""
    sizes = Counter(stages)
    if not has_bar(console):
        yield _lines(console, say, sizes)
        return
    shape = (TextColumn("{task.description:<46}"), BarColumn(bar_width=30), MofNCompleteColumn())
    with Progress(*shape, console=console) as progress:
        bars = {stage: progress.add_task(say(f"stage.{stage}"), total=size) for stage, size in sizes.items()}
        yield lambda played, _number, _of: progress.advance(bars[played.stage])


def _lines(console: Console, say: Say, sizes: Counter[str]) -> Heard:
    done: Counter[str] = Counter()

    def heard(played: Played, _number: int, _of: int) -> None:
        done[played.stage] += 1
        if done[played.stage] == sizes[played.stage]:
            console.print(f"{say(f'stage.{played.stage}')}: {done[played.stage]}/{sizes[played.stage]}")

    return heard
