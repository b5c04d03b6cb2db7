"""The board: what one ticket shows at one instant, against the domain's golden table."""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Action,
    Classify,
    Contact,
    Decline,
    Dispatch,
    Register,
    Resolve,
)
from bubancheng.desk import BoardLine, Deed, Desk
from bubancheng.errors import BubanchengError
from bubancheng.sla import Light
from tests.acting import (
    HEAD,
    IMPORT,
    OFFICER,
    OWNED,
    OWNER,
    WINDOW,
    Clock,
    acknowledged,
    instant,
    open_desk,
    registered,
)

DATA = Path(__file__).parents[1] / "data"
with (DATA / "golden-chongming.csv").open(encoding="utf-8", newline="") as _file:
    GOLDEN = list(csv.DictReader(_file))
TICK = dt.timedelta(microseconds=1)


def line(
    deeds: Sequence[tuple[Action, str]], now: dt.datetime, *, category: str | None = None, unit: str = OWNER
) -> BoardLine:
    """Return the line of a ticket that was registered and dispatched, and to which this was done."""
    first = deeds[0][1]
    history = [
        Deed(Register(ticket="T1", matter="x", category=category), instant(first)),
        Deed(Accept(ticket="T1"), instant(first)),
        Deed(Dispatch(ticket="T1", unit=unit), instant(first)),
        *[Deed(action, instant(at)) for action, at in deeds],
    ]
    desk = open_desk(Clock("2026-12-31 12:00"))
    desk.replay([history], actor=IMPORT)
    (found,) = desk.board(now)
    return found


ACKNOWLEDGE, CONTACT, RESOLVE = Acknowledge(ticket="T1"), Contact(ticket="T1"), Resolve(ticket="T1")


class TestGolden:
    """Expected values: domain.md section 7, from the texts."""

    @pytest.mark.parametrize("category", ["simple", "general", "complex"])
    @pytest.mark.parametrize("row", GOLDEN, ids=lambda it: str(it["acknowledged_at"]))
    def test_the_due_times_are_those_of_the_table(self, row: dict[str, str], category: str) -> None:
        at = row["acknowledged_at"]
        found = line([(ACKNOWLEDGE, at)], instant(at), category=category)
        due, contact = instant(row[f"{category}_due"]), instant(row["contact_due"])
        assert (due, min(due, contact)) == (found.due, found.contact_due)

    @pytest.mark.parametrize("row", GOLDEN, ids=lambda it: str(it["acknowledged_at"]))
    def test_yellow_begins_when_the_table_says(self, row: dict[str, str]) -> None:
        at = row["acknowledged_at"]
        yellow = instant(row["general_yellow_from"])
        lights = [
            line([(ACKNOWLEDGE, at)], now, category="general").light
            for now in (
                yellow - TICK,
                yellow,
                instant(row["general_due"]),
                instant(row["general_due"]) + TICK,
            )
        ]
        assert lights == [Light.GREEN, Light.YELLOW, Light.YELLOW, Light.RED]


MONDAY = "2024-03-25 10:00"  # general: due on Thursday 17:00, contact on Tuesday 17:00


class TestLine:
    def test_a_hard_ticket_has_a_contact_limit_only(self) -> None:
        found = line([(ACKNOWLEDGE, MONDAY)], instant("2024-12-01 10:00"), category="hard")
        assert (found.due, instant("2024-03-26 17:00"), Light.GREEN, True) == (
            None,
            found.contact_due,
            found.light,
            found.contact_overdue,
        )

    def test_a_blank_class_is_general(self) -> None:
        found = line([(ACKNOWLEDGE, MONDAY)], instant(MONDAY))
        assert ("general", "一般", instant("2024-03-28 17:00")) == (
            found.category,
            found.category_name,
            found.due,
        )

    def test_the_contact_is_overdue_after_its_limit_and_stays_so(self) -> None:
        done = [(ACKNOWLEDGE, MONDAY), (CONTACT, "2024-03-27 10:00")]
        seen = [
            line(done, instant(now)).contact_overdue
            for now in ("2024-03-26 17:00", "2024-03-26 17:00:00.000001", "2024-04-01 10:00")
        ]
        assert seen == [False, True, True]

    def test_a_contact_in_time_is_never_overdue(self) -> None:
        done = [(ACKNOWLEDGE, MONDAY), (CONTACT, "2024-03-26 17:00")]
        assert not line(done, instant("2024-04-01 10:00")).contact_overdue

    def test_resolving_stops_the_contact_clock_too(self) -> None:
        done = [(ACKNOWLEDGE, MONDAY), (RESOLVE, "2024-03-26 16:00")]
        assert not line(done, instant("2024-04-01 10:00")).contact_overdue

    @pytest.mark.parametrize(
        ("resolved", "light"),
        [
            ("2024-03-27 16:59", Light.GREEN),
            ("2024-03-27 17:00", Light.YELLOW),
            ("2024-03-28 17:00", Light.YELLOW),
            ("2024-03-28 17:01", Light.RED),
        ],
    )
    def test_a_closed_ticket_keeps_the_light_of_its_resolution(self, resolved: str, light: Light) -> None:
        found = line([(ACKNOWLEDGE, MONDAY), (RESOLVE, resolved)], instant("2025-01-01 10:00"))
        assert (light, None, True) == (found.light, found.next_change, found.closed)

    def test_what_rests_at_an_end_is_closed_though_no_clock_ever_ran(self) -> None:
        clock = Clock()
        desk = open_desk(clock)
        registered(desk)
        (before,) = desk.board()
        declining = Decline(ticket="T1", exclusion="legal_bar", citation="第三条", explanation="已说明")
        desk.do(declining, actor=WINDOW)
        (after,) = desk.board()
        assert (("registered", False), ("not_accepted", True)) == (
            (before.step, before.closed),
            (after.step, after.closed),
        )

    def test_what_happens_later_is_not_on_the_board_yet(self) -> None:
        done = [(CONTACT, MONDAY), (ACKNOWLEDGE, "2024-03-25 11:00"), (RESOLVE, "2024-03-26 16:00")]
        found = line(done, instant("2024-03-25 10:59"))
        assert ("dispatched", None) == (found.step, found.acknowledged_at)

    def test_nobody_acknowledged_is_deemed_at_the_close_of_the_next_working_day(self) -> None:
        seen = [
            (found.deemed_acknowledged_at, found.due)
            for now in ("2024-03-26 16:59:59.999999", "2024-03-26 17:00")
            for found in [line([(CONTACT, MONDAY)], instant(now))]
        ]
        assert [(None, None), (instant("2024-03-26 17:00"), instant("2024-03-29 17:00"))] == seen

    def test_the_deemed_acknowledgement_counts_where_it_came_first(self) -> None:
        desk = open_desk(Clock("2024-04-30 10:00"))
        first = [Register(ticket="T1", matter="x"), Accept(ticket="T1"), Dispatch(ticket="T1", unit=OWNER)]
        history = [
            *[Deed(it, instant(MONDAY)) for it in first],
            Deed(ACKNOWLEDGE, instant("2024-03-27 10:00")),
        ]
        desk.replay([history], actor=IMPORT)
        (found,) = desk.board()
        assert (instant("2024-03-26 17:00"), instant("2024-03-29 17:00"), instant("2024-03-27 10:00")) == (
            found.deemed_acknowledged_at,
            found.due,
            found.acknowledged_at,
        )

    def test_what_is_left_is_natural_time(self) -> None:
        found = line([(ACKNOWLEDGE, MONDAY)], instant("2024-03-27 10:00"))
        assert dt.timedelta(days=1, hours=7) == found.remaining

    def test_year_end_is_provisional(self) -> None:
        found = line([(ACKNOWLEDGE, "2026-12-28 10:00")], instant("2026-12-28 10:00"))
        assert (instant("2026-12-31 17:00"), True) == (found.due, found.provisional)

    def test_the_last_settled_day_is_not(self) -> None:
        found = line([(ACKNOWLEDGE, "2026-12-23 10:00")], instant("2026-12-28 10:00"))
        assert (instant("2026-12-28 17:00"), False) == (found.due, found.provisional)


class TestBoard:
    @pytest.fixture
    def desk(self) -> Desk:
        """A desk with two tickets."""
        desk = open_desk(Clock())
        acknowledged(desk, "B")
        registered(desk, "A")
        return desk

    def test_the_board_is_in_the_order_of_the_numbers(self, desk: Desk) -> None:
        assert [it.id for it in desk.board()] == ["A", "B"]

    def test_before_its_registration_a_ticket_is_not_on_it(self, desk: Desk) -> None:
        assert list(desk.board(instant("2024-03-25 09:59"))) == []

    @pytest.mark.parametrize("now", [dt.datetime(2024, 3, 25, 12), dt.date(2024, 3, 25), "2024-03-25"])
    def test_a_board_takes_an_instant_with_a_zone(self, desk: Desk, now: object) -> None:
        with pytest.raises(BubanchengError):
            list(desk.board(now))  # type: ignore[arg-type]

    def test_the_keys_are_those_of_the_design(self, desk: Desk) -> None:
        assert list(next(desk.board()).to_dict()) == [
            "id",
            "unit",
            "class",
            "step",
            "acknowledged_at",
            "deemed_acknowledged_at",
            "contact_due",
            "due",
            "provisional",
            "light",
            "contact_overdue",
            "next_change",
        ]

    def test_instants_have_an_offset_and_what_is_not_there_is_null(self, desk: Desk) -> None:
        first, second = (it.to_dict() for it in desk.board())
        assert (None, "2024-03-28T17:00:00+08:00") == (first["due"], second["due"])

    def test_a_board_elsewhere_shows_the_same_instants(self, desk: Desk) -> None:
        here, there = instant("2024-03-27 17:00"), instant("2024-03-27 17:00").astimezone(dt.UTC)
        assert [it.to_dict() for it in desk.board(here)] == [it.to_dict() for it in desk.board(there)]

    def test_reading_the_board_changes_nothing(self, desk: Desk) -> None:
        before = desk.history("B", actor=WINDOW)
        list(desk.board(instant("2030-01-01 10:00")))
        assert before == desk.history("B", actor=WINDOW)


def test_a_missed_contact_stays_missed_when_a_harder_class_would_have_given_more_time() -> None:
    """Decision 13: a permanent flag. 简单: the contact is due with the reply, Monday 17:00; 复杂: on Tuesday."""
    clock = Clock()
    desk = open_desk(clock)
    desk.do(Register(ticket="T1", matter=OWNED, category="简单"), actor=WINDOW)
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    clock.put("2024-03-25 18:00")
    told = [[change.passed for change in desk.sweep()]]
    desk.do(Classify(ticket="T1", category="复杂", reason="跨部门"), actor=OFFICER, approver=HEAD)
    (line,) = desk.board()
    assert (instant("2024-03-26 17:00"), True) == (line.contact_due, line.contact_overdue)
    told.append([change.passed for change in desk.sweep(instant("2024-03-26 18:00"))])
    assert [[("contact",)], []] == [[it for it in group if "contact" in it] for group in told]
