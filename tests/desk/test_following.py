"""What follows by itself: dispatch after acceptance, and lights that change with time."""

import datetime as dt
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bubancheng.actions import Accept, Acknowledge, Contact, Reopen, Resolve
from bubancheng.desk import Change, Desk
from bubancheng.errors import BubanchengError, StoreError
from bubancheng.ledger import read_ledger, take_in
from bubancheng.sla import Light
from bubancheng.store import ChangeSet, MemoryStore, StateRow
from tests.acting import (
    CALENDAR,
    CENTRE,
    DISTRICT,
    OFFICER,
    OWNED,
    OWNER,
    UNOWNED,
    WINDOW,
    Clock,
    accepted,
    acknowledged,
    instant,
    open_desk,
    registered,
)
from tests.installing import Installer, forget_modules, hooked, put_on_path
from tests.ledger.writing import write_oracle_ledger
from tests.oracles import ledger_oracle

GREEN, YELLOW, RED = Light.GREEN, Light.YELLOW, Light.RED
# acknowledged on Monday 10:00: contact until Tuesday 17:00, yellow from Wednesday 17:00, red after Thursday 17:00
AT_CONTACT, AFTER_CONTACT = "2024-03-26 17:00", "2024-03-26 17:00:00.000001"
BEFORE_YELLOW, AT_YELLOW = "2024-03-27 16:59:59.999999", "2024-03-27 17:00"
AT_DUE, AFTER_DUE = "2024-03-28 17:00", "2024-03-28 17:00:00.000001"


def in_touch(desk: Desk, ticket: str = "T1") -> None:
    """Bring a ticket to its unit, which calls the reporter at once: only the light has anything to tell."""
    acknowledged(desk, ticket)
    desk.do(Contact(ticket=ticket), actor=OFFICER)


class TestLights:
    @pytest.fixture
    def desk(self) -> Desk:
        """A desk with one ticket that runs."""
        desk = open_desk(Clock())
        in_touch(desk)
        return desk

    def test_nothing_changes_before_its_time(self, desk: Desk) -> None:
        assert desk.sweep(instant(BEFORE_YELLOW)) == []

    def test_yellow_is_told_at_its_instant(self, desk: Desk) -> None:
        assert desk.sweep(instant(AT_YELLOW)) == [Change("T1", GREEN, YELLOW)]

    def test_at_the_limit_it_is_still_yellow(self, desk: Desk) -> None:
        assert desk.sweep(instant(AT_DUE)) == [Change("T1", GREEN, YELLOW)]

    def test_red_is_told_a_microsecond_after_the_limit(self, desk: Desk) -> None:
        desk.sweep(instant(AT_DUE))
        assert desk.sweep(instant(AFTER_DUE)) == [Change("T1", YELLOW, RED)]

    def test_a_change_is_told_once(self, desk: Desk) -> None:
        desk.sweep(instant(AT_YELLOW))
        assert [desk.sweep(instant(it)) for it in (AT_YELLOW, AT_YELLOW, AT_DUE)] == [[], [], []]

    def test_a_late_sweep_tells_the_change_since_the_last_one(self, desk: Desk) -> None:
        assert desk.sweep(instant("2025-01-01 00:00")) == [Change("T1", GREEN, RED)]

    def test_red_stays_red(self, desk: Desk) -> None:
        desk.sweep(instant(AFTER_DUE))
        assert desk.sweep(instant("2030-01-01 00:00")) == []

    def test_without_a_time_it_is_now(self) -> None:
        clock = Clock()
        desk = open_desk(clock)
        in_touch(desk)
        clock.put(AT_YELLOW)
        assert desk.sweep() == [Change("T1", GREEN, YELLOW)]

    def test_the_light_of_a_resolved_ticket_changes_no_more(self, desk: Desk) -> None:
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        told = desk.sweep(instant(AFTER_DUE)) + desk.sweep(instant("2030-01-01 00:00"))
        assert {(GREEN, GREEN)} == {(it.before, it.now) for it in told}

    def test_several_come_in_the_order_of_their_changes(self) -> None:
        clock = Clock()
        desk = open_desk(clock)
        in_touch(desk, "B")
        clock.put("2024-03-26 10:00")
        in_touch(desk, "A")
        told = desk.sweep(instant("2024-03-29 10:00"))
        assert told == [Change("B", GREEN, RED), Change("A", GREEN, YELLOW)]

    def test_more_than_a_page_changes_at_once(self) -> None:
        desk = open_desk(Clock())
        for number in range(501):
            in_touch(desk, f"{number:03}")
        assert [f"{it:03}" for it in range(501)] == [it.ticket for it in desk.sweep(instant(AT_YELLOW))]

    def test_what_a_sweep_writes_leaves_the_history_whole(self, desk: Desk) -> None:
        before = desk.history("T1", actor=WINDOW)
        desk.sweep(instant(AFTER_DUE))
        assert (before, []) == (desk.history("T1", actor=WINDOW), desk.verify())

    @pytest.mark.parametrize("now", [dt.datetime(2024, 3, 27, 17), dt.date(2024, 3, 27), "2024-03-27"])
    def test_a_sweep_takes_an_instant_with_a_zone(self, desk: Desk, now: object) -> None:
        with pytest.raises(BubanchengError):
            desk.sweep(now)  # type: ignore[arg-type]

    def test_a_command_in_between_swallows_no_change(self) -> None:
        clock = Clock()
        desk = open_desk(clock)
        in_touch(desk)
        clock.put("2024-03-27 18:00")
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        assert desk.sweep() == [Change("T1", GREEN, YELLOW)]

    @pytest.mark.parametrize("seed", range(8))
    def test_every_change_is_told_once_however_late_and_often(self, tmp_path: Path, seed: int) -> None:
        rows, now = ledger_oracle.random_ledger(seed, 80)
        end = dt.datetime.fromisoformat(now)
        start = end - dt.timedelta(days=30)
        desk = Desk.open(DISTRICT, calendar=CALENDAR, clock=lambda: start)
        take_in(desk, read_ledger(write_oracle_ledger(tmp_path, rows), DISTRICT, CALENDAR).rows, start)
        lights = {it.id: it.light for it in desk.board(start)}
        late = {it.id for it in desk.board(start) if it.contact_overdue}
        rng, at = random.Random(seed), start
        while at < end + dt.timedelta(days=30):
            at += dt.timedelta(hours=rng.choice((0, 1, 30, 200)))
            for change in desk.sweep(at):
                assert (lights[change.ticket], True) == (change.before, bool(change.events))
                assert not (change.ticket in late and "contact" in change.passed)
                lights[change.ticket] = change.now
                late |= {change.ticket} if "contact" in change.passed else set()
            board = list(desk.board(at))
            assert {it.id: it.light for it in board} == lights
            assert {it.id for it in board if it.contact_overdue} == late


class TestLimitsThatPass:
    """Limits that no light watches are told too, each once, when they have passed."""

    @pytest.fixture
    def clock(self) -> Clock:
        """A clock that stands at Monday 10:00."""
        return Clock()

    @pytest.fixture
    def desk(self, clock: Clock) -> Desk:
        """A desk with one ticket that waits for its first contact."""
        desk = open_desk(clock)
        acknowledged(desk)
        return desk

    @pytest.mark.parametrize(
        ("at", "told"), [(AT_CONTACT, []), (AFTER_CONTACT, [Change("T1", GREEN, GREEN, ("contact",))])]
    )
    def test_a_contact_is_late_a_microsecond_after_its_limit(
        self, desk: Desk, at: str, told: list[Change]
    ) -> None:
        assert told == desk.sweep(instant(at))

    def test_it_is_told_once(self, desk: Desk) -> None:
        told = [desk.sweep(instant(it)) for it in (AFTER_CONTACT, AFTER_CONTACT, BEFORE_YELLOW)]
        assert [1, 0, 0] == [len(it) for it in told]

    def test_a_light_and_a_limit_that_passed_since_the_last_sweep_are_one_change(self, desk: Desk) -> None:
        assert desk.sweep(instant(AT_YELLOW)) == [Change("T1", GREEN, YELLOW, ("contact",))]

    def test_a_limit_that_was_told_is_not_told_again_with_the_light(self, desk: Desk) -> None:
        desk.sweep(instant(AFTER_CONTACT))
        assert desk.sweep(instant(AT_YELLOW)) == [Change("T1", GREEN, YELLOW)]

    def test_a_change_names_its_events_as_routes_do(self) -> None:
        change = Change("T1", GREEN, RED, ("co_handling:区民政局", "contact"))
        assert change.events == ("light:red", "due:co_handling", "due:contact")

    def test_without_another_light_no_light_is_an_event(self) -> None:
        assert Change("T1", RED, RED, ("contact",)).events == ("due:contact",)

    def test_a_late_contact_that_was_made_untold_is_told_all_the_same(self, desk: Desk, clock: Clock) -> None:
        clock.put("2024-03-26 18:00")
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        assert desk.sweep() == [Change("T1", GREEN, GREEN, ("contact",))]

    def test_a_contact_in_time_passes_no_limit(self, desk: Desk, clock: Clock) -> None:
        clock.put(AT_CONTACT)
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        assert desk.sweep(instant(BEFORE_YELLOW)) == []

    def test_a_deemed_acknowledgement_changes_nothing_but_starts_the_clocks(self) -> None:
        desk = open_desk(Clock())
        accepted(desk)  # deemed acknowledged on Tuesday 17:00
        times = ("2024-03-26 17:00", "2024-03-27 17:00", "2024-03-28 17:00")
        assert [[], [], [Change("T1", GREEN, YELLOW, ("contact",))]] == [
            desk.sweep(instant(it)) for it in times
        ]

    def test_a_ticket_that_waits_a_working_day_for_a_person_is_told(self) -> None:
        desk = open_desk(Clock())
        accepted(desk, matter=UNOWNED)
        assert desk.sweep(instant(AFTER_CONTACT)) == [Change("T1", GREEN, GREEN, ("dispatch",))]

    @pytest.mark.parametrize(
        ("at", "passed"),
        [
            ("2024-03-28 17:00", ()),
            ("2024-03-28 17:00:00.000001", ("unit_callback",)),
            ("2024-04-10 17:00:00.000001", ("centre_callback", "unit_callback")),
        ],
    )
    def test_callbacks_have_limits_of_their_own(self, desk: Desk, at: str, passed: tuple[str, ...]) -> None:
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        assert passed == tuple(name for it in desk.sweep(instant(at)) for name in it.passed)


class TestTakenUpAgain:
    """A ticket that was late, resolved, and taken up again: what was told once is not told again."""

    @pytest.fixture
    def desk(self, clock: Clock) -> Desk:
        """A desk with a late ticket of which everything was told."""
        desk = open_desk(clock)
        in_touch(desk)
        desk.sweep(clock.put("2024-03-29 10:00"))
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        clock.put("2024-03-29 11:00")
        desk.do(Reopen(ticket="T1", reason="没有解决"), actor=CENTRE)
        return desk

    @pytest.fixture
    def clock(self) -> Clock:
        """A clock that stands at Monday 10:00."""
        return Clock()

    def test_its_light_is_green_again(self, desk: Desk) -> None:
        assert [(RED, GREEN)] == [(it.before, it.now) for it in desk.sweep()]

    def test_the_limit_of_the_first_round_was_told_with_its_red(self, desk: Desk) -> None:
        assert [()] == [it.passed for it in desk.sweep()]

    def test_nobody_has_to_call_back_what_is_being_handled(self, desk: Desk) -> None:
        desk.sweep()
        told = [name for it in desk.sweep(instant("2024-04-30 10:00")) for name in it.passed]
        assert [] == [it for it in told if "callback" in it]

    def test_the_second_round_turns_red_by_itself(self, desk: Desk) -> None:
        desk.sweep()
        assert [(GREEN, RED)] == [(it.before, it.now) for it in desk.sweep(instant("2024-04-30 10:00"))]


class OverlappingStore(MemoryStore):
    """A store in which another sweep, or a command, runs between reading what is due and writing."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[object] = []

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        rows = super().due_before(district, instant, limit)
        while self.meanwhile:
            job = self.meanwhile.pop()
            assert callable(job)
            job()
        return rows


class TestOverlap:
    def test_two_sweeps_at_once_tell_a_change_once(self) -> None:
        store = OverlappingStore()
        first, second = open_desk(Clock(), store), open_desk(Clock(), store)
        in_touch(first)
        told: list[Change] = []
        store.meanwhile.append(lambda: told.extend(second.sweep(instant(AT_YELLOW))))
        told += first.sweep(instant(AT_YELLOW))
        assert told == [Change("T1", GREEN, YELLOW)]

    def test_a_command_during_a_sweep_loses_no_other_change(self) -> None:
        clock, store = Clock(), OverlappingStore()
        desk = open_desk(clock, store)
        in_touch(desk, "T1")
        in_touch(desk, "T2")
        clock.put(AT_YELLOW)
        store.meanwhile.append(lambda: desk.do(Resolve(ticket="T1"), actor=OFFICER))
        assert Change("T2", GREEN, YELLOW) in desk.sweep()


class PowerCutError(BaseException):
    """The process ends here."""


class FailingStore(MemoryStore):
    """A store whose commit of a dispatch fails, a number of times."""

    def __init__(self, error: BaseException, times: int) -> None:
        super().__init__()
        self.error, self.left, self.tried = error, times, 0

    def commit(self, *changes: ChangeSet) -> None:
        if any(it.row is not None and it.row.step == "dispatched" for it in changes):
            self.tried += 1
            if self.left:
                self.left -= 1
                raise self.error
        super().commit(*changes)


def full() -> StoreError:
    """Return what a store says that cannot save."""
    return StoreError("磁盘已满")


class TestCutOff:
    def test_a_power_cut_after_the_commit_leaves_the_ticket_accepted(self) -> None:
        desk = open_desk(Clock(), FailingStore(PowerCutError(), 1))
        with pytest.raises(PowerCutError):
            accepted(desk)
        assert desk.get("T1", actor=WINDOW).step == "pending_dispatch"

    def test_the_next_sweep_finishes_what_a_power_cut_cut_off(self) -> None:
        clock, store = Clock(), FailingStore(PowerCutError(), 1)
        with pytest.raises(PowerCutError):
            accepted(open_desk(clock, store))
        clock.put("2024-03-25 10:05")
        desk = open_desk(clock, store)
        desk.sweep()
        assert (OWNER, "dispatched") == (desk.get("T1", actor=WINDOW).unit, desk.get("T1", actor=WINDOW).step)

    def test_a_follow_up_that_cannot_be_saved_does_not_fail_its_command(self) -> None:
        desk = open_desk(Clock(), FailingStore(full(), 1))
        assert accepted(desk).step == "pending_dispatch"

    def test_the_next_sweep_finishes_what_could_not_be_saved(self) -> None:
        clock = Clock()
        desk = open_desk(clock, FailingStore(full(), 1))
        accepted(desk)
        clock.put("2024-03-25 12:00")
        desk.sweep()
        assert desk.get("T1", actor=WINDOW).step == "dispatched"

    def test_after_three_failures_it_is_left_in_the_manual_queue(self) -> None:
        clock, store = Clock(), FailingStore(full(), 99)
        desk = open_desk(clock, store)
        accepted(desk)
        for hour in range(11, 17):
            clock.put(f"2024-03-25 {hour}:00")
            desk.sweep()
        assert (3, "pending_dispatch") == (store.tried, desk.get("T1", actor=WINDOW).step)

    @pytest.mark.parametrize("method", ["claim", "finish"])
    def test_a_store_that_fails_after_the_commit_does_not_fail_the_command(
        self, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise full()

        store = MemoryStore()
        desk = open_desk(Clock(), store)
        registered(desk, matter=UNOWNED)
        monkeypatch.setattr(store, method, fail)
        assert desk.do(Accept(ticket="T1"), actor=WINDOW).step == "pending_dispatch"

    def test_a_command_that_cannot_be_saved_raises(self) -> None:
        class Full(MemoryStore):
            def commit(self, *changes: ChangeSet) -> None:
                if any(it.row for it in changes):
                    raise full()
                super().commit(*changes)

        with pytest.raises(StoreError, match="磁盘已满"):
            registered(open_desk(Clock(), Full()))

    def test_sweeping_twice_dispatches_once(self) -> None:
        clock, store = Clock(), FailingStore(PowerCutError(), 1)
        desk = open_desk(clock, store)
        with pytest.raises(PowerCutError):
            accepted(desk)
        for minute in (5, 10, 15):
            clock.put(f"2024-03-25 10:{minute:02}")
            desk.sweep()
        assert [it.kind for it in desk.history("T1", actor=WINDOW)].count("dispatched") == 1

    def test_a_follow_up_that_somebody_did_by_hand_meanwhile_is_done(self) -> None:
        clock, store = Clock(), FailingStore(PowerCutError(), 1)
        desk = open_desk(clock, store)
        with pytest.raises(PowerCutError):
            accepted(desk)
        clock.put("2024-03-25 10:05")
        desk.sweep()
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        clock.put("2024-03-25 11:05")
        assert (desk.sweep(), desk.get("T1", actor=WINDOW).version) == ([], 4)

    def test_a_ticket_in_the_manual_queue_is_not_tried_for_ever(self) -> None:
        clock, store = Clock(), MemoryStore()
        desk = open_desk(clock, store)
        accepted(desk, matter=UNOWNED)
        assert store.claim("chongming", ["dispatch"], 9, now=2**60, lease=1) == []


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


ASSIGNS = "from bubancheng.district import Assignment"


class TestDispatchers:
    """What a plugin says about dispatch, and what it does wrong."""

    def desk(self, install: Installer, *lines: str, clock: Clock | None = None) -> Desk:
        """Return a desk with one plugin whose dispatch has these lines."""
        source = hooked("bubancheng_dispatch", *lines)
        install("bubancheng-x", "plugin_x", source, x="plugin_x:Plugin")
        return Desk.open(DISTRICT, calendar=CALENDAR, plugins=["x"], clock=clock or Clock())

    def test_the_word_of_a_plugin_comes_before_the_keys_of_the_profile(self, install: Installer) -> None:
        desk = self.desk(install, ASSIGNS, "return Assignment(unit='丙局', rule='our own')")
        ticket = accepted(desk)
        assert ("丙局", "our own") == (ticket.unit, ticket.text("dispatch_rule"))

    def test_a_plugin_that_does_not_know_leaves_it_to_the_profile(self, install: Installer) -> None:
        assert OWNER == accepted(self.desk(install, "return None")).unit

    @pytest.mark.parametrize("line", ["raise RuntimeError('x')", "raise SystemExit(1)", "return '丙局'"])
    def test_a_plugin_that_fails_never_fails_the_command(self, install: Installer, line: str) -> None:
        desk = self.desk(install, line)
        accepted(desk)
        assert [(it.plugin, it.hook) for it in desk.failures] == [("x", "bubancheng_dispatch")]

    @pytest.mark.parametrize("line", ["raise RuntimeError('x')", "raise SystemExit(1)", "return '丙局'"])
    def test_a_plugin_that_fails_sends_the_ticket_to_the_manual_queue(
        self, install: Installer, line: str
    ) -> None:
        ticket = accepted(self.desk(install, line))
        assert ("pending_dispatch", None) == (ticket.step, ticket.unit)

    def test_a_plugin_is_told_nothing_personal(self, install: Installer) -> None:
        desk = self.desk(install, "raise RuntimeError(repr(request))")
        registered(desk)
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        (failure,) = desk.failures
        assert (OWNED in failure.reason, "phone" in failure.reason) == (True, False)
