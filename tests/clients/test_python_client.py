"""A Python client made from the committed OpenAPI document, without a word of help, does the main job against a real server."""

import importlib
import json
import os
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.support.forms import answers_of
from tests.support.house import ROOT
from tests.support.people import PASSWORD, a_member, a_programme
from tests.support.sockets import on_a_socket

CONFIGURATION = Path(__file__).with_name("openapi-python-client.yml")
DOCUMENT = ROOT / "openapi" / "openapi.json"
CAPTURED = "2012-04-02T13:00:00+05:00"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The folder of the generated client, and what its generator said."""
    folder = tmp_path_factory.mktemp("generated") / "hearsight_client"
    tool = [sys.executable, "-m", "openapi_python_client", "generate", "--path", DOCUMENT, "--output-path", folder]
    # The generator tidies up with ruff, which stands beside the interpreter.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    found = subprocess.run(
        [*tool, "--meta", "none", "--config", CONFIGURATION],
        check=False, capture_output=True, text=True, env={**os.environ, "PATH": path},
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    return folder, found.stdout + found.stderr


@pytest.fixture(scope="module")
def client_package(generated):
    """Gives modules of the client by their names."""
    sys.path.insert(0, str(generated[0].parent))
    yield lambda name: importlib.import_module(f"hearsight_client.{name}")
    sys.path.remove(str(generated[0].parent))


def test_the_generator_has_no_doubt_about_anything_in_the_document(generated):
    said = generated[1].strip().splitlines()
    assert [line for line in said if not line.startswith("Generating ")] == []


def test_every_operation_is_a_function_of_the_client(generated):
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"].values()
    names = {operation["operationId"] for methods in paths for operation in methods.values()}
    assert {path.stem for path in generated[0].glob("api/*/*.py")} - {"__init__"} == names


class Caller:
    """Calls operations by their names, as somebody who is signed in."""

    def __init__(self, package, address, username) -> None:
        self.models = package("models")
        self.package = package
        self.client = package("client").Client(base_url=address, raise_on_unexpected_status=True)
        form = self.models.BodyAuthIssueToken(grant_type="password", username=username, password=PASSWORD)
        token = self.call("auth_issue_token", body=form).access_token
        self.close()
        self.client = package("client").AuthenticatedClient(base_url=address, token=token, raise_on_unexpected_status=True)

    def close(self):
        self.client.get_httpx_client().close()

    def call(self, operation, **arguments):
        """What an operation answers, as the model that the document promises."""
        module = self.package(f"api.{operation.partition('_')[0]}.{operation}")
        return module.sync(client=self.client, **arguments)

    def make(self, operation, kind, **fields):
        """The id of something made from a body's fields."""
        found = self.call(operation, body=getattr(self.models, kind).from_dict(fields))
        assert isinstance(found.id, UUID), found
        return found.id


def a_complaint(models, case, hearing, person):
    """A filled form, made of the client's own types: terms are enumerations, ids are ids, moments are moments."""
    said = answers_of("torture_complaint", participant_ref=str(person), hearing_ref=...)
    answers = models.AnswersTortureComplaint.from_dict(said)
    assert (answers.form, answers.responses) == (models.ComplaintForm.WRITTEN, [models.CourtResponse.NOT_RECORDED])
    assert answers.to_dict() == said
    return models.TortureComplaintObservation(
        id=uuid4(), form="torture_complaint", form_version="1.1.0", case_id=case, hearing_id=hearing,
        captured_at=datetime.fromisoformat(CAPTURED), answers=answers,
    )  # fmt: skip


def test_a_case_is_set_up_observed_and_summed_up_by_the_generated_client(server, client_package):
    programme = a_programme(server)
    eye = a_member(server, programme)
    with on_a_socket(server) as address, ExitStack() as callers:
        boss, observer = (
            callers.enter_context(closing(Caller(client_package, address, person.username))) for person in (programme.coordinator, eye)
        )
        court = boss.make("cases_create_court", "NewCourt", programme_id=programme.id, code="C1", label="City court")
        named = {"programme_id": programme.id, "code": "T-1", "title": "A trial", "court_id": str(court)}
        case = boss.make("cases_create_case", "NewCase", **named, charge_articles=["241"], monitoring="full")
        dated = {"case_id": str(case), "code": "H-1", "date": "2012-04-02", "status": "held"}
        hearing = boss.make("cases_create_hearing", "NewHearing", **dated, instance="first", hearing_type="evidence")
        claims = {"is_anonymous": False, "is_protected": False, "named_in_source": True}
        person = boss.make("cases_create_participant", "NewParticipant", case_id=str(case), code="D01", role="defendant", **claims)
        boss.make("cases_create_assignment", "NewAssignment", member_id=eye.member_id, case_id=str(case))

        filing = a_complaint(observer.models, case, hearing, person)
        filed = observer.call("observations_file_observation", body=filing)
        assert (filed.id, filed.status.value, filed.receipt.log) == (filing.id, "created", UUID(programme.id))
        again = observer.call("observations_file_observation", body=filing)
        assert (again.status.value, again.receipt) == ("duplicate", filed.receipt)

        accept = boss.models.Reviewed.from_dict({"decision": "accept"})
        assert boss.call("observations_review_observation", observation_id=filed.id, body=accept).status.value == "accepted"
        summary = boss.call("summaries_get_case_summary", case_id=case)
        figures = {figure.key: figure.value for figure in summary.figures}
        assert (figures["complaints.total"], summary.case.id, summary.provisional) == (1, case, False)
        assert [line.participant for line in summary.complaints.ledger] == ["D01"]


def test_a_refusal_comes_as_the_problem_that_the_document_promises(server, client_package):
    programme = a_programme(server)
    with on_a_socket(server) as address, closing(Caller(client_package, address, programme.coordinator.username)) as boss:
        body = boss.models.NewCourt(programme_id=uuid4(), code="C1", label="City court")
        problem = boss.call("cases_create_court", body=body)
    assert isinstance(problem, boss.models.ProblemShown)
    assert (problem.status, problem.code, problem.errors[0].pointer) == (404, "not_found", "/programme_id")
