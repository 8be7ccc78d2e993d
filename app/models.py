"""Every table of the project, so that migrations know them all."""

from app.accounts import models as accounts
from app.cases import models as cases
from app.journal import models as journal
from app.observations import models as observations
from app.statistics import models as statistics

__all__ = ["accounts", "cases", "journal", "observations", "statistics"]
from app.summaries.aggregates import models as aggregates
