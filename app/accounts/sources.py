"""Where a sign-in comes from, told apart without keeping any address: by network, under a key that lives for a day, in memory only."""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from app.accounts import rules
from app.accounts.errors import TOO_MANY_REQUESTS
from app.kit import clock
from app.kit.errors import Problem

_IPV4_PREFIX, _IPV6_PREFIX = 24, 48
_KEY_LENGTH = 32
MOST_KNOWN = 50_000
_INSIDE = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7", "fe80::/10"))
)


class Sources:
    """The networks that sign-ins came from today: /24 of IPv4, /48 of IPv6, each as an HMAC under the key of the day."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: date | None = None
        self._key = b""
        self._known: set[bytes] = set()

    def network(self, address: str | None) -> bytes | None:
        """A network's name for today. `None` for no address, and for one of this machine or of the house: a proxy stands there."""
        prefix = _prefix(address)
        if prefix is None:
            return None
        with self._lock:
            self._turn_the_page()
            return hmac.digest(self._key, prefix, hashlib.sha256)

    def remember(self, subject: str, network: bytes | None) -> None:
        """Somebody signed in from a network: for the rest of the day it is known for that user name."""
        if network is not None:
            with self._lock:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known.add(_both(subject, network))

    def knows(self, subject: str, network: bytes | None) -> bool:
        """Whether somebody signed in under a user name from a network today, on this server process."""
        if network is None:
            return False
        with self._lock:
            return _both(subject, network) in self._known

    def _turn_the_page(self) -> None:
        today = clock.now().date()
        if today != self._day:
            self._day, self._key = today, secrets.token_bytes(_KEY_LENGTH)
            self._known.clear()


class Guesses:
    """How often codes were tried in vain of late, by network, in memory: each network waits for its own guesses and for nobody else's.

    Who comes through a proxy of this house cannot be told from others and does not wait; a code has 80 random bits all the same.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._lock = threading.Lock()
        self._failed: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()

    def demand_patience(self, address: str | None) -> None:
        """429 `too_many_requests` while the delay of a network lasts; it grows to 42 seconds and no further."""
        network = self._sources.network(address)
        with self._lock:
            failed = self._failed.get(network) if network is not None else None
        seconds = rules.waits(*failed, clock.now()) if failed else 0
        if seconds:
            raise Problem(TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})

    def failed(self, address: str | None) -> None:
        """Count a code that nobody made."""
        network, now = self._sources.network(address), clock.now()
        if network is None:
            return
        with self._lock:
            count, last = self._failed.get(network, (0, now))
            self._failed[network] = (1 if now - last > rules.FORGET_FAILURES else count + 1, now)
            self._failed.move_to_end(network)
            if len(self._failed) > MOST_KNOWN:
                self._failed.popitem(last=False)


def _both(subject: str, network: bytes) -> bytes:
    return hmac.digest(network, subject.encode(), hashlib.sha256)


def _prefix(address: str | None) -> bytes | None:
    try:
        found: IPv4Address | IPv6Address = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in each for each in _INSIDE):
        return None
    length = _IPV4_PREFIX if isinstance(found, IPv4Address) else _IPV6_PREFIX
    return ip_network((found, length), strict=False).network_address.packed
