"""How long a very large case takes to fold, in CPU milliseconds; `python -m tests.benchmarks.fold` prints the parts of it.

200 hearings, 5 observers at each (1,000 hearing filings of some 40 answers) and 3,000 filings about events, two readings, 60 defendants.
Observers of a hearing see the same nine times in ten; every fourth understands little or nothing.
"""

import random
import sys
import time
from datetime import timedelta
from statistics import median

from app.main import calm_the_collector
from app.summaries.case_summary import summary_of
from app.summaries.facts import establish
from app.summaries.records import CaseRecords, Filing, Member, RoleReading
from app.taxonomy.catalogue import current
from tests.benchmarks.targets import Effort, Measured, Target
from tests.support.case_builders import A_DAY, PAPER, a_case, a_filing, a_hearing, a_participant, an_outcome

HEARINGS, OBSERVERS, DEFENDANTS, EVENTS = 200, 5, 60, 3000
RUNS = 5
TRI_STATES = [q.code for q in current().forms["hearing"].questions.values() if q.choices == "tri_state"]


def a_large_case(seed: int = 1) -> CaseRecords:
    """The case that is folded; the same seed gives the same case."""
    rng = random.Random(seed)
    hearings = tuple(a_hearing(f"h{n}", day=A_DAY + timedelta(days=n)) for n in range(HEARINGS))
    observers = [f"OBS{n}" for n in range(OBSERVERS)]
    two = (RoleReading("defendant", "A", PAPER), RoleReading("witness", "B", PAPER))
    people = tuple(a_participant(f"P{n}", roles=two if n < 3 else (), named_in_source=n % 2 == 0) for n in range(DEFENDANTS))
    filings = []
    for hearing in hearings:
        happened = {question: rng.choice(["yes", "no", "no", "no", "could_not_tell"]) for question in TRI_STATES}
        filings += [_report(rng, hearing.code, observer, happened) for observer in observers]
    filings += [_event(rng, n, observers) for n in range(EVENTS)]
    return a_case(
        *filings,
        participants=people,
        hearings=hearings,
        members=tuple(Member(f"id-{code}", code, {"ru": "full"}) for code in observers),
        outcomes=tuple(an_outcome(each.code, term_months=60, custody_status="in_custody") for each in people),
        defendants_stated=DEFENDANTS,
        today=A_DAY + timedelta(days=HEARINGS + 1),
    )


def _report(rng: random.Random, hearing: str, observer: str, happened: dict[str, str]) -> Filing:
    answers = {question: seen if rng.random() < 0.9 else rng.choice(["yes", "no"]) for question, seen in happened.items()}
    answers |= {"own_comprehension": rng.choice(["full"] * 6 + ["partial", "none"]), "court_language": "kk_ru", "openness": "open"}
    listed = {name: ["P1", "P2"] for name in ("absent_who", "without_lawyer_who", "cage_who", "injuries_who") if rng.random() < 1 / 2}
    counted = {"counted": [{"subject": "complaints_named_defendants", "value": rng.randrange(9)}]}
    return a_filing("hearing", {**answers, **listed, **counted}, hearing=hearing, by=observer)


def _event(rng: random.Random, n: int, observers: list[str]) -> Filing:
    person, where = f"P{rng.randrange(DEFENDANTS)}", {"hearing": f"h{rng.randrange(HEARINGS)}", "by": rng.choice(observers), "n": n}
    if n % 3 == 0:
        return a_filing(
            "access_restriction", {"kinds": rng.sample(["all_media_banned", "audio_banned", "laptops_banned"], 2), "change": "new"}, **where
        )
    if n % 3 == 1:
        answers = {"participant_ref": person, "form": rng.choice(["written", "oral"]), "basis": "heard", "trace_raised": "yes"}
        return a_filing("torture_complaint", {**answers, "responses": ["not_recorded", "interrupted", "proof_demanded"]}, **where)
    facts = [{"indicator": "counsel.passive_or_collusive", "value": rng.choice(["present", "absent"]), "participant_refs": [person]}] * 6
    return a_filing("case_fact", {"facts": [{**each, "participant_refs": [f"P{k}"]} for k, each in enumerate(facts)]}, **where)


def measure(records: CaseRecords) -> tuple[float, float]:
    """CPU milliseconds for establishing the facts, and for the whole summary."""
    start = time.process_time()
    facts = establish(records, current())
    half = time.process_time()
    summary_of(facts, lang="en")
    return (half - start) * 1000, (time.process_time() - start) * 1000


def cold_summary(effort: Effort) -> Measured:
    """CPU milliseconds for the summary of the large case, nothing of it cached, with the collector as a server has it."""
    records = a_large_case()
    calm_the_collector()
    runs = [measure(records) for _ in range(effort.rounds + 1)][1:]
    return Measured(median(whole for _, whole in runs), {"facts ms": median(facts for facts, _ in runs)})


TARGETS = (Target("fold", "case summary, 200 hearings x 5 observers, cold", " ms", 400, 100, cold_summary, is_ceiling=True),)


def main() -> None:
    """Measure and print."""
    records = a_large_case()
    marks = sum(len(each.marks) for each in records.filings)
    facts, whole = min((measure(records) for _ in range(RUNS)), key=lambda each: each[1])
    sys.stdout.write(f"{len(records.filings)} filings, {marks} marks: facts {facts:.0f} ms, whole summary {whole:.0f} ms\n")


if __name__ == "__main__":
    main()
