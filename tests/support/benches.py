"""An intake on a database with a world in it: for tests that write groups themselves, below HTTP."""

from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session

from app.journal import service as journal
from app.journal.service import Journal
from app.observations import tally
from app.observations.arrivals import Parcel
from app.observations.intake import Intake
from app.observations.preparation import prepare
from tests.support.forms import all_clear
from tests.support.world import NOW, a_world

KEY = b"k" * 32


class Bench:
    """An intake on a database, with a world in it."""

    def __init__(self, database, **options):
        self.database = database
        self.options = options
        journal_of_all = Journal((tally.project,))
        with Session(database.writing, expire_on_commit=False) as session:
            self.world = a_world(session, **options)
            session.commit()
        self.ended = set()
        self.intake = Intake(self.scopes, journal_of_all.seal, KEY)

    def scopes(self, session, session_ids):
        found = {self.world.accounts[code]: self.world.scope(code) for code in self.world.members}
        return {each: found[each] for each in session_ids if each in found and each not in self.ended}

    def body(self, observation=None, *, case=None, hearing="H-01", answers=None, form="hearing", **changed):
        hearing_id = self.world.hearings[hearing] if hearing else None
        return {
            "id": str(observation or uuid4()),
            "form": form,
            "form_version": "1.1.0",
            "case_id": str(case or self.world.case),
            "hearing_id": None if hearing_id is None else str(hearing_id),
            "captured_at": "2012-04-02T13:00:00+05:00",
            "answers": all_clear() if answers is None else answers,
            **changed,
        }

    def group(self, *parcels):
        """[(who, [bodies])] -> answers."""
        made = [Parcel(self.world.accounts[who], tuple(self.ready(body) for body in bodies)) for who, bodies in parcels]
        with Session(self.database.writing, expire_on_commit=False) as session:
            found = self.intake.write(session, made)
            session.commit()
        return found

    def file(self, who, *bodies):
        return self.group((who, bodies))[0]

    @staticmethod
    def ready(body):
        found = prepare(body, key=KEY, today=NOW.date())
        assert not hasattr(found, "faults"), found
        return found

    def rows(self, columns="*", table="observation"):
        with self.database.read() as session:
            return session.connection().execute(sa.text(f"SELECT {columns} FROM {table}")).fetchall()

    def status(self, observation):
        with self.database.read() as session:
            query = sa.text("SELECT status, held_code FROM observation WHERE id = :id").bindparams(sa.bindparam("id", type_=sa.Uuid()))
            return tuple(session.connection().execute(query, {"id": UUID(str(observation))}).one())

    def leaves(self):
        with self.database.read() as session:
            return journal.verify(session, self.world.programme)
