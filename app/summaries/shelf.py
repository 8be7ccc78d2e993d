"""What was made lately is kept while there is room. Nothing here cannot be lost: whatever is asked for is made again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Shelf(Generic[Value]):
    """Values under what they were made from. `room` is in the units of `weigh`; what was not asked for longest goes first.

    A value heavier than the whole shelf is made and not kept. Any number of threads may use a shelf.
    """

    def __init__(self, room: int, weigh: Callable[[Value], int]) -> None:
        self._room = room
        self._weigh = weigh
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._taken = 0
        self._lock = Lock()

    def take(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What stands under a key, made where nothing does."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found[0]
        # Made outside the lock: two who ask at once may both make it, and neither waits for the other.
        made = make()
        self._keep(key, made)
        return made

    def _keep(self, key: Hashable, value: Value) -> None:
        weight = self._weigh(value)
        with self._lock:
            if key in self._kept or weight > self._room:
                return
            self._kept[key] = (value, weight)
            self._taken += weight
            while self._taken > self._room:
                self._taken -= self._kept.popitem(last=False)[1][1]
