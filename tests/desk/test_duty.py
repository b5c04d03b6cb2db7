"""The daily look: which units have orders waiting and nobody who looked today."""

import datetime as dt

import attrs
import pytest

from bubancheng.actions import Acknowledge, Contact, Return
from bubancheng.desk import Absence, Desk
from bubancheng.errors import ArgumentError, BubanchengError
from bubancheng.store import MemoryStore
from bubancheng.ticket import Actor
from tests.acting import (
    OFFICER,
    OWNER,
    STRANGER,
    UNOWNED,
    WINDOW,
    Clock,
    accepted,
    acknowledged,
    instant,
    open_desk,
    registered,
)

MARKET = "区市场监管局"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at Monday 10:00."""
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """A desk with an order that waits for the police."""
    desk = open_desk(clock)
    accepted(desk)
    return desk


def away(desk: Desk, now: str) -> list[str]:
    """Return the units nobody of which has looked."""
    return [it.unit for it in desk.absences(instant(now))]


class TestAbsences:
    def test_a_unit_where_nobody_looked_is_told(self, desk: Desk) -> None:
        assert [Absence(unit=OWNER, waiting=1, last_seen=None)] == desk.absences()

    def test_a_unit_that_looked_is_not(self, desk: Desk) -> None:
        desk.sign_in(actor=OFFICER)
        assert [] == desk.absences()

    def test_a_look_of_another_unit_does_not_count(self, desk: Desk) -> None:
        desk.sign_in(actor=STRANGER)
        assert [OWNER] == away(desk, "2024-03-25 16:00")

    @pytest.mark.parametrize(
        ("seen", "now", "told"),
        [
            ("2024-03-25 10:00", "2024-03-25 23:59:59", []),
            ("2024-03-25 10:00", "2024-03-26 00:00", [OWNER]),
            ("2024-03-26 00:00", "2024-03-26 16:00", []),
            ("2024-03-25 23:59:59.999999", "2024-03-26 09:00", [OWNER]),
        ],
    )
    def test_a_look_is_for_its_own_day(
        self, desk: Desk, clock: Clock, seen: str, now: str, told: list[str]
    ) -> None:
        clock.put(seen)
        desk.sign_in(actor=OFFICER)
        assert told == away(desk, now)

    def test_when_somebody_looked_last_is_told(self, desk: Desk) -> None:
        desk.sign_in(actor=OFFICER)
        (absence,) = desk.absences(instant("2024-03-27 10:00"))
        assert instant("2024-03-25 10:00") == absence.last_seen

    def test_the_last_of_several_looks_counts(self, desk: Desk, clock: Clock) -> None:
        for day in (25, 26):
            clock.put(f"2024-03-{day} 10:00")
            desk.sign_in(actor=attrs.evolve(OFFICER, id=f"o-{day}"))
        assert ([], [OWNER]) == (away(desk, "2024-03-26 16:00"), away(desk, "2024-03-27 16:00"))

    @pytest.mark.parametrize(
        ("day", "told"),
        [
            ("2024-03-29", [OWNER]),  # Friday
            ("2024-03-30", []),  # Saturday
            ("2024-04-04", []),  # 清明节
            ("2024-04-07", [OWNER]),  # a Sunday that is worked
        ],
    )
    def test_on_a_day_off_nobody_has_to_look(self, desk: Desk, day: str, told: list[str]) -> None:
        assert told == away(desk, f"{day} 10:00")

    def test_the_day_is_the_districts_own(self, desk: Desk) -> None:
        """Friday 16:00 UTC is Saturday in China."""
        friday = dt.datetime(2024, 3, 29, 15, 59, tzinfo=dt.UTC)
        assert ([OWNER], []) == (
            [it.unit for it in desk.absences(friday)],
            desk.absences(friday + dt.timedelta(minutes=1)),
        )


class TestWaiting:
    def test_the_orders_that_wait_are_counted_by_unit(self, desk: Desk) -> None:
        accepted(desk, "T2")
        accepted(desk, "T3", "营业执照变更登记")
        assert [(OWNER, 2), (MARKET, 1)] == sorted((it.unit, it.waiting) for it in desk.absences())

    def test_what_was_taken_waits_no_more(self, desk: Desk) -> None:
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        assert [] == desk.absences()

    def test_what_was_given_back_waits_for_no_unit(self, desk: Desk) -> None:
        desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        assert [] == desk.absences()

    def test_what_has_no_unit_yet_waits_for_none(self) -> None:
        desk = open_desk(Clock())
        registered(desk)
        accepted(desk, "T2", UNOWNED)
        assert [] == desk.absences()

    def test_more_than_a_page_is_counted(self) -> None:
        desk = open_desk(Clock())
        for number in range(501):
            accepted(desk, f"{number:03}")
        assert [501] == [it.waiting for it in desk.absences()]

    def test_looking_for_absences_changes_nothing(self, desk: Desk) -> None:
        before = desk.get("T1", actor=WINDOW)
        desk.absences()
        assert (before, []) == (desk.get("T1", actor=WINDOW), desk.verify())


class TestSignIn:
    def test_somebody_of_no_unit_signs_in_for_none(self, desk: Desk) -> None:
        with pytest.raises(ArgumentError, match="'x' has none"):
            desk.sign_in(actor=Actor(id="x", role="disposal_officer"))

    def test_signing_in_twice_does_no_harm(self, desk: Desk) -> None:
        for _ in range(2):
            desk.sign_in(actor=OFFICER)
        assert [] == desk.absences()

    def test_it_outlives_the_desk(self, clock: Clock) -> None:
        store = MemoryStore()
        desk = open_desk(clock, store)
        acknowledged(desk)
        accepted(desk, "T2")
        desk.sign_in(actor=OFFICER)
        assert [] == open_desk(clock, store).absences()

    @pytest.mark.parametrize("now", [dt.datetime(2024, 3, 27, 17), dt.date(2024, 3, 27), "2024-03-27"])
    def test_absences_are_asked_for_at_an_instant_with_a_zone(self, desk: Desk, now: object) -> None:
        with pytest.raises(BubanchengError):
            desk.absences(now)  # type: ignore[arg-type]
