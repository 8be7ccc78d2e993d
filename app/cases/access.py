"""Who may keep what is monitored: coordinators. Observers read it through what their phones are given. Names are opened by custodians."""

from app.kit.access import COORDINATOR, CUSTODIAN, MONITORED_READ, members

COORDINATORS = members(COORDINATOR)
READERS = members(COORDINATOR, for_clients=MONITORED_READ)
CUSTODIANS = members(CUSTODIAN)
