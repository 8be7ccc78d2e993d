"""What the clients of a drill know: what they sent, and what they were told is stored."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

KEPT = {"created", "duplicate"}


def bare(given: object) -> str:
    """An id as 32 characters, however a database or an answer writes it."""
    return str(given).replace("-", "")


class Receipt(NamedTuple):
    """Where an acknowledged observation stands in the journal."""

    seq: int
    leaf_hash: str


class Exchange(NamedTuple):
    """One request: when it was sent and answered, on the clock of `time.monotonic`; status 0 where it was cut off."""

    sent: float
    answered: float
    status: int


@dataclass
class Notebook:
    """Kept outside the server, and outside its database. Ids are bare."""

    sent: set[str] = field(default_factory=set)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def heard(self, result: dict) -> None:
        """A result for one observation. Whoever was told of a receipt before must be told of the same again."""
        if result["status"] not in KEPT:
            if not result["retryable"]:
                self.faults[f"an observation was answered {result['status']} {result.get('code', '')}"] += 1
            return
        receipt = Receipt(result["receipt"]["seq"], result["receipt"]["leaf_hash"])
        if self.receipts.setdefault(bare(result["id"]), receipt) != receipt:
            self.faults["a second receipt differs from the first"] += 1

    def count(self, status: int) -> int:
        """How many requests were answered so."""
        return sum(each.status == status for each in self.exchanges)

    def slowest(self) -> float:
        """Seconds of the longest request."""
        return max((each.answered - each.sent for each in self.exchanges), default=0.0)
