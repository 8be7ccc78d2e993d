"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

from app.kit import clock


class FakeClock:
    """What the server takes for the present moment."""

    def __init__(self, monkeypatch, start=None) -> None:
        self.moment = start or datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: self.moment)

    def advance(self, **how_far) -> None:
        self.moment += timedelta(**how_far)
