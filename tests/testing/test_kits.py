"""What is right passes: the district of the workspace, the calendars, dispatchers and notifiers of the tests."""

from collections.abc import Iterator

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from bubancheng.registry import Registry, find_district
from bubancheng.testing import (
    CalendarContract,
    CalendarSetup,
    Capabilities,
    DispatchContract,
    DispatchSetup,
    DistrictContract,
    NotifyContract,
    NotifySetup,
)
from tests.testing.dispatching import ByTable, dispatch_setup
from tests.testing.letterbox import notify_setup
from tests.testing.wrong.calendars import closed, open_always


class TestChongming(DistrictContract):
    @pytest.fixture
    def setup(self) -> District:
        name, plugin = find_district("chongming")
        registry = Registry()
        registry.add(name, plugin)
        return registry.districts()[name]


class TestTyphoon(CalendarContract):
    @pytest.fixture
    def setup(self) -> CalendarSetup:
        return CalendarSetup(build=closed, without_closures=open_always)


class TestAnyWeek(CalendarContract):
    capabilities = Capabilities(closing="it is a week and nothing else")

    @pytest.fixture
    def setup(self) -> CalendarSetup:
        return CalendarSetup(build=lambda: WorkCalendar({"mon": "09:00-12:00,13:30-17:30", "sat": "22:00-02:00"}))


class TestStrictChina(CalendarContract):
    capabilities = Capabilities(closing="it closes nothing by itself")

    @pytest.fixture
    def setup(self) -> CalendarSetup:
        return CalendarSetup(build=lambda: WorkCalendar.china(unknown="error"))


class TestByTable(DispatchContract):
    @pytest.fixture
    def setup(self) -> DispatchSetup:
        return dispatch_setup(ByTable)


class TestByLine(NotifyContract):
    @pytest.fixture
    def setup(self) -> Iterator[NotifySetup]:
        with notify_setup() as setup:
            yield setup
