"""The days off that the statute itself names, before any yearly notice moves one.

The statute is 全国年节及纪念日放假办法, article 2 (第二条, 全体公民放假的节日), in the version that
governs the year. Compensating days off (article 6 since 2025) and make-up workdays are arranged
by the yearly notice of the State Council General Office and are never derived here.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from bubancheng.calendar.lunar import festivals

__all__ = ["statute_source", "statutory_holidays"]


class _Festival(NamedTuple):
    """One item of article 2.

    Attributes:
        name: The name that the yearly notices use, such as 国庆节.
        anchor: The day it hangs on: (month, day), or a field of `Festivals`.
        length: The number of consecutive days off.
        lead: How many of these days lie before the anchor (1 if 除夕 is a day off).

    """

    name: str
    anchor: tuple[int, int] | str
    length: int = 1
    lead: int = 0

    def days(self, year: int) -> Iterator[dt.date]:
        """Yield the days off of this festival in *year*, in order."""
        if isinstance(self.anchor, str):
            anchor: dt.date = getattr(festivals(year), self.anchor)
        else:
            anchor = dt.date(year, *self.anchor)
        for offset in range(self.length):
            yield anchor + dt.timedelta(days=offset - self.lead)


class _Version(NamedTuple):
    """Article 2 as one decree left it.

    Attributes:
        first_year: The first whole calendar year that it governs.
        decree: The number of the State Council decree.
        festivals: The items of the article, in its order.

    """

    first_year: int
    decree: str
    festivals: tuple[_Festival, ...]


_NEW_YEAR: Final = _Festival("元旦", (1, 1))
_QINGMING: Final = _Festival("清明节", "qingming")
_LABOUR_DAY: Final = _Festival("劳动节", (5, 1))
_DRAGON_BOAT: Final = _Festival("端午节", "dragon_boat")
_MID_AUTUMN: Final = _Festival("中秋节", "mid_autumn")
_NATIONAL_DAY: Final = _Festival("国庆节", (10, 1), length=3)

_VERSIONS: Final = (
    _Version(
        2000,
        "国务院令第270号",
        (
            _NEW_YEAR,
            _Festival("春节", "spring_festival", length=3),
            _LABOUR_DAY._replace(length=3),
            _NATIONAL_DAY,
        ),
    ),
    _Version(
        2008,
        "国务院令第513号",
        (
            _NEW_YEAR,
            _Festival("春节", "spring_festival", length=3, lead=1),
            _QINGMING,
            _LABOUR_DAY,
            _DRAGON_BOAT,
            _MID_AUTUMN,
            _NATIONAL_DAY,
        ),
    ),
    _Version(
        2014,
        "国务院令第644号",
        (
            _NEW_YEAR,
            _Festival("春节", "spring_festival", length=3),
            _QINGMING,
            _LABOUR_DAY,
            _DRAGON_BOAT,
            _MID_AUTUMN,
            _NATIONAL_DAY,
        ),
    ),
    _Version(
        2025,
        "国务院令第795号",
        (
            _NEW_YEAR,
            _Festival("春节", "spring_festival", length=4, lead=1),
            _QINGMING,
            _LABOUR_DAY._replace(length=2),
            _DRAGON_BOAT,
            _MID_AUTUMN,
            _NATIONAL_DAY,
        ),
    ),
)


def _version(year: int) -> _Version:
    for version in reversed(_VERSIONS):
        if version.first_year <= year:
            return version
    msg = (
        f"The statutory holidays of {year} are not known; ask for {_VERSIONS[0].first_year} or a later year."
    )
    raise LookupError(msg)


def statutory_holidays(year: int) -> dict[dt.date, str]:
    """Return the days off that article 2 names for all citizens in *year*, with their names.

    The days are in the order of the calendar. A date that two festivals share (中秋节 on 1 October
    2020) is one day off and has the name of the one that comes first in the article; 元旦 is the
    notices' word for what the text called 新年 before 2025.

    Source:
        全国年节及纪念日放假办法, article 2.

    Raises:
        LookupError: No table of festivals, or no version of the statute, covers *year*.

    """
    names: dict[dt.date, str] = {}
    for festival in _version(year).festivals:
        for day in festival.days(year):
            names.setdefault(day, festival.name)
    return dict(sorted(names.items()))


def statute_source(year: int) -> str:
    """Return the citation, in Chinese, of the article that `statutory_holidays` applies to *year*.

    Raises:
        LookupError: No version of the statute in the table covers *year*.

    """
    return f"全国年节及纪念日放假办法（{_version(year).decree}）第二条"
