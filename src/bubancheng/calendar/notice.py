"""Official holiday notices (放假通知) newer than the installed tables, as TOML files."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from os import PathLike
from pathlib import Path

import attrs

from bubancheng.errors import NoticeError


@attrs.frozen(kw_only=True)
class Notice:
    """One notice: its document number, its year, the dates off and the weekend dates worked.

    A notice may name dates of its year and the last days of December before it. Errors: `NoticeError`
    with everything that is wrong with it.
    """

    document: str
    year: int
    off: tuple[dt.date, ...] = ()
    work: tuple[dt.date, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = list(_faults(self))
        if problems:
            raise NoticeError("notice", problems)


def _faults(notice: Notice) -> Iterator[str]:
    if not isinstance(notice.document, str) or not notice.document.strip():
        yield 'document needs the number, e.g. document = "国办发明电〔2025〕7号"'
    year = notice.year
    if type(year) is not int or not 2004 <= year <= 2099:  # noqa: PLR2004 the table of china()
        yield f"year needs a whole number from 2004 to 2099, got {year!r}"
        return
    for key, days in (("off", notice.off), ("work", notice.work)):
        for day in days:
            if type(day) is not dt.date:
                yield f"{key}: {day!r} is not a date such as {year}-10-01"
            elif day.year != year and not dt.date(year - 1, 12, 29) <= day <= dt.date(year - 1, 12, 31):
                yield f"{key}: {day} belongs neither to {year} nor to the last days of December {year - 1}"
    for both in sorted({*map(str, notice.off)} & {*map(str, notice.work)}):
        yield f"{both} is both off and worked"
    if not notice.off and not notice.work:
        yield "names no date: off and work are both empty"


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
    except (ValueError, TypeError, RecursionError) as error:
        raise NoticeError(subject, [f"is not TOML in UTF-8: {error}"]) from error
    problems = [f"unknown key {key!r}: use {', '.join(_KEYS)}" for key in data if key not in _KEYS]
    dates: dict[str, tuple[dt.date, ...]] = {}
    for key in ("off", "work"):
        value = data.get(key, [])
        if not isinstance(value, list):
            problems.append(f"{key} needs a list of dates, got {value!r}")
            value = []
        dates[key] = tuple(sorted(set(value), key=str)) if all(map(_is_hashable, value)) else tuple(value)
    try:
        notice = Notice(document=data.get("document", ""), year=data.get("year"), **dates)  # type: ignore[arg-type] # its own validators say what is wrong
    except NoticeError as error:
        raise NoticeError(subject, [*problems, *error.problems]) from None
    if problems:
        raise NoticeError(subject, problems)
    return notice


def _is_hashable(value: object) -> bool:
    return not isinstance(value, list | dict)
