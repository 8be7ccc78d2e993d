"""Where a fault arose, without a word of what it says: an exception's text may carry a value, and a value may be a name."""

from types import TracebackType

HOME = "app."
"""What the names of our own modules begin with."""


def kind_of(fault: BaseException | None) -> str:
    """The class of a fault."""
    return type(fault).__name__


def place_of(fault: BaseException | None) -> str:
    """The module and line of ours that a fault passed last: `app.cases.service:120`; `unknown` where it passed none."""
    found = "unknown"
    trace: TracebackType | None = fault.__traceback__ if fault is not None else None
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith(HOME):
            found = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
