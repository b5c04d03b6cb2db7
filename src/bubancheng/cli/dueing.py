"""`bubancheng due`: one limit, and why it ends when it ends."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import click

from bubancheng.calendar import WorkCalendar
from bubancheng.cli.plain import print_json
from bubancheng.sla import Counting, Limit, Step


def _step(step: Step) -> dict[str, Any]:
    return {
        "date": step.date.isoformat(),
        "counted": step.counted,
        "number": step.number,
        "zh": step.zh,
        "en": step.en,
        "source": step.source,
        "provisional": step.provisional,
    }


def due(  # noqa: PLR0913 one argument an option
    start: str,
    limit: str,
    hours: str,
    notices: tuple[str, ...],
    counting: Mapping[str, str],
    *,
    explain: bool,
    as_json: bool,
    instant: Callable[[str, dt.tzinfo], dt.datetime],
) -> None:
    """Print when a limit ends."""
    calendar = WorkCalendar.china(hours, notices=notices)
    found = Limit.parse(limit).explain(
        instant(start, calendar.table.civil.zone), calendar, Counting.of(counting)
    )
    if as_json:
        answer: dict[str, Any] = {
            "at": found.deadline.at.isoformat(),
            "provisional": found.deadline.provisional,
            "calendar_version": found.deadline.calendar_version,
        }
        if explain:
            answer["steps"] = [_step(step) for step in found.steps]
        print_json(answer)
    elif explain:
        click.echo(found.chinese)
    else:
        mark = "（暂定：放假通知尚未发布）" if found.deadline.provisional else ""
        click.echo(f"{found.deadline.at:%Y-%m-%d %H:%M}{mark}")
