"""What can go wrong with the journal, beyond what can go wrong anywhere."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from app.kit.errors import CATALOGUE, Problem

JOURNAL_UNSOUND = CATALOGUE.kind("journal_unsound", 500)


class Unsound(RuntimeError):  # noqa: N818 - not an error of the program
    """A log that is not what was written, or not what was signed before; the text names the log and the entry, and holds nothing else."""


class SetBack(Unsound):
    """A log that holds fewer entries than were signed: its database is an earlier state."""


log = logging.getLogger("hearsight.journal")


@contextmanager
def told_to_callers() -> Iterator[None]:
    """What is unsound within is 500 `journal_unsound` for a caller; which log and which entry stays here."""
    try:
        yield
    except Unsound as fault:
        log.error("the journal is unsound", extra={"facts": {"fault": type(fault).__name__}})  # noqa: TRY400 - the text names an entry
        raise Problem(JOURNAL_UNSOUND) from None
