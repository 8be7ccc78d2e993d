"""A form as a programme writes it: the taxonomy's own shape, without what only the taxonomy may say (marks, indicators)."""

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.kit import errors
from app.kit.wire import Body, Narrative, Text, is_blank
from app.taxonomy.catalogue import current
from app.taxonomy.schemas import LONGEST_CUSTOM_TEXT, CustomFormCode, FormVersion, QuestionCode
from app.taxonomy.sheet import LARGEST_INTEGER, MAX_ITEMS

MOST_QUESTIONS = 300
if TYPE_CHECKING:
    CoreForm = str
else:
    # Made from the taxonomy, which mypy cannot read.
    CoreForm = TypeAliasType("CoreForm", Literal[tuple(current().forms)])
Sensitivity = Literal["public", "internal", "restricted", "sealed"]
QuestionType = Literal[
    "select_one",
    "select_multiple",
    "boolean",
    "integer",
    "text",
    "date",
    "time",
    "hearing_ref",
    "participant_ref",
    "participant_refs",
    "document_ref",
    "form_ref",
    "attachment_refs",
]
"""The taxonomy's types but those whose answers make marks: what a programme asks beside the taxonomy enters no rating."""

ListName = Annotated[str, StringConstraints(pattern=r"^(x_[a-z0-9_]*\.)?[a-z][a-z0-9_]*$", max_length=128)]
TermCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=64)]
Whole = Annotated[int, Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]
LongHelp = Annotated[Narrative, Field(json_schema_extra={"maxLength": 2000})]
_HELP = 2000


class Labels(Body):
    """What something is called, in at least one language; another stands in for one that is missing, and says so."""

    en: Text | None = None
    kk: Text | None = None
    ru: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        texts = [text for text in (self.en, self.kk, self.ru) if text is not None]
        if not texts or any(is_blank(text) for text in texts):
            raise PydanticCustomError(errors.REQUIRED, errors.REQUIRED)
        return self


class Helps(Body):
    """What the observer reads below a question."""

    en: LongHelp | None = None
    kk: LongHelp | None = None
    ru: LongHelp | None = None

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        if any(text is not None and len(text) > _HELP for text in (self.en, self.kk, self.ru)):
            raise PydanticCustomError("string_too_long", errors.TOO_LONG)
        return self


class TermWritten(Body):
    """Something to choose."""

    code: TermCode
    label: Labels


class VocabularyWritten(Body):
    """A list of the form's own to choose from; questions name it in `choices`."""

    code: ListName
    label: Labels | None = None
    terms: Annotated[list[TermWritten], Field(min_length=1, max_length=MAX_ITEMS)]


class ConditionWritten(Body):
    """When a question is asked: one earlier answer compared (`q`, `op`, `value`), or several conditions of which all or any must hold."""

    q: QuestionCode | None = None
    op: Literal["eq", "ne", "in", "not_in", "contains", "answered"] | None = None
    value: Text | Annotated[list[Text], Field(min_length=1, max_length=MAX_ITEMS)] | None = None
    all: Annotated[list["ConditionWritten"], Field(min_length=1, max_length=50)] | None = None
    any: Annotated[list["ConditionWritten"], Field(min_length=1, max_length=50)] | None = None


class ConstraintWritten(Body):
    """The limits of an answer; `not_before` and `not_more_than` name an earlier question of the same type."""

    min: Whole | None = None
    max: Whole | None = None
    max_length: Annotated[int, Field(ge=1, le=LONGEST_CUSTOM_TEXT)] | None = None
    min_items: Annotated[int, Field(ge=0, le=MAX_ITEMS)] | None = None
    pattern: Annotated[str, StringConstraints(max_length=100)] | None = None
    not_before: QuestionCode | None = None
    not_more_than: QuestionCode | None = None
    not_future: bool | None = None


class QuestionWritten(Body):
    """A question. `choices` names a vocabulary of the taxonomy or one of the form's own."""

    code: QuestionCode
    type: QuestionType
    label: Labels
    help: Helps | None = None
    required: bool = False
    choices: ListName | None = None
    relevant: ConditionWritten | None = None
    constraint: ConstraintWritten | None = None
    sensitivity: Sensitivity | None = None
    est_seconds: Annotated[int, Field(ge=1, le=600)] = 5


class SectionWritten(Body):
    """Questions under one heading."""

    code: QuestionCode
    label: Labels
    questions: Annotated[list[QuestionWritten], Field(min_length=1, max_length=MOST_QUESTIONS)]


_EXAMPLE: JsonDict = {
    "code": "x_courthouse",
    "version": "1",
    "label": {"en": "The courthouse", "ru": "Здание суда", "kk": "Сот ғимараты"},
    "opened_from": "hearing",
    "vocabularies": [
        {
            "code": "entrances",
            "terms": [
                {"code": "main", "label": {"en": "Main entrance", "ru": "Главный вход", "kk": "Басты кіреберіс"}},
                {"code": "yard", "label": {"en": "Yard", "ru": "Двор", "kk": "Аула"}},
            ],
        }
    ],
    "sections": [
        {
            "code": "building",
            "label": {"en": "Building", "ru": "Здание", "kk": "Ғимарат"},
            "questions": [
                {
                    "code": "entrances",
                    "type": "select_multiple",
                    "label": {"en": "Which entrances were open?", "ru": "Какие входы были открыты?", "kk": "Қай кіреберістер ашық болды?"},
                    "required": True,
                    "choices": "entrances",
                    "constraint": {"min_items": 1},
                },
                {
                    "code": "benches",
                    "type": "integer",
                    "label": {"en": "Benches for the public", "ru": "Скамьи для публики", "kk": "Жұртшылыққа арналған орындықтар"},
                    "relevant": {"q": "entrances", "op": "contains", "value": "main"},
                    "constraint": {"min": 0, "max": 500},
                },
            ],
        }
    ],
}


class FormWritten(Body):
    """A programme's own form in one version. Without a version it gets the next whole number."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    code: CustomFormCode
    version: FormVersion | None = None
    label: Labels
    opened_from: CoreForm | None = Field(default=None, description="The core form from which it is opened; null: it stands by itself.")
    subject: Literal["hearing", "participant", "participant_or_hearing", "case"] | None = None
    max_minutes: Annotated[int, Field(ge=1, le=120)] | None = None
    default_sensitivity: Sensitivity = "internal"
    vocabularies: Annotated[list[VocabularyWritten], Field(max_length=50)] = Field(default_factory=list)
    sections: Annotated[list[SectionWritten], Field(min_length=1, max_length=50)]
