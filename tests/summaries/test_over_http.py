"""The golden filings and random ones, played through the API on real databases: what comes out is what the reference expects."""

import random

import pytest

from app.summaries.schemas import CaseSummary, FigureSources, ProgrammeSummary
from tests.support import expectations
from tests.support.player import a_run
from tests.support.reference import a_variant, load_file

SEEDS = range(1, 21)
SEEDS_ON_POSTGRESQL = (1, 2, 3)
SEEDS_WITH_SHUFFLE = (2, 11)


@pytest.fixture(scope="module")
def golden_on_sqlite(sqlite_templates, tmp_path_factory):
    with a_run(sqlite_templates, tmp_path_factory.mktemp("golden"), load_file("zhanaozen_filings.json")) as run:
        yield run


@pytest.fixture(scope="module")
def golden_on_postgresql(postgresql_templates, tmp_path_factory):
    with a_run(postgresql_templates, tmp_path_factory.mktemp("golden"), load_file("zhanaozen_filings.json")) as run:
        yield run


@pytest.fixture
def golden(dialect, request):
    """The golden filings, played once on each database."""
    return request.getfixturevalue(f"golden_on_{dialect}")


def repeats(run):
    """The answer to a repeated filing beside the answer to the first."""
    first = {}
    for each in run.played:
        if each.stage == "observations":
            found = first.setdefault(each.body["id"], each)
            if found is not each:
                yield found, each


def check_expectations(run):
    summaries = run.summaries()
    for compare in expectations.COMPARISONS:
        given, wanted = compare(run.filings, summaries)
        assert given == wanted, compare.__name__
    for each in run.played:
        assert each.reply.status == each.request.get("expect", {}).get("status", each.reply.status)
    for first, again in repeats(run):
        assert (first.reply.status, again.reply.status) == (201, 200)
        assert again.reply.content["receipt"] == first.reply.content["receipt"]


def test_the_golden_filings_add_up_to_what_is_expected(golden):
    check_expectations(golden)
    expect = golden.filings["expect"]
    counted = {name: len(expect[name]) for name in ("figures", "disagreements", "not_assessable", "discrepancies")}
    assert counted == {"figures": 57, "disagreements": 6, "not_assessable": 3, "discrepancies": 43}
    assert len(list(repeats(golden))) == 1


def test_what_nobody_knows_is_never_a_number(golden):
    summaries = golden.summaries()
    unwatched = {each["key"]: each for each in summaries["case:T-d"]["figures"]}
    assert unwatched["outcomes.convicted"]["value"] is None
    assert unwatched["investigations.opened"]["value"] is None
    assert unwatched["complaints.total"]["at_least"] is True
    for summary in summaries.values():
        for each in summary["figures"]:
            assert each["value"] is not None or (each["trace"]["count"], each.get("at_least")) in ((0, None), (0, True))


def test_every_figure_leads_to_what_it_was_made_of(golden):
    read = set()
    for summary in golden.summaries().values():
        for figure in summary["figures"]:
            sources = golden.read(figure["trace"]["href"])
            FigureSources.model_validate(sources)
            listed = [each for kind, ids in sources.items() if isinstance(ids, list) for each in ids]
            assert len(listed) == len(set(listed)) == sources["count"] == figure["trace"]["count"]
            read.update(sources["observations"])
    sent = {each.body["id"] for each in golden.played if each.request.get("path", "/v1/observations") == "/v1/observations"}
    assert read == sent
    for observation in read:
        assert golden.read(f"/v1/observations/{observation}")["id"] == observation


def test_a_reading_and_a_cell_narrow_what_stands_behind_a_figure(golden):
    path = f"/v1/cases/{golden.case('T-a')}/figures/complaints.identified_by_role/sources"
    counts = [golden.read(path, params={"reading": each, "cell": "witness"})["count"] for each in ("A", "B")]
    assert 0 < counts[0] < counts[1] < golden.read(path)["count"]
    documents = golden.read(f"/v1/cases/{golden.case('T-a')}/figures/outcomes.convicted/sources")["documents"]
    assert documents == [golden.player.ids["$document:submission"]]


def test_every_summary_has_the_shape_that_is_described(golden):
    for name, summary in golden.summaries().items():
        model = ProgrammeSummary if name == "programme" else CaseSummary
        assert model.model_validate(summary).model_dump(mode="json", exclude_unset=True) == summary


@pytest.mark.parametrize("model", [CaseSummary, ProgrammeSummary, FigureSources])
def test_an_example_has_the_shape_that_it_is_an_example_of(model):
    (example,) = model.model_config["json_schema_extra"]["examples"]
    assert model.model_validate(example).model_dump(mode="json", exclude_unset=True) == example


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_programme_adds_up_to_what_is_expected(sqlite_templates, tmp_path, seed):
    with a_run(sqlite_templates, tmp_path, a_variant(seed)) as run:
        check_expectations(run)
        for name, summary in run.summaries().items():
            model = ProgrammeSummary if name == "programme" else CaseSummary
            assert model.model_validate(summary).model_dump(mode="json", exclude_unset=True) == summary


@pytest.mark.parametrize("seed", SEEDS_ON_POSTGRESQL)
def test_a_random_programme_adds_up_alike_on_postgresql(postgresql_templates, tmp_path, seed):
    with a_run(postgresql_templates, tmp_path, a_variant(seed)) as run:
        check_expectations(run)


def digests(run):
    return {name: summary["computed"]["digest"] for name, summary in run.summaries().items()}


def shuffled(filings, seed):
    """The same filings, arriving and reviewed in another order; corrections may come before what they correct."""
    rng = random.Random(seed)
    ids = filings["reviews"]["body"]["ids"]
    reviews = {**filings["reviews"], "body": {**filings["reviews"]["body"], "ids": rng.sample(ids, len(ids))}}
    return {**filings, "observations": rng.sample(filings["observations"], len(filings["observations"])), "reviews": reviews}


@pytest.mark.parametrize("seed", SEEDS_WITH_SHUFFLE)
def test_the_order_in_which_filings_arrive_changes_no_digest(sqlite_templates, tmp_path, seed):
    found = []
    for n, filings in enumerate((a_variant(seed), shuffled(a_variant(seed), seed))):
        with a_run(sqlite_templates, tmp_path / str(n), filings) as run:
            found.append(digests(run))
    assert found[0] == found[1]
    assert len(set(found[0].values())) == len(found[0])
