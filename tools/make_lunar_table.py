# /// script
# requires-python = ">=3.11"
# dependencies = ["ephem==4.2.1"]
# ///
"""Rewrite the table of movable festivals in `bubancheng.calendar.lunar` from the sky itself.

New moons and solar terms are computed with PyEphem and dated in UTC+8; months are numbered by the
rules of GB/T 33661-2017 (农历的编算和颁行). No lunar calendar library takes part, so that the
tests can compare the table with such libraries.
"""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

TARGET = Path(__file__).parents[1] / "src" / "bubancheng" / "calendar" / "lunar.py"
OPENING, CLOSING = "] = {\n", "}\n"
YEARS = range(2004, 2100)
MONTHS = (11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


class Sky(NamedTuple):
    """What the lunar calendar depends on, in civil dates of UTC+8 and in order.

    Attributes:
        new_moons: 朔, the first day of every lunar month.
        major_terms: 中气, the days on which the sun reaches a multiple of 30 degrees.
        solstices: 冬至 (270 degrees) by Gregorian year.
        qingming: 清明 (15 degrees) by Gregorian year.

    """

    new_moons: list[date]
    major_terms: list[date]
    solstices: dict[int, date]
    qingming: dict[int, date]


def observe() -> Sky:
    """Compute the new moons and solar terms that the years of the table need."""
    import ephem  # type: ignore[import-not-found, import-untyped, unused-ignore] # installed by hand  # noqa: PLC0415

    def civil(when: Any) -> date:  # noqa: ANN401
        moment: datetime = ephem.Date(when).datetime()
        return (moment + timedelta(hours=8)).date()

    def longitude(when: float) -> float:
        sun = ephem.Sun(when)
        apparent = ephem.Equatorial(sun.g_ra, sun.g_dec, epoch=when)
        return float(ephem.Ecliptic(apparent, epoch=when).lon)

    def term(year: int, degrees: int) -> date:
        target = ephem.degrees(str(degrees))
        guess = ephem.Date((year, 3, 20)) + degrees * 365.2422 / 360
        return civil(
            ephem.newton(lambda when: ephem.degrees(longitude(when) - target).znorm, guess, guess + 1)
        )

    new_moons = []
    moon = ephem.Date((YEARS[0] - 1, 11, 1))
    while moon < ephem.Date((YEARS[-1] + 1, 2, 1)):
        moon = ephem.next_new_moon(moon)
        new_moons.append(civil(moon))
    years = range(YEARS[0] - 1, YEARS[-1] + 1)
    return Sky(
        new_moons=new_moons,
        major_terms=[term(year, degrees) for year in years for degrees in range(0, 360, 30)],
        solstices={year: term(year, 270) for year in years},
        qingming={year: term(year, 15) for year in years},
    )


def first_days(year: int, sky: Sky) -> dict[int, date]:
    """Return the first day of each numbered month between the solstices around *year*.

    The month with 冬至 is the eleventh. If thirteen months begin from one such month to the next,
    the first without a 中气 is the leap month and has no number of its own.
    """
    first, last = (bisect_right(sky.new_moons, sky.solstices[solstice]) for solstice in (year - 1, year))
    months = list(pairwise(sky.new_moons[first - 1 : last]))
    if len(months) > len(MONTHS):
        months.remove(
            next(
                (begin, end)
                for begin, end in months
                if not any(begin <= term < end for term in sky.major_terms)
            )
        )
    return dict(zip(MONTHS, (begin for begin, _ in months), strict=True))


def row(year: int, sky: Sky) -> str:
    """Return the line of the table for *year*."""
    months = first_days(year, sky)
    days = (
        months[1],
        sky.qingming[year],
        months[5] + timedelta(days=4),
        months[8] + timedelta(days=14),
    )
    return f"    {year}: ({', '.join(str(day.month * 100 + day.day) for day in days)}),\n"


def main() -> None:
    """Replace the rows of the table and leave the rest of the module as it is."""
    sky = observe()
    head, opening, rest = TARGET.read_text(encoding="utf-8").partition(OPENING)
    tail = rest[rest.index(CLOSING) :]
    rows = "".join(row(year, sky) for year in YEARS)
    TARGET.write_text(head + opening + rows + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
