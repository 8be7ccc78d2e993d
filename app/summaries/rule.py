"""The shape of a figure's rule: a case as decided and everybody's role under a reading in, the figure with its trace out."""

from collections.abc import Callable

from app.summaries.counting import Figure
from app.summaries.facts import CaseFacts
from app.summaries.roles import Roles

FigureRule = Callable[[CaseFacts, Roles], Figure]
