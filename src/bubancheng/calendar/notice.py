"""Official holiday notices (放假通知) newer than the installed tables, as TOML files."""

import datetime as dt
import tomllib
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from bubancheng.errors import NoticeError


@attrs.frozen(kw_only=True)
class Notice:
    """One notice: its document number, its year, the dates off and the weekend dates worked.

    A notice may name dates of its year and the last days of December before it.
    """

    document: str
    year: int
    off: tuple[dt.date, ...] = ()
    work: tuple[dt.date, ...] = ()


_KEYS = ("document", "year", "off", "work")


def read_notice(path: str | PathLike[str]) -> Notice:
    """Read a TOML file with `document`, `year`, `off = [dates]`, `work = [dates]`.

    Errors: `NoticeError` with everything that is wrong with the file.
    """
    subject = f"notice {path}"
    try:
        data = tomllib.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise NoticeError(subject, [f"cannot be read: {error.strerror}"]) from error
    except (ValueError, TypeError) as error:
        raise NoticeError(subject, [f"is not TOML in UTF-8: {error}"]) from error
    return notice_from(data, subject)


def notice_from(data: dict[str, Any], subject: str = "notice") -> Notice:
    """Return the notice that a mapping describes; `NoticeError` with all faults at once."""
    problems = [f"unknown key {key!r}: use {', '.join(_KEYS)}" for key in data if key not in _KEYS]
    document, year = data.get("document"), data.get("year")
    if not isinstance(document, str) or not document.strip():
        problems.append('document needs the number, e.g. document = "国办发明电〔2025〕7号"')
    if type(year) is not int or not 2004 <= year <= 2099:  # noqa: PLR2004 the table of china()
        problems.append(f"year needs a whole number from 2004 to 2099, got {year!r}")
        raise NoticeError(subject, problems)
    dates: dict[str, tuple[dt.date, ...]] = {}
    for key in ("off", "work"):
        value = data.get(key, [])
        if not isinstance(value, list):
            problems.append(f"{key} needs a list of dates, got {value!r}")
            value = []
        good = [day for day in value if type(day) is dt.date]
        problems += [
            f"{key}: {day!r} is not a date such as {year}-10-01" for day in value if type(day) is not dt.date
        ]
        problems += [
            f"{key}: {day} belongs neither to {year} nor to the last days of December {year - 1}"
            for day in good
            if day.year != year and not dt.date(year - 1, 12, 29) <= day <= dt.date(year - 1, 12, 31)
        ]
        dates[key] = tuple(sorted(set(good)))
    problems += [f"{day} is both off and worked" for day in sorted({*dates["off"]} & {*dates["work"]})]
    if not problems and not (dates["off"] or dates["work"]):
        problems.append("names no date: off and work are both empty")
    if problems:
        raise NoticeError(subject, problems)
    return Notice(document=str(document), year=year, **dates)
