"""`python3 -m app forms`: a workbook looked through where it lies, before it is sent to a server."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.forms import xlsform
from app.forms.definition import FormWritten
from app.forms.workbook import LARGEST
from app.kit import i18n
from app.kit.errors import Fault, Problem
from app.taxonomy.catalogue import current

FAULTY = 1
forms = typer.Typer(no_args_is_help=True, help="Forms of a programme's own.")


@forms.callback()
def of_forms() -> None:
    """Forms of a programme's own."""


@forms.command("check")
def check_workbook(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An XLSForm (.xlsx).")],
    *,
    language: Annotated[Literal["en", "kk", "ru"], typer.Option(help="In which language faults are explained.")] = "en",
) -> None:
    """Read a workbook as a server would, without one, and print each fault with its cell. Exit 1 where there is any."""
    try:
        with file.open("rb") as source:
            # One byte more tells what is too large, however large it is.
            form = xlsform.form_of(source.read(LARGEST + 1), current()).form
    except OSError as fault:
        print(f"hearsight: {file} cannot be read: {fault.strerror}", file=sys.stderr)
        raise typer.Exit(FAULTY) from None
    except Problem as problem:
        for each in problem.faults:
            print(told(each, file.name, language))
        raise typer.Exit(FAULTY) from None
    print(f"{file.name}: {said_of(form)}. It can be sent.")


def told(fault: Fault, name: str, language: str) -> str:
    """A fault on one line: the sheet and the cell, its code, and what that means."""
    place = " ".join(fault.pointer.split("/")[1:]) or name
    return f"{place}  {fault.code}  {i18n.text(f'problem.{fault.code}', language)}"


def said_of(form: FormWritten) -> str:
    """What was read, in short."""
    number = sum(len(section.questions) for section in form.sections)
    return f"{form.code}, {f'version {form.version}' if form.version else 'the next version'}, {number} questions"
