"""What crosses the wire when somebody files: one typed body for each core form in its newest version, and one for custom forms.

The bodies are made from the taxonomy, so that the OpenAPI document names every question and every term. Conditions, lengths after NFC and
comparisons between answers are no matter of types; `checking.py` decides about them, and is the authority on every answer.
"""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, create_model
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.kit import errors
from app.kit.clock import moment_of
from app.kit.ids import SpelledId
from app.kit.wire import Body
from app.taxonomy.catalogue import Constraint, Form, Question, Taxonomy, current
from app.taxonomy.examples import example_of, example_of_custom
from app.taxonomy.picks import INFORMANT, LONGEST_INFORMANT, LONGEST_NOTE
from app.taxonomy.sheet import LARGEST_INTEGER, MAX_ITEMS

LONGEST_CUSTOM_TEXT = 20_000


def _claimed(text: str) -> str:
    if moment_of(text) is None:
        raise PydanticCustomError(errors.INVALID_TIME, errors.INVALID_TIME)
    return text


def _custom(answer: Any) -> Any:
    if isinstance(answer, list):
        if len(answer) > MAX_ITEMS:
            raise PydanticCustomError(errors.TOO_MANY_ITEMS, errors.TOO_MANY_ITEMS)
        texts = answer
    else:
        texts = [] if answer is None or isinstance(answer, bool | int | float) else [answer]
    if not all(isinstance(text, str) for text in texts):
        raise PydanticCustomError(errors.WRONG_TYPE, errors.WRONG_TYPE)
    if any(len(text) > LONGEST_CUSTOM_TEXT for text in texts):
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    return answer


_ANY_TEXT = {"type": "string", "maxLength": LONGEST_CUSTOM_TEXT}
_CUSTOM_SCHEMA = {
    "anyOf": [
        _ANY_TEXT,
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array", "items": _ANY_TEXT, "maxItems": MAX_ITEMS},
        {"type": "null"},
    ]
}

Claimed = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_claimed),
    Field(description="RFC 3339 with an offset; kept exactly as claimed.", json_schema_extra={"format": "date-time"}),
]
FormVersion = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,32}$")]
CustomFormCode = Annotated[str, StringConstraints(pattern=r"^x_[a-z][a-z0-9_]*$", max_length=64)]
QuestionCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
CustomValue = Annotated[Any, AfterValidator(_custom), WithJsonSchema(_CUSTOM_SCHEMA)]
PointedAt = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
    Field(json_schema_extra={"format": "uuid"}),
]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Count = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
Note = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_NOTE})]
InformantCode = Annotated[str, StringConstraints(pattern=INFORMANT, max_length=LONGEST_INFORMANT)]


class ObservationBody(Body):
    """What every observation says beside its answers: who made it up is the token's matter, when it arrived the server's."""

    id: Annotated[SpelledId, Field(description="Made on the phone, before it has a network.")]
    form_version: FormVersion
    case_id: SpelledId
    hearing_id: SpelledId | None = None
    captured_at: Claimed
    supersedes: Annotated[SpelledId | None, Field(description="The observation that this one corrects.")] = None


class CustomAnswer(Body):
    """One answer of a programme's own form."""

    question: QuestionCode
    value: CustomValue


class CustomObservation(ObservationBody):
    """A programme's own form, filled: its answers are a list, because its questions are not known beforehand."""

    form: Literal["custom"]
    form_code: CustomFormCode
    answers: Annotated[list[CustomAnswer], Field(max_length=MAX_ITEMS)]

    model_config = ConfigDict(json_schema_extra={"examples": [example_of_custom()]})


def _camel(code: str) -> str:
    return "".join(part.capitalize() for part in code.split("_"))


class _Types:
    """The types of one taxonomy's questions; a vocabulary is one named type, however many questions use it."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._vocabularies = {code: _choice(_camel(code), tuple(terms)) for code, terms in taxonomy.vocabularies.items()}
        reportable = tuple(code for code, indicator in taxonomy.indicators.items() if not indicator.derived)
        self._parts = {
            "indicator_picks": self._pick(_choice("ReportableIndicator", reportable)),
            "participant_roles": self._part("RoleHeard", participant_ref=(PointedAt, ...), role=(self._of("participant_role"), ...)),
            "counts": self._part("CountHeard", subject=(self._of("count_subject"), ...), value=(Count, ...)),
        }

    def _of(self, vocabulary: str) -> Any:
        return self._vocabularies[vocabulary]

    def _part(self, name: str, **fields: Any) -> type[Body]:
        return create_model(name, __base__=Body, __module__=__name__, **fields)

    def _pick(self, indicator: Any) -> type[Body]:
        return self._part(
            "IndicatorPick",
            indicator=(indicator, ...),
            value=(self._of("observation_value"), ...),
            participant_refs=(_list_of(PointedAt) | None, None),
            basis=(self._of("observation_basis") | None, None),
            informant_role=(self._of("participant_role") | None, None),
            informant_ref=(InformantCode | None, None),
            document_ref=(PointedAt | None, None),
            aspect=(self._of("fact_aspect") | None, None),
            note=(Note | None, None),
        )

    def of_question(self, question: Question) -> Any:
        """The type of an answer that is there."""
        least = question.constraint.min_items
        if question.choices is not None:
            term = self._of(question.choices)
            return term if question.type == "select_one" else _list_of(term, least)
        if question.type in self._parts:
            return _list_of(self._parts[question.type], least)
        match question.type:
            case "participant_refs":
                return _list_of(PointedAt, least)
            case "integer":
                return Annotated[int, Field(ge=question.constraint.min, le=question.constraint.max)]
            case "text":
                return _text(question.constraint)
            case plain:
                return _PLAIN[plain]


_PLAIN: Mapping[str, Any] = {
    "boolean": bool,
    "date": date,
    "time": TimeOfDay,
    "hearing_ref": PointedAt,
    "participant_ref": PointedAt,
    "document_ref": PointedAt,
    "form_ref": PointedAt,
}


def _choice(name: str, codes: tuple[str, ...]) -> Any:
    return TypeAliasType(name, Literal[codes])


def _list_of(part: Any, least: int = 0) -> Any:
    return Annotated[list[part], Field(min_length=least, max_length=MAX_ITEMS)]


def _text(limits: Constraint) -> Any:
    # The length is counted after NFC, so it stands in the document and is checked with the rules.
    shown: JsonDict = {} if limits.max_length is None else {"maxLength": limits.max_length}
    return Annotated[str, Field(pattern=limits.pattern, json_schema_extra=shown)]


def _field(types: _Types, question: Question) -> tuple[Any, Any]:
    """What is always asked is required; what depends on other answers is optional here, and so is the hearing, which stands outside."""
    answer = types.of_question(question)
    always = question.required and question.relevant is None and question.type != "hearing_ref"
    about = question.labels["en"]
    return (Annotated[answer, Field(description=about)], ...) if always else (Annotated[answer | None, Field(description=about)], None)


def _answers_model(types: _Types, form: Form) -> type[Body]:
    fields: dict[str, Any] = {code: _field(types, question) for code, question in form.questions.items()}
    return create_model(
        f"Answers{_camel(form.code)}", __base__=Body, __module__=__name__, __doc__=f"Answers of the form: {form.labels['en']}.", **fields
    )


def _observation_model(types: _Types, form: Form) -> type[ObservationBody]:
    named: dict[str, Any] = {"form": (Literal[form.code], ...), "answers": (_answers_model(types, form), ...)}
    made = create_model(
        f"{_camel(form.code)}Observation", __base__=ObservationBody, __module__=__name__, __doc__=f"{form.labels['en']}, filled.", **named
    )
    made.model_config["json_schema_extra"] = {"examples": [example_of(form)]}
    return made


def _core_bodies(taxonomy: Taxonomy) -> dict[str, type[ObservationBody]]:
    types = _Types(taxonomy)
    return {code: _observation_model(types, form) for code, form in taxonomy.forms.items()}


CORE_BODIES: Mapping[str, type[ObservationBody]] = _core_bodies(current())
BODIES: Mapping[str, type[ObservationBody]] = {**CORE_BODIES, "custom": CustomObservation}

# The union as the OpenAPI document shows it. Whoever parses picks the body by its form first, which gives places without branch names.
Observation: Any = Annotated[reduce(or_, BODIES.values()), Field(discriminator="form")]


class Envelope(ObservationBody):
    """An observation of a core form, in any version: what stands around its answers is checked, they are not."""

    form: Literal[tuple(CORE_BODIES)]  # type: ignore[valid-type] # Made from the taxonomy, which mypy cannot read.
    answers: Annotated[dict[str, Any], Field(max_length=MAX_ITEMS)]
