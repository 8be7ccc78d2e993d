"""What the demonstration read over HTTP after everything was filed and accepted: the values that its page is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.demo.client import Client

Json = Mapping[str, Any]
HEADLINES = ("complaints.total", "complaints.absent_share", "restrictions.sequence", "outcomes.convicted")
"""Figures that a coordinator is asked about first, traced to what they stand on."""


class Reader(NamedTuple):
    """Who reads, of which programme, in which language."""

    token: str
    programme: str
    language: str


class Row(NamedTuple):
    """An outcome row: a participant's code or how many a group holds (None: not stated), and where it was read."""

    id: str
    participant: str | None
    size: int | None
    place: str


@dataclass(frozen=True)
class Origin:
    """A figure, its sources as served, and the observations and outcome rows among them."""

    figure: Json
    sources: Json
    observations: Sequence[Json]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Told:
    """A case about which something was filed: its summary, its hearings, those that nobody observed, and where figures come from."""

    summary: Json
    hearings: Sequence[Json]
    unseen: Sequence[Json]
    origins: Sequence[Origin]


@dataclass(frozen=True)
class Findings:
    """Summaries as served, and what a reader wants beside them."""

    language: str
    name: str
    taxonomy: Json
    programme: Json
    cases: Mapping[str, Json]
    told: Mapping[str, Told]
    statistics: Json

    @property
    def served(self) -> dict[str, Any]:
        """The summaries and the statistics alone, exactly as served."""
        return {"programme": self.programme, "cases": self.cases, "statistics": self.statistics}


def figures_of(summary: Json) -> dict[str, Json]:
    """The figures of a summary by key."""
    return {each["key"]: each for each in summary["figures"]}


def is_told(case: Json) -> bool:
    """Whether anything that counts was filed about a case."""
    return any(row["counted"] for row in figures_of(case)["coverage.filings"]["value"])


def read_findings(client: Client, reader: Reader) -> Findings:
    """Read everything, as a coordinator's tool would."""
    language = {"lang": reader.language}
    programme = client.get(f"/v1/programmes/{reader.programme}/summary", reader.token, **language)
    cases = {each["code"]: client.get(f"/v1/cases/{each['id']}/summary", reader.token, **language) for each in programme["cases"]}
    return Findings(
        language=reader.language,
        name=client.get(f"/v1/programmes/{reader.programme}", reader.token)["name"],
        taxonomy=client.get("/v1/taxonomy", reader.token, **language),
        programme=programme,
        cases=cases,
        told={code: _Desk(client, reader.token, case).told() for code, case in cases.items() if is_told(case)},
        statistics=client.get(f"/v1/programmes/{reader.programme}/statistics", reader.token, **language),
    )


@dataclass(frozen=True)
class _Desk:
    """Where the papers of one case are looked up."""

    client: Client
    token: str
    case: Json

    def told(self) -> Told:
        hearings = self.listed("hearings")
        known, observed = (set(self.sources(f"coverage.hearings_{each}")["hearings"]) for each in ("known", "observed"))
        unseen = [each for each in hearings if each["id"] in known - observed]
        return Told(self.case, hearings, unseen, self.origins())

    def listed(self, what: str) -> list[dict[str, Any]]:
        return list(self.client.list(f"/v1/{what}", self.token, case_id=self.case["case"]["id"]))

    def sources(self, key: str) -> Json:
        found: Json = self.client.get(figures_of(self.case)[key]["trace"]["href"], self.token)
        return found

    def origins(self) -> list[Origin]:
        filed, figures, rows = self.listed("observations"), figures_of(self.case), self.rows()
        found = []
        for key in HEADLINES:
            sources = self.sources(key)
            observations = [each for each in filed if each["id"] in sources["observations"]]
            of_figure = [each for each in rows if each.id in sources["outcomes"]]
            found.append(Origin(figures[key], sources, sorted(observations, key=_when_filed), of_figure))
        return found

    def rows(self) -> list[Row]:
        people, papers = (
            {each["id"]: each["code"] for each in self.listed("participants")},
            {each["id"]: each["code"] for each in self.client.list("/v1/documents", self.token)},
        )
        return [
            Row(each["id"], people.get(each["participant_id"]), each["count"], _place(each["source"], papers))
            for each in self.listed("outcomes")
        ]


def _when_filed(observation: Json) -> tuple[str, str]:
    return observation["captured_at"], observation["id"]


def _place(source: Json, papers: Mapping[str, str]) -> str:
    """The code of the document or the id of the observation, and the place in it."""
    where = papers.get(source["document_id"]) or source["observation_id"] or ""
    return f"{where} {source['locator'] or ''}".strip()
