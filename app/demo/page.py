"""The page that a coordinator reads at the end: the summaries in words and tables, the most asked-for first."""

from collections.abc import Iterable, Iterator
from typing import IO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from app.demo.findings import Findings, figures_of
from app.demo.official import official
from app.demo.sections import sections_of
from app.demo.tables import bullets, rows
from app.demo.words import Words

WIDTH = 100


def console_of(file: IO[str] | None = None) -> Console:
    """A console that takes texts as they are, no wider than a page."""
    found = Console(file=file, markup=False, highlight=False, emoji=False)
    if not found.is_terminal or found.width > WIDTH:
        found.width = WIDTH
    return found


def put(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print parts of a page, plain strings without wrapping; what goes into a file has no blanks at the ends of its lines."""
    with console.capture() as printed:
        for part in parts:
            console.print(part, soft_wrap=isinstance(part, str))
    text = printed.get()
    console.out(text if console.is_terminal else "\n".join(line.rstrip() for line in text.split("\n")), end="", highlight=False)


def page_of(findings: Findings) -> Iterator[RenderableType]:
    """Everything that the page says of the findings, from the top."""
    words = Words(findings.language, findings.taxonomy)
    yield ""
    yield Rule(Text(findings.name, style="bold"), characters="━")
    yield Padding(_opening(words, findings), (1, 2, 0, 2))
    for code, told in findings.told.items():
        for number, section in enumerate(sections_of(words, code, told), start=1):
            yield from under(f"{number}  {section.title}", section.parts)
    if findings.statistics["version"]:
        yield from under(words.say("statistics"), official(words, findings.statistics))
    yield from under(words.say("cases"), _cases(words, findings))


def under(title: str, parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """A heading with a line, and the parts below it."""
    yield ""
    yield Rule(Text(title, style="bold"), align="left")
    for part in parts:
        yield Padding(part, (0, 2, 0, 2))


def _opening(words: Words, findings: Findings) -> RenderableType:
    filings = figures_of(findings.programme)["coverage.filings"]["value"]
    stored, counted = (sum(row[name] for row in filings) for name in ("stored", "counted"))
    observers = len(findings.programme["coverage"]["observers"])
    said = [words.say("opening", stored=stored, counted=counted, observers=observers), words.say("invented")]
    return Text(" ".join(said))


def _cases(words: Words, findings: Findings) -> Iterator[RenderableType]:
    table = rows(*(words.say(f"cases.{name}") for name in ("case", "monitoring", "known", "observed", "filed")))
    for each in findings.programme["cases"]:
        case, coverage = findings.cases[each["code"]], each["coverage"]
        filed = words.say("yes" if each["code"] in findings.told else "no")
        monitored = words.say(f"monitoring.{case['case']['monitoring']}")
        table.add_row(each["code"], monitored, str(coverage["hearings_known"]), str(coverage["hearings_observed"]), filed)
    yield table
    yield bullets(statement["text"] for statement in findings.programme["coverage"]["statements"])
