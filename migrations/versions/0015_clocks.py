"""How far a phone's clock was behind the server's when an observation was sent.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("observation", sa.Column("skew_seconds", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("observation", "skew_seconds")
