"""The rules of a filled form, in the order in which a filing meets them: parse, check, clean, split, refer, emit."""

from app.taxonomy.answers import Reference, clean_answers, coded, is_narrative, references, split_answers
from app.taxonomy.checking import check_answers, is_day
from app.taxonomy.conditions import holds
from app.taxonomy.marks import EmittedMark, emit_marks
from app.taxonomy.parsing import custom_answers, parse_observation

__all__ = [
    "EmittedMark",
    "Reference",
    "check_answers",
    "clean_answers",
    "coded",
    "custom_answers",
    "emit_marks",
    "holds",
    "is_day",
    "is_narrative",
    "parse_observation",
    "references",
    "split_answers",
]
