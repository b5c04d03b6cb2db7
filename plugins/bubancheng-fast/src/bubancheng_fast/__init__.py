"""The arithmetic of a `WorkCalendar`, compiled; the calendar and `bubancheng.batch` find and use it."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import update_wrapper
from typing import Any

from bubancheng_fast import _calls
from bubancheng_fast._arrays import add_workdays

__all__ = ["add_workdays", "compiled"]


def compiled(
    lines: dict[tzinfo | None, Any],
    *,
    add: Callable[[datetime, timedelta], datetime],
    between: Callable[[datetime, datetime], timedelta],
) -> dict[str, Callable[..., Any]]:
    """Return both methods of one calendar, by name, over the lines it has drawn and those it will draw.

    What is not ordinary they leave to these methods, whose name, words and signature they bear.
    """
    adder, counter = _calls.compiled(lines, add, between)
    return {"add": update_wrapper(adder, add), "between": update_wrapper(counter, between)}
