"""HTTP for readers of aggregates."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from app.kit.access import ANALYST, COORDINATOR, SUMMARIES_READ, Caller, allow, members, router
from app.kit.ids import Id
from app.kit.store import StoreOf
from app.kit.wire import Text
from app.summaries.aggregates import service
from app.summaries.aggregates.measures import MEASURES
from app.summaries.aggregates.rules import Question, dimensions_in
from app.summaries.aggregates.schemas import LONGEST_GROUP_BY, Aggregate, Day, MeasureName
from app.summaries.routes import MemoryOf

api = router("summaries")
Code = Annotated[Text | None, Query(max_length=80)]
GroupBy = Annotated[
    str,
    Query(
        max_length=LONGEST_GROUP_BY,
        description="Up to three dimensions, comma-separated. `ratings` need `right` or `rating`. With right, indicator or kind, "
        "`observations` are statements that something was so.",
        examples=["month,right"],
    ),
]
Kind = Annotated[
    Text | None,
    Query(
        max_length=80,
        description="Of observations and incidents the kind of the indicator, of complaints their form, of retractions a reason, of "
        "restrictions a kind of restriction.",
    ),
]
Language = Annotated[
    str | None,
    Query(pattern="^[a-z]{2,3}$", description="A language in which somebody who reported it follows a hearing, fully or sufficiently."),
]
Region = Annotated[Text | None, Query(max_length=500, description="The region of a court.")]
From = Annotated[Day | None, Query(alias="from", description="The first day: of the hearing, else of the capture in the programme's zone.")]
To = Annotated[Day | None, Query(alias="to", description="The last day.")]


async def _subjects(
    right: Code = None, indicator: Code = None, kind: Kind = None, rating: Code = None, observer_language: Language = None
) -> dict[str, str]:
    found = {"right": right, "indicator": indicator, "kind": kind, "rating": rating, "observer_language": observer_language}
    return {name: value for name, value in found.items() if value is not None}


async def _question(
    programme_id: Id,
    measure: MeasureName,
    subjects: Annotated[dict[str, str], Depends(_subjects)],
    group_by: GroupBy = "",
    *,
    case_id: Id | None = None,
    court_id: Id | None = None,
    region: Region = None,
    since: From = None,
    until: To = None,
) -> Question:
    dimensions = dimensions_in(group_by)
    return Question(
        programme_id,
        MEASURES[measure],
        dimensions,
        case_id=case_id,
        court_id=court_id,
        region=region,
        since=since,
        until=until,
        only=subjects,
    )


@api.get("/aggregates", response_model=Aggregate)
@allow(members(COORDINATOR, ANALYST, for_clients=SUMMARIES_READ))
def get_aggregates(question: Annotated[Question, Depends(_question)], caller: Caller, store: StoreOf, memory: MemoryOf) -> Response:
    """Numbers over many cases, by up to three dimensions, from accepted observations."""
    return Response(service.aggregate(store, caller, memory.taxonomy, question), media_type="application/json")
