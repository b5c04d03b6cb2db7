"""Which days are worked in mainland China: notices first, the statute where none is known.

The days come from chinese-calendar's tables of the yearly notices of the State Council's General
Office (国务院办公厅). Years without a notice follow the statute: its holidays and the weekends;
make-up workdays (调休) and compensating days off cannot be derived and are not.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

from chinese_calendar import constants

from bubancheng.calendar.notice import Notice
from bubancheng.calendar.spec import SpecialDay
from bubancheng.calendar.statute import statute_source, statutory_holidays
from bubancheng.errors import NoticeError

FIRST, LAST = dt.date(2004, 1, 1), dt.date(2099, 12, 31)
WEEK_SOURCE = "国务院关于职工工作时间的规定（国务院令第174号）第七条"

_SETTLED = (12, 28)  # no notice since 2007 reached further back than 29 December

_MISSING = {
    # chinese-calendar leaves out this make-up Saturday of the notice for 2006
    dt.date(2005, 12, 31): "元旦",
}
_FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}

_PUBLISHED = max(constants.holidays).year


_DOCUMENTS = {
    2008: "国办发明电〔2007〕52号",
    2009: "国办发明电〔2008〕42号",
    2010: "国办发明电〔2009〕27号",
    2011: "国办发明电〔2010〕40号",
    2012: "国办发明电〔2011〕45号",
    2013: "国办发明电〔2012〕33号",
    2014: "国办发明电〔2013〕28号",
    2015: "国办发明电〔2014〕28号",
    2016: "国办发明电〔2015〕18号",
    2017: "国办发明电〔2016〕17号",
    2018: "国办发明电〔2017〕12号",
    2019: "国办发明电〔2018〕15号",
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
"""The numbers of the yearly notices, where they are known."""

_CORRECTIONS = {
    "国发明电〔2015〕1号": ("2015-09-03", "2015-09-04", "2015-09-06"),
    "国办发明电〔2019〕3号": ("2019-04-28", "2019-05-02", "2019-05-03", "2019-05-04", "2019-05-05"),
    "国办发明电〔2020〕1号": ("2020-01-31", "2020-02-01", "2020-02-02"),
}
"""The notices that changed a year that was already announced, and the days that they ruled."""

_CORRECTED = {dt.date.fromisoformat(day): number for number, days in _CORRECTIONS.items() for day in days}


def _notice_name(day: dt.date) -> str:
    """Return the notice that ruled a day: the last days of December belong to the next year's."""
    if day in _CORRECTED:
        return f"调整{day.year}年放假安排的通知（{_CORRECTED[day]}）"
    year = day.year + ((day.month, day.day) > _SETTLED)
    number = f"（{_DOCUMENTS[year]}）" if year in _DOCUMENTS else ""
    return f"国务院办公厅关于{year}年部分节假日安排的通知{number}"


@lru_cache(maxsize=1)
def _announced() -> dict[dt.date, SpecialDay]:
    """Return what chinese-calendar knows, in our form."""
    names = {it.value: _FULL_NAMES.get(it.chinese, it.chinese) for it in constants.Holiday}
    days = {
        day: SpecialDay(works=False, name=names[name], source=_notice_name(day))
        for day, name in constants.holidays.items()
    }
    days |= {
        day: SpecialDay(works=True, name=names[name], source=_notice_name(day))
        for day, name in constants.workdays.items()
    }
    return days | {
        day: SpecialDay(works=True, name=name, source=_notice_name(day)) for day, name in _MISSING.items()
    }


@lru_cache(maxsize=1)
def _by_statute() -> dict[dt.date, SpecialDay]:
    """Return the statutory holidays of the years that the installed tables do not hold."""
    return {
        day: SpecialDay(works=False, name=name, source=statute_source(year))
        for year in range(_PUBLISHED + 1, LAST.year + 1)
        for day, name in statutory_holidays(year).items()
    }


def special_days(notices: Sequence[Notice]) -> Mapping[dt.date, SpecialDay]:
    """Return every date on which the week is overruled; of two notices the later one wins.

    Errors: `NoticeError` where one document number is given twice with different content.
    """
    seen: dict[str, Notice] = {}
    for notice in notices:
        if seen.setdefault(notice.document, notice) != notice:
            raise NoticeError(
                f"notice {notice.document}", ["is given twice with different dates: keep the right one"]
            )
    days = _announced() | _by_statute()
    for notice in notices:
        statutory = statutory_holidays(notice.year)
        for day in notice.off:
            name = statutory.get(day) or (days[day].name if day in days else None)
            days[day] = SpecialDay(works=False, name=name, source=notice.document)
        for day in notice.work:
            name = days[day].name if day in days else None
            days[day] = SpecialDay(works=True, name=name, source=notice.document)
    return days


def known_until(notices: Sequence[Notice]) -> dt.date:
    """Return the last settled day: 28 December of the last year without a gap before it."""
    years = {notice.year for notice in notices}
    last = _PUBLISHED
    while last + 1 in years:
        last += 1
    return dt.date(last, *_SETTLED)
