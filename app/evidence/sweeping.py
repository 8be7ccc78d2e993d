"""Finds what lies in the store and belongs to no file: left by a server that died between storing a piece and noting it.

Nobody was told that such a piece had come, and the phone has sent it again. Removing is asked for by a person, and never done by itself:
a database that was set back to an older copy knows nothing of what came since, and its pieces look just like these.
"""

from collections.abc import Iterator
from datetime import timedelta

from app.evidence import queries
from app.evidence.vault import Vault
from app.kit import clock
from app.kit.blobs import Lying
from app.kit.store import Store

SETTLED = timedelta(days=1)
"""What came later may be noted at any moment: no part of an upload takes that long."""


def orphans(store: Store, vault: Vault) -> Iterator[Lying]:
    """What was sealed with this server's key more than a day ago, and is named by nothing that the database knows."""
    before = clock.now() - SETTLED
    # The store first: what is noted while it is listed is among the names.
    settled = [each for each in vault.blobs.lying() if each.since < before]
    with store.read() as session:
        known = queries.names(session)
    return (each for each in settled if each.name not in known and vault.is_mine(each.name))


def sweep(store: Store, vault: Vault, *, is_removing: bool) -> tuple[int, int]:
    """How many pieces belong to no file, and how many bytes they take; they are gone afterwards where that is asked for."""
    number = size = 0
    for each in orphans(store, vault):
        number, size = number + 1, size + each.size
        if is_removing:
            vault.blobs.remove(each.name)
    return number, size
