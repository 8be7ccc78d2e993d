"""Stores of each kind. The S3-compatible one is tried where it is asked for: `python3 -m app test --stores`."""

import itertools
import os

import pytest

from app.kit.blobs import open_blobs
from tests.support.buckets import ACCESS, an_s3_server, make_bucket

KINDS = ("folder", "s3") if os.environ.get("HEARSIGHT_TEST_STORES") else ("folder",)
NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def endpoint():
    with an_s3_server() as address:
        yield address


@pytest.fixture(params=KINDS)
def place(request, tmp_path, monkeypatch):
    """Where attachments lie: the settings of a store in which nothing lies yet."""
    if request.param == "folder":
        return {"attachments": str(tmp_path / "files")}
    for name, value in ACCESS.items():
        monkeypatch.setenv(name, value)
    endpoint, bucket = request.getfixturevalue("endpoint"), f"evidence-{next(NUMBERS)}"
    make_bucket(endpoint, bucket)
    return {"attachments": f"s3://{bucket}/of/hearsight", "attachments_endpoint": endpoint}


def open_at(place):
    return open_blobs(place["attachments"], endpoint=place.get("attachments_endpoint"))


@pytest.fixture
def blobs(place):
    return open_at(place)
