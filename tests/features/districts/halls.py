"""Halls of the other districts: a desk of an installed district, by its name."""

import functools

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from tests.district.installed import district_of
from tests.features.hall import Hall

SWITCHED: dict[str, District] = {}
"""Districts that stand in for the installed ones: those in which a feature is switched off."""


def district(name: str) -> District:
    """Return a district as it is now: the installed one, unless something of it is switched off."""
    return SWITCHED.get(name) or district_of(name)


@functools.cache
def _calendar(name: str) -> WorkCalendar:
    return district_of(name).work_calendar()


def hall_of(name: str, at: str) -> Hall:
    """Open a hall of a district at a time."""
    return Hall(district(name), at, _calendar(name))
