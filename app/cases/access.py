"""Who may keep what is monitored: coordinators. Observers read it through what their phones are given."""

from app.kit.access import COORDINATOR, members

COORDINATORS = members(COORDINATOR)
