"""How Alembic works on both databases: one transaction, DDL included, with a foreign-key check before it commits on SQLite."""

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

from app import models  # noqa: F401 - so that every table is known
from app.kit.database import is_sqlite


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=is_sqlite(connection),
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with connection.begin() if not connection.in_transaction() else connection.begin_nested():
        context.run_migrations()
        if is_sqlite(connection):
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys would break in {sorted({row[0] for row in broken})}")


run(context.config.attributes["connection"])
