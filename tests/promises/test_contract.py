"""The OpenAPI document holds under requests that nobody thought of, by everybody: no fall, no status it does not name, no wrong data taken.

`HEARSIGHT_FUZZ_EXAMPLES` and `HEARSIGHT_FUZZ_SEED` make a longer run, or another one.
"""

import logging
import os

import pytest

from tests.support.cast import EVERYBODY, Cast
from tests.support.databases import DIALECTS
from tests.support.fuzzing import fuzz, operations

EXAMPLES = int(os.environ.get("HEARSIGHT_FUZZ_EXAMPLES", "1"))
SEED = int(os.environ.get("HEARSIGHT_FUZZ_SEED", "20121216"))
log = logging.getLogger("tests.contract")


@pytest.fixture
def cast(server):
    return Cast(server)


@pytest.mark.timeout(300 + 60 * EXAMPLES)
def test_every_operation_keeps_to_the_document_whoever_asks(cast, dialect):
    found = fuzz(cast, seed=SEED + DIALECTS.index(dialect), examples=EXAMPLES)
    log.info("seed %s: %s requests, %s", found.seed, found.cases, sorted(found.statuses.items()))
    assert found.faults == []
    assert found.cases > len(operations()) * len(EVERYBODY) * EXAMPLES
