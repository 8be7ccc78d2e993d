"""A server says that it is alive, and that it is ready only while it can store what it is sent; it never says why not."""

from typing import NamedTuple

import pytest

from app import health


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def readiness(server):
    answer = server.get("/readyz")
    return answer.status_code, answer.json().get("code", answer.json()["status"])


def test_a_fresh_server_is_alive_and_ready_for_anybody(server):
    assert server.get("/healthz").json() == {"status": "ok"}
    assert readiness(server) == (200, "ok")


def test_an_older_or_newer_schema_is_not_ready(server):
    server.store.write(lambda session: session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'none'").rowcount)
    assert readiness(server) == (503, "not_ready")
    assert server.get("/healthz").status_code == 200


def test_a_database_that_takes_no_writes_is_not_ready(server):
    refuse = "PRAGMA query_only=ON" if server.store.database.dialect == "sqlite" else "SET SESSION default_transaction_read_only = on"
    connection = server.store.database.writing.raw_connection()
    cursor = connection.cursor()
    cursor.execute(refuse)
    connection.commit()
    connection.close()
    assert readiness(server) == (503, "not_ready")


@pytest.mark.parametrize(("free", "expected"), [(10, (503, "not_ready")), (11, (200, "ok"))])
def test_a_disk_with_a_tenth_left_or_less_is_not_ready(server, monkeypatch, free, expected):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda place: Usage(100, 100 - free, free))
    assert readiness(server) == expected


def test_what_is_not_ready_says_no_more_than_that_and_when_to_ask_again(server, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda place: Usage(100, 100, 0))
    answer = server.get("/readyz")
    assert answer.headers["Retry-After"] == "5"
    assert set(answer.json()) == {"type", "title", "status", "code", "request_id", "errors"}
    assert answer.json()["errors"] == []


def test_room_is_measured_where_the_folder_will_be(tmp_path):
    assert health.has_room(tmp_path / "not" / "yet") == health.has_room(tmp_path)
