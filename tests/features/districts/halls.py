"""Halls of the other districts: a desk of an installed district, by its name."""

import functools

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from tests.district.installed import district_of, districts
from tests.features.hall import Hall

DISTRICTS: dict[str, District] = dict(districts())
"""The installed districts by name; a switch puts another one in the place of one of them."""


def district(name: str) -> District:
    """Return a district as it is now: the installed one, unless something of it is switched off."""
    return DISTRICTS[name]


@functools.cache
def _calendar(name: str) -> WorkCalendar:
    return district_of(name).work_calendar()


def hall_of(name: str, at: str) -> Hall:
    """Open a hall of a district at a time."""
    return Hall(district(name), at, _calendar(name))
