"""Who may keep what is monitored: coordinators. Observers read it through what their phones are given. Names are opened by custodians."""

from app.kit.access import COORDINATOR, CUSTODIAN, members

COORDINATORS = members(COORDINATOR)
CUSTODIANS = members(CUSTODIAN)
