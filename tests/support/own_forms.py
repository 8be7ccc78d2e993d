"""A programme's own form, as coordinators write it. Valid by default."""

from copy import deepcopy

from app.forms.definition import FormWritten

QUESTIONS = [
    {"code": "hearing_ref", "type": "hearing_ref", "label": {"en": "Hearing"}, "required": True},
    {
        "code": "entrances",
        "type": "select_multiple",
        "label": {"en": "Entrances", "ru": "Входы", "kk": "Кіреберістер"},
        "required": True,
        "choices": "entrances",
        "constraint": {"min_items": 1},
    },
    {
        "code": "benches",
        "type": "integer",
        "label": {"en": "Benches"},
        "relevant": {"q": "entrances", "op": "contains", "value": "main"},
        "constraint": {"min": 0, "max": 500},
    },
    {"code": "basis", "type": "select_one", "label": {"en": "Basis"}, "choices": "observation_basis", "required": True},
    {"code": "who", "type": "participant_ref", "label": {"en": "Who"}},
    {"code": "told", "type": "text", "label": {"en": "Told"}, "help": {"en": "In short"}, "constraint": {"max_length": 200}},
    {"code": "armed", "type": "boolean", "label": {"en": "Armed"}, "sensitivity": "restricted"},
]
ENTRANCES = [{"code": "main", "label": {"en": "Main"}}, {"code": "yard", "label": {"en": "Yard", "kk": "Аула"}}]


def a_form(*, questions=QUESTIONS, **changed):
    """The body of an own form."""
    body = {
        "code": "x_courthouse",
        "version": "1",
        "label": {"en": "Courthouse", "ru": "Здание суда"},
        "opened_from": "hearing",
        "vocabularies": [{"code": "entrances", "terms": ENTRANCES}],
        "sections": [{"code": "building", "label": {"en": "Building"}, "questions": questions}],
    }
    return deepcopy({**body, **changed})


def written(**changed):
    """The same as a typed value."""
    return FormWritten.model_validate(a_form(**changed))


class Desk:
    """A coordinator who writes forms for a programme."""

    def __init__(self, server, programme) -> None:
        self.server, self.programme = server, programme
        self.path = f"/v1/programmes/{programme.id}/forms"

    def draft(self, body=None, **changed):
        return self.server.post(self.path, body or a_form(**changed), token=self.programme.token)

    def publish(self, code="x_courthouse", version="1"):
        return self.server.post(f"{self.path}/{code}/versions/{version}/publish", token=self.programme.token)

    def published(self, **changed):
        """A form that may be filled."""
        answer = self.draft(**changed)
        assert answer.status_code == 201, answer.text
        shown = answer.json()
        answer = self.publish(shown["code"], shown["version"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def at(self, code="x_courthouse", version="1", method="GET"):
        return self.server.request(method, f"{self.path}/{code}/versions/{version}", token=self.programme.token)


def filled(trial, *, code="x_courthouse", version="1", **answers):
    """An observation filled by an own form; `None` leaves an answer out."""
    given = {"entrances": ["main"], "benches": 4, "basis": "seen", **answers}
    listed = [{"question": question, "value": value} for question, value in given.items() if value is not None]
    return trial.body(form="custom", form_code=code, form_version=version, answers=listed)
