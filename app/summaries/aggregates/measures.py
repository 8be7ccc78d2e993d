"""What is counted over many cases, and along which dimensions each measure can be told apart.

A thing can have several kinds or be reported in several languages. It stands once in each of those rows and once in the total, so facts are
kept at several grains: one for each set of dimensions along which a thing is told apart.
"""

from collections.abc import Collection
from dataclasses import dataclass

CASE, COURT, REGION, MONTH, YEAR = "case", "court", "region", "month", "year"
RIGHT, INDICATOR, KIND, LANGUAGE, RATING = "right", "indicator", "kind", "observer_language", "rating"
DIMENSIONS = (CASE, COURT, REGION, RIGHT, INDICATOR, KIND, MONTH, YEAR, RATING, LANGUAGE)
MOST_DIMENSIONS = 3

PLACES = frozenset({CASE, COURT, REGION})
DATES = frozenset({MONTH, YEAR})
SUBJECTS = frozenset({RIGHT, INDICATOR, KIND})
LETTERS = {RIGHT: "r", INDICATOR: "i", KIND: "k", LANGUAGE: "l"}
"""How a grain names the dimensions that it tells apart."""

OBSERVATIONS, INCIDENTS, COMPLAINTS, COMPLAINANTS = "observations", "incidents", "complaints", "complainants"
RETRACTIONS, RESTRICTIONS, HELD, OBSERVED, RATINGS = "retractions", "restrictions", "hearings_held", "hearings_observed", "ratings"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    `facts` is under which name they are kept, `grains` at which grains, the coarser first. `kinds` is the vocabulary of its kinds.
    `is_sighting`: without anybody there to see it, how often it happened is unknown, and not zero.
    """

    name: str
    facts: str
    grains: tuple[str, ...]
    dimensions: frozenset[str]
    kinds: str | None = None
    is_sighting: bool = False

    def grain(self, dimensions: Collection[str]) -> str:
        """The coarsest grain that tells facts apart along these dimensions."""
        wanted = {LETTERS[each] for each in dimensions if each in LETTERS}
        return next(grain for grain in self.grains if wanted <= set(grain))


def _measure(name: str, *grains: str, facts: str | None = None, kinds: str | None = None, is_sighting: bool = False) -> Measure:
    told = {dimension for dimension, letter in LETTERS.items() if any(letter in grain for grain in grains)}
    dimensions = PLACES | DATES | told
    return Measure(name, facts or name, grains, dimensions, kinds, is_sighting)


MEASURES = {
    each.name: each
    for each in (
        _measure(OBSERVATIONS, "", "l", "rik", "rikl", kinds="indicator_kind"),
        _measure(INCIDENTS, "", "l", "rik", "rikl", kinds="indicator_kind", is_sighting=True),
        _measure(COMPLAINTS, "", "l", "k", "kl", kinds="complaint_form", is_sighting=True),
        # One complaint is one complainant in one case (figures, `complaint`): the same facts under both names.
        _measure(COMPLAINANTS, "", "l", "k", "kl", facts=COMPLAINTS, kinds="complaint_form", is_sighting=True),
        _measure(RETRACTIONS, "", "l", "k", "kl", kinds="retraction_reason", is_sighting=True),
        _measure(RESTRICTIONS, "", "l", "r", "rl", "ri", "ril", "rik", "rikl", kinds="restriction_kind", is_sighting=True),
        _measure(HELD, ""),
        _measure(OBSERVED, "", "l"),
        # A rating is about a case as a whole: it has no day.
        Measure(RATINGS, RATINGS, ("r",), PLACES | {RIGHT, RATING}),
    )
}
