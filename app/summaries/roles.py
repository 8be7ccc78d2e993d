"""Roles under a reading: participants that name a reading switch together, the others keep their own role, which is the default reading."""

from collections.abc import Iterable, Mapping

from app.summaries.records import Participant

NO_ROLE = "unknown"


def readings_of(people: Iterable[Participant]) -> tuple[str, ...]:
    """The readings of a case: the names given in its participants' roles, sorted."""
    return tuple(sorted({each.reading for person in people for each in person.roles}))


def role_under(person: Participant, reading: str | None) -> str:
    """A participant's role in figures; `None` is the default reading. An anonymous witness counts as a witness."""
    role = next((each.role for each in person.roles if each.reading == reading), person.role)
    return "witness" if role == "anonymous_witness" else role


class Roles:
    """Everybody's role under one reading; a code that names nobody has none."""

    __slots__ = ("_roles",)

    def __init__(self, people: Mapping[str, Participant], reading: str | None = None) -> None:
        self._roles = {code: role_under(person, reading) for code, person in people.items()}

    def __getitem__(self, code: str) -> str:
        return self._roles.get(code, NO_ROLE)
