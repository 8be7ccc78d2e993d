"""A server's journal, as tests look into it and meddle with it."""

from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from app.journal.checkpoints import Checkpoints
from app.journal.notes import Signer
from app.journal.remembered import Remembered
from app.kit.database import SQLITE


def checkpoints_of(server, folder=None):
    """What signs a server's logs: its own, or another process of it, or (with a folder) one that remembers nothing yet."""
    store = server.store
    file = server.settings.remembered_checkpoints if folder is None else folder / "checkpoints.txt"
    return Checkpoints(store.database, store.writer, Signer(store.keys.instance, store.keys.checkpoint), Remembered(file))


@contextmanager
def unguarded(server, *tables):
    """A connection that may change what nobody may change: somebody who owns the database can take its triggers off."""
    engine = server.store.database.writing
    with engine.begin() as connection:
        if engine.dialect.name == SQLITE:
            kept = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in kept:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield connection
            for _, sql in kept:
                connection.exec_driver_sql(sql)
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            yield connection
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")


def entries(server, log):
    """Every entry of a log, in order."""
    from app.journal.models import JournalEntry

    table = JournalEntry.__table__
    with server.store.read() as session:
        return session.connection().execute(table.select().where(table.c.log == UUID(str(log))).order_by(table.c.seq)).all()
