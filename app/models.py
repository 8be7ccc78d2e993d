"""Every table of the project, so that migrations know them all."""

from app.accounts import models as accounts
from app.cases import models as cases
from app.editions import models as editions
from app.evidence import models as evidence
from app.forms import models as forms
from app.journal import models as journal
from app.observations import models as observations
from app.review import models as review
from app.statistics import models as statistics
from app.summaries.aggregates import models as aggregates

__all__ = ["accounts", "aggregates", "cases", "editions", "evidence", "forms", "journal", "observations", "review", "statistics"]
