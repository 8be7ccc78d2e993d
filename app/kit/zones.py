"""Time zones by their IANA names, as the installed `tzdata` knows them, whatever the machine has of its own."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.kit.errors import CATALOGUE

UNKNOWN_TIMEZONE = CATALOGUE.fault("unknown_timezone")


@cache
def names() -> frozenset[str]:
    """Every zone that exists."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def _known(name: str) -> str:
    if name not in names():
        raise PydanticCustomError(UNKNOWN_TIMEZONE, UNKNOWN_TIMEZONE)
    return name


Zone = Annotated[str, AfterValidator(_known), Field(examples=["Asia/Almaty"])]
"""A time zone by its IANA name; 422 `unknown_timezone` for any other text."""
