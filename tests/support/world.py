"""A programme with a case, written straight into the tables: for tests and benchmarks that begin where the trial is already known."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from app.accounts.models import Account, Member, Programme
from app.cases.models import Assignment, Case, Court, Document, Hearing, Participant
from app.kit.access import COORDINATOR, OBSERVER, Membership, Scope
from app.kit.codes import code_key
from app.kit.ids import new_id

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class World:
    """The ids of what stands in the tables, by code."""

    programme: UUID
    court: UUID
    case: UUID
    other_case: UUID
    members: dict[str, UUID]
    accounts: dict[str, UUID]
    hearings: dict[str, UUID]
    participants: dict[str, UUID]
    documents: dict[str, UUID]
    roles: dict[str, str] = field(default_factory=dict)

    def scope(self, code: str) -> Scope:
        """The scope that a member's session would have."""
        member = Membership(self.programme, self.members[code], code, self.roles[code])
        return Scope(self.accounts[code], self.accounts[code], memberships=(member,))


def a_world(session, *, slug="world", review="required", hearings=2, participants=3, observers=("OBS1", "OBS2")) -> World:
    """A programme with two cases, hearings, participants, a document, one coordinator and observers assigned to the first case."""
    programme = new_id()
    session.add(
        Programme(id=programme, slug=slug, name="A programme", timezone="Asia/Almaty", default_language="ru", review=review, created_at=NOW)
    )
    session.flush()
    roles = {"COO": COORDINATOR, **dict.fromkeys(observers, OBSERVER)}
    accounts, members = _people(session, programme, slug, roles)
    court, case, other = _cases(session, programme)
    made_hearings = {f"H-{n:02d}": _hearing(session, programme, case, n) for n in range(1, hearings + 1)}
    made_hearings["X-01"] = _hearing(session, programme, other, 1, "X")
    people = {f"D{n:02d}": _participant(session, programme, case, f"D{n:02d}") for n in range(1, participants + 1)}
    people["X01"] = _participant(session, programme, other, "X01")
    document = new_id()
    session.add(
        Document(
            programme_id=programme,
            id=document,
            code="judgment",
            code_key=code_key("judgment"),
            kind="judgment",
            title="J",
            sought="j",
            created_at=NOW,
        )
    )
    for code in observers:
        to_case = {"case_id": case, "target_id": case, "in_case_id": case}
        session.add(Assignment(programme_id=programme, id=new_id(), member_id=members[code], created_at=NOW, **to_case))
    session.flush()
    return World(programme, court, case, other, members, accounts, made_hearings, people, {"judgment": document}, roles)


def _people(session, programme, slug, roles):
    accounts, members = {}, {}
    for code, role in roles.items():
        accounts[code], members[code] = new_id(), new_id()
        name = f"{slug}-{code}".lower()
        session.add(Account(id=accounts[code], username=name, username_key=name, created_at=NOW))
        session.flush()
        session.add(
            Member(
                programme_id=programme,
                id=members[code],
                account_id=accounts[code],
                code=code,
                code_key=code_key(code),
                role=role,
                status="active",
                created_at=NOW,
            )
        )
    session.flush()
    return accounts, members


def _cases(session, programme):
    court = new_id()
    session.add(Court(programme_id=programme, id=court, code="C1", code_key=code_key("C1"), label="Court", sought="court", created_at=NOW))
    session.flush()
    made = []
    for code in ("T-1", "T-2"):
        made.append(new_id())
        session.add(
            Case(
                programme_id=programme,
                id=made[-1],
                code=code,
                code_key=code_key(code),
                title="A trial",
                sought="a trial",
                court_id=court,
                charge_articles="[]",
                monitoring="full",
                created_at=NOW,
            )
        )
    session.flush()
    return court, *made


def _hearing(session, programme, case, n, prefix="H"):
    made, code = new_id(), f"{prefix}-{n:02d}"
    session.add(
        Hearing(
            programme_id=programme,
            id=made,
            case_id=case,
            code=code,
            code_key=code_key(code),
            date=date(2012, 4, 1 + n % 28),
            instance="first",
            hearing_type="evidence",
            status="held",
            created_at=NOW,
        )
    )
    return made


def _participant(session, programme, case, code):
    made = new_id()
    session.add(
        Participant(
            programme_id=programme,
            id=made,
            case_id=case,
            code=code,
            code_key=code_key(code),
            role="defendant",
            is_anonymous=False,
            is_protected=False,
            named_in_source=True,
            created_at=NOW,
        )
    )
    return made
