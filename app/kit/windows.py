"""The part of a list that a caller asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query

from app.kit.paging import DEFAULT_LIMIT, Cursor, Limit, cut
from app.kit.store import StoreOf
from app.kit.wire import Text

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Window:
    """Where a page begins and how long it is. `of` names the list with its filters: a cursor is good for that list only."""

    store: StoreOf
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None

    def after(self, of: str) -> list[Any] | None:
        """The position that the page begins behind; 422 `invalid_cursor` for a cursor of another list."""
        return self.store.cursors.read(of, self.cursor)

    def cut(self, of: str, found: Sequence[Found], position: Callable[[Found], Sequence[Any]]) -> tuple[Sequence[Found], str | None]:
        """A page from what a query for `limit + 1` gave, and the cursor of the next one."""
        return cut(found, self.limit, lambda last: self.store.cursors.make(of, position(last)))


WindowOf = Annotated[Window, Depends()]
"""The part of a list that a caller asks for, for handlers."""

Search = Annotated[Text | None, Query(max_length=100, description="What codes and titles contain, in capital or small letters.")]
"""What somebody looks for in a list."""
