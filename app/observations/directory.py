"""What filings point to, remembered: which case belongs to which programme, which hearing and participant to which case.

Such a fact never changes, it can only end; and what an observation points to cannot be deleted. So what was once found need not be asked
again, and a row that vanished before anything pointed to it is caught by its foreign key.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from sqlmodel import Session

from app.observations import queries

LARGEST = 50_000
Look = Callable[[Session, Collection[str], Iterable[str]], dict[str, str]]


@dataclass(slots=True)
class _Shelf:
    """Owners by id, of one kind of thing."""

    look: Look
    owners: dict[str, str] = field(default_factory=dict)

    def find(self, session: Session, programmes: Collection[str], ids: Iterable[str]) -> dict[str, str]:
        """The owners of those that exist; what is not remembered is looked for in the programmes."""
        wanted = set(ids)
        unknown = sorted(wanted - self.owners.keys())
        if unknown:
            if len(self.owners) > LARGEST:
                self.owners.clear()
            self.owners.update(self.look(session, programmes, unknown))
        return {each: self.owners[each] for each in wanted if each in self.owners}


class Directory:
    """The facts that one process remembers; used by one thread only."""

    def __init__(self) -> None:
        self.cases = _Shelf(queries.programmes_of_cases)
        self.hearings = _Shelf(queries.cases_of_hearings)
        self.participants = _Shelf(queries.cases_of_participants)
        self.documents = _Shelf(queries.programmes_of_documents)

    def forget(self) -> None:
        """Forget everything: something turned out to be gone."""
        for shelf in (self.cases, self.hearings, self.participants, self.documents):
            shelf.owners.clear()
