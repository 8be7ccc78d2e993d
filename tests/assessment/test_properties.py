"""What holds of any assessment, whatever was observed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.assess import assess
from app.assessment.rulebook import FROM_MILD_TO_BAD, rulebook_of
from app.taxonomy.catalogue import current
from tests.support.assessments import a_trial_of, an_observation

TAXONOMY = current()
PARAMETERS = rulebook_of(TAXONOMY).parameters
INDICATORS = [each for each in TAXONOMY.indicators.values() if not each.derived]
HEARINGS, PEOPLE, OBSERVERS = ("h1", "h2", "h3", "h4"), ("P1", "P2", "P3"), ("o1", "o2", "o3")
FEW = settings(max_examples=150, deadline=None)


@st.composite
def some_observation(draw, values=("present", "absent", "unsure")):
    indicator = draw(st.sampled_from(INDICATORS))
    at = draw(st.sampled_from(HEARINGS))
    unit = {"hearing": at, "case": "case", "participant": draw(st.sampled_from(PEOPLE))}[indicator.applies_to]
    basis = draw(st.sampled_from(("seen", "heard", "document", "told_by_counsel", "media")))
    return an_observation(
        indicator.code,
        unit,
        by=draw(st.sampled_from(OBSERVERS)),
        at=at,
        value=draw(st.sampled_from(values)),
        basis=basis,
        comprehension=draw(st.sampled_from((None, "full", "partial", "none"))),
        document=draw(st.sampled_from(("J1", "J2"))) if basis == "document" else None,
        informant_role={"told_by_counsel": "defence_lawyer", "media": "journalist"}.get(basis),
    )


@st.composite
def one_sided(draw):
    """Observations of one indicator at one hearing by two observers, and what one of them contests."""
    indicator = draw(st.sampled_from([each for each in INDICATORS if each.polarity == "violation" and not each.needs_document]))
    at = draw(st.sampled_from(HEARINGS))
    unit = {"hearing": at, "case": "case", "participant": "P1"}[indicator.applies_to]
    return indicator, [
        an_observation(indicator.code, unit, by=by, at=at, value=value) for by, value in (("o1", "present"), ("o2", "absent"))
    ]


several = st.lists(some_observation(), max_size=14)
frames = st.fixed_dictionaries({"hearings": st.just(4), "observed": st.integers(0, 4), "defendants": st.integers(0, 9)})


def assessment(observations, frame):
    return assess(a_trial_of(observations, **frame), TAXONOMY)


def shown(found):
    """All that can be told of an assessment."""
    rights = [
        (
            right,
            each.rating,
            each.rule,
            each.confidence,
            each.ground.assessed,
            {(i.name, i.level, i.is_contested, i.filings) for i in each.incidents},
        )
        for right, each in found.rights.items()
    ]
    return rights, dict(found.groups), found.grade, dict(found.caveats)


def badness(rule):
    return FROM_MILD_TO_BAD.index(rule.rating) if rule.rating in FROM_MILD_TO_BAD else 0


@FEW
@given(several, frames)
def test_nothing_is_respected_before_enough_was_seen(observations, frame):
    for each in assessment(observations, frame).rights.values():
        if each.rating == "respected" and each.right.unit != "case":
            assert frame["observed"] >= PARAMETERS["min_hearing_coverage_for_respected"] * frame["hearings"]
            assert each.ground.assessed >= min(PARAMETERS["min_assessed_units_for_respected"], each.ground.total) > 0


@FEW
@given(several, frames, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(observations, frame, rng):
    straight = shown(assessment(observations, frame))
    rng.shuffle(observations)
    assert shown(assessment(observations, frame)) == straight


@FEW
@given(several, frames)
def test_a_copy_sent_twice_changes_nothing(observations, frame):
    assert shown(assessment(observations + observations[::2], frame)) == shown(assessment(observations, frame))


@FEW
@given(several, frames, one_sided(), st.sampled_from(("seen", "document")))
def test_one_more_established_violation_never_improves_the_rating_that_counts_everything(observations, frame, side, basis):
    indicator, (present, _) = side
    more = an_observation(indicator.code, *present.units, by="o9", at=present.occasion.hearing, basis=basis, document="J9")
    before, after = (assessment(each, frame).rights[indicator.right].low for each in (observations, [*observations, more]))
    assert badness(after.rule) >= badness(before.rule) or may_give_way(before)


def may_give_way(applied):
    """A pattern does when one more unit was assessed, and what is derived when it is seen to have begun earlier."""
    return applied.rule.id == "NR5" or any(each.indicator.derived for each in applied.deciding)


@FEW
@given(frames, one_sided(), several)
def test_without_one_side_of_a_contradiction_a_right_has_the_rating_that_it_has_on_the_other(frame, side, others):
    indicator, (present, absent) = side
    others = [each for each in others if TAXONOMY.indicators[each.said.indicator].right != indicator.right]
    both = assessment([*others, present, absent], frame).rights[indicator.right]
    assert [each.is_contested for each in both.adverse] == [True]
    without_denial, without_report = (assessment([*others, each], frame).rights[indicator.right] for each in (present, absent))
    assert not without_denial.is_contested
    assert not without_report.is_contested
    assert both.low.rule == without_denial.low.rule
    assert both.high.rule == without_report.low.rule
