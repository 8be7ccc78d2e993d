"""The tables of aggregates: what each case comes to, and as of when. Whatever stands here can be made again from the observations."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

# Neither table has a foreign key: what follows from a case must not keep anybody from deleting it, or a hearing of it.


class CaseFolded(SQLModel, table=True):
    """As of when a case's facts hold: its revision, the last change of a member's languages, the taxonomy, the programme's zone.

    `due` is the next announced hearing, which becomes known on the day after.
    """

    __tablename__ = "case_folded"

    programme_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    revision: int = Field(sa_type=sa.BigInteger)
    beside: int = Field(sa_type=sa.BigInteger)
    taxonomy: str = Field(max_length=32)
    zone: str = Field(max_length=64)
    due: dt.date | None = None


class CaseFact(SQLModel, table=True):
    """How many of a measure a case has at one hearing (else on one day); no person is in it.

    `grain` says which of right, indicator, kind and language tell facts apart. A zero is a fact: somebody looked, and there was nothing.
    """

    __tablename__ = "case_fact"
    __table_args__ = (sa.Index("ix_case_fact_measure", "programme_id", "measure", "grain"),)

    programme_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    place: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    measure: str = Field(max_length=24)
    grain: str = Field(max_length=4)
    hearing_id: UUID | None = None
    day: dt.date | None = None
    right_code: str | None = Field(default=None, max_length=80)
    indicator: str | None = Field(default=None, max_length=80)
    kind: str | None = Field(default=None, max_length=80)
    language: str | None = Field(default=None, max_length=8)
    value: str | None = Field(default=None, max_length=32)
    n: int
    is_minimum: bool
