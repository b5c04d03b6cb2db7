"""Notices: what sets them off, to whom they go, and what becomes of those that cannot be delivered."""

import datetime as dt
import json
from collections.abc import Callable

import attrs
import pytest

from bubancheng.actions import Accept, Acknowledge, Contact, Dispatch, Register, Resolve, Return
from bubancheng.desk import Deed, Desk
from bubancheng.desk.delivering import ATTEMPTS
from bubancheng.desk.noticing import KIND
from bubancheng.district import Route
from bubancheng.errors import ArgumentError, BubanchengError
from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.sla import Light
from bubancheng.store import ChangeSet, MemoryStore, OutboxRow
from tests.acting import (
    CALENDAR,
    CENTRE,
    DISTRICT,
    IMPORT,
    OFFICE,
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
from tests.support import DAY, HOUR, MINUTE, US

ALL = tuple(route.id for route in DISTRICT.routes)


class Notifier(DistrictPlugin):
    """A plugin that keeps what it is to deliver, or fails as it is told."""

    def __init__(self, *routes: str, answer: Callable[[Notice], object] | None = None) -> None:
        super().__init__()
        self.routes = routes
        self.answer = answer
        self.notices: list[Notice] = []

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        """Keep the notice, then do as told."""
        self.notices.append(notice)
        if self.answer is not None:
            return self.answer(notice)  # type: ignore[return-value]
        return None

    @property
    def told(self) -> list[tuple[str, str]]:
        """What was told, and to whom."""
        return [(it.event, it.receiver) for it in self.notices]


def fail(_: Notice) -> None:
    """Fail as a network does."""
    raise TimeoutError


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at Monday 10:00."""
    return Clock()


@pytest.fixture
def store() -> MemoryStore:
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def desk(clock: Clock, store: MemoryStore) -> Desk:
    """A desk without plugins."""
    return open_desk(clock, store)


def bound(desk: Desk, *routes: str, answer: Callable[[Notice], object] | None = None) -> Notifier:
    """Bind a notifier for these routes, for all of them where none is given."""
    notifier = Notifier(*(routes or ALL), answer=answer)
    desk.bind(f"notifier-{len(routes)}-{id(notifier)}", notifier)
    return notifier


def waiting(store: MemoryStore) -> list[OutboxRow]:
    """Return the notices that wait, without claiming them."""
    return [row for row in store._outbox.values() if row.kind.startswith(KIND)]


class TestWhatSetsOff:
    @pytest.mark.parametrize(
        ("matter", "told"),
        [
            (OWNED, [("accepted", "reporter"), ("dispatched", OWNER)]),
            (UNOWNED, [("accepted", "reporter")]),
        ],
    )
    def test_entries_go_to_whom_the_routes_say(
        self, desk: Desk, matter: str, told: list[tuple[str, str]]
    ) -> None:
        notifier = bound(desk)
        accepted(desk, matter=matter)
        desk.relay()
        assert told == sorted(notifier.told)

    def test_what_is_given_back_goes_to_the_centre(self, desk: Desk) -> None:
        notifier = bound(desk, "dispatch_queue")
        accepted(desk)
        desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        desk.relay()
        assert [("returned", "dispatch_centre")] == notifier.told

    def test_nothing_goes_out_before_a_relay(self, desk: Desk) -> None:
        notifier = bound(desk)
        accepted(desk)
        assert [] == notifier.notices

    @pytest.mark.parametrize(
        ("at", "told"),
        [
            ("2024-03-26 17:00", []),
            ("2024-03-26 17:00:00.000001", [("due:contact", OWNER)]),
            ("2024-03-27 17:00", [("due:contact", OWNER), ("light:yellow", OWNER)]),
            (
                "2024-03-28 17:00:00.000001",
                [("due:contact", OWNER), ("light:red", OWNER), ("light:red", "district_office")],
            ),
        ],
    )
    def test_lights_and_limits_are_told_by_a_sweep(
        self, desk: Desk, clock: Clock, at: str, told: list[tuple[str, str]]
    ) -> None:
        acknowledged(desk)
        desk.relay()
        notifier = bound(desk)
        desk.relay(clock.put("2024-03-25 10:01"))
        notifier.notices.clear()
        desk.sweep(clock.put(at))
        desk.relay()
        assert sorted(told) == sorted(notifier.told)

    def test_each_light_is_told_once_however_often_one_sweeps(self, desk: Desk, clock: Clock) -> None:
        notifier = bound(desk, "office_inbox")
        acknowledged(desk)
        for day in range(27, 31):
            desk.sweep(clock.put(f"2024-03-{day} 17:30"))
            desk.relay()
        assert [("light:red", "district_office")] == notifier.told

    def test_an_import_of_the_past_tells_nobody(self, desk: Desk, store: MemoryStore) -> None:
        deeds = [
            Deed(Register(ticket="T1", matter=OWNED), instant("2024-03-01 09:00")),
            Deed(Accept(ticket="T1"), instant("2024-03-01 09:01")),
        ]
        desk.replay([deeds], actor=IMPORT)
        assert [] == waiting(store)

    def test_a_refused_command_tells_nobody(self, desk: Desk, store: MemoryStore) -> None:
        registered(desk)
        with pytest.raises(BubanchengError):
            desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        assert [] == waiting(store)

    def test_a_repeated_command_tells_once(self, desk: Desk) -> None:
        notifier = bound(desk, "reporter")
        registered(desk)
        for _ in range(3):
            desk.do(Accept(ticket="T1"), actor=WINDOW, command_id="c1")
        desk.relay()
        assert [("accepted", "reporter")] == notifier.told


class TestDelivered:
    def test_a_notice_is_delivered_once(self, desk: Desk) -> None:
        notifier = bound(desk, "unit_inbox")
        accepted(desk)
        done = [desk.relay() for _ in range(3)]
        assert ([1, 0, 0], 1) == ([it.delivered for it in done], len(notifier.notices))

    def test_its_id_is_one_for_one_event_one_route_one_receiver(self, desk: Desk, clock: Clock) -> None:
        notifier = bound(desk)
        acknowledged(desk)
        acknowledged(desk, "T2")
        desk.sweep(clock.put("2024-03-29 10:00"))
        desk.relay()
        notices = notifier.notices
        assert len({(it.ticket, it.event, it.route, it.receiver) for it in notices}) == len(
            {it.id for it in notices}
        )

    def test_the_same_event_once_more_is_another_notice(self, desk: Desk) -> None:
        notifier = bound(desk, "unit_inbox")
        accepted(desk)
        desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        desk.do(Dispatch(ticket="T1", unit=OWNER, reason="电话核实"), actor=CENTRE)
        desk.relay()
        assert (2, 2) == (len(notifier.notices), len({it.id for it in notifier.notices}))

    def test_one_event_on_two_routes_to_one_receiver_is_two_notices(self, clock: Clock) -> None:
        twice = tuple(Route(id=it, on=frozenset({"dispatched"}), to="unit") for it in ("inbox", "telephone"))
        desk = Desk.open(attrs.evolve(DISTRICT, routes=twice), calendar=CALENDAR, clock=clock)
        notifier = bound(desk, "inbox", "telephone")
        accepted(desk)
        desk.relay()
        assert ["inbox", "telephone"] == sorted(it.route for it in notifier.notices)

    def test_it_says_where_the_ticket_stands_now(self, desk: Desk, clock: Clock) -> None:
        notifier = bound(desk, "unit_inbox")
        acknowledged(desk)
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        desk.relay(clock.put("2024-03-27 17:00"))
        (notice,) = notifier.notices
        assert ("dispatched", "contacted", "已先行联系", Light.YELLOW, instant("2024-03-28 17:00")) == (
            notice.event,
            notice.step,
            notice.step_name,
            notice.light,
            notice.due,
        )

    def test_it_says_when_it_happened(self, desk: Desk, clock: Clock) -> None:
        notifier = bound(desk, "unit_inbox")
        accepted(desk)
        desk.relay(clock.put("2024-03-27 17:00"))
        assert instant("2024-03-25 10:00") == notifier.notices[0].at

    def test_what_no_plugin_serves_waits(self, desk: Desk, store: MemoryStore) -> None:
        bound(desk, "unit_inbox")
        accepted(desk)
        desk.relay()
        assert ["notice:reporter"] == [it.kind for it in waiting(store)]

    def test_a_plugin_that_comes_later_delivers_what_waits(self, desk: Desk) -> None:
        accepted(desk)
        desk.relay()
        notifier = bound(desk)
        desk.relay()
        assert 2 == len(notifier.notices)

    def test_of_two_plugins_for_one_route_the_first_delivers(self, desk: Desk) -> None:
        first, second = bound(desk, "unit_inbox"), bound(desk, "unit_inbox")
        accepted(desk)
        desk.relay()
        assert (1, 0) == (len(first.notices), len(second.notices))

    def test_a_desk_without_notifiers_delivers_nothing(self, desk: Desk) -> None:
        accepted(desk)
        assert 0 == desk.relay().delivered

    def test_more_than_a_page_is_delivered_at_once(self, desk: Desk) -> None:
        notifier = bound(desk, "unit_inbox")
        for number in range(501):
            accepted(desk, f"{number:03}")
        desk.relay()
        assert 501 == len(notifier.notices)


class TestFailing:
    @pytest.mark.parametrize(
        "answer",
        [
            fail,
            lambda _: "delivered",
            lambda _: True,
            lambda _: (_ for _ in ()).throw(SystemExit(1)),
            lambda _: 1 / 0,
        ],
        ids=["time-out", "a word", "true", "exit", "mistake"],
    )
    def test_what_fails_is_put_off_and_on_record(
        self, desk: Desk, answer: Callable[[Notice], object]
    ) -> None:
        bound(desk, "unit_inbox", answer=answer)
        accepted(desk)
        done = desk.relay()
        assert (0, 1, 0, ["bubancheng_notify"]) == (
            done.delivered,
            done.put_off,
            done.dead,
            [it.hook for it in desk.failures],
        )

    def test_it_comes_again_with_the_same_id(self, desk: Desk, clock: Clock) -> None:
        notifier = bound(desk, "unit_inbox", answer=fail)
        accepted(desk)
        desk.relay()
        desk.relay(clock.now + MINUTE)
        first, second = notifier.notices
        assert first.id == second.id

    def test_each_delay_is_twice_the_one_before(self, desk: Desk, clock: Clock) -> None:
        notifier = bound(desk, "unit_inbox", answer=fail)
        accepted(desk)
        at, delays = clock.now, []
        desk.relay(at)
        for _ in range(ATTEMPTS - 1):
            tried, delay = len(notifier.notices), MINUTE
            while True:  # just before its time it does not come, at its time it does
                desk.relay(at + delay - US)
                before = len(notifier.notices)
                desk.relay(at + delay)
                if len(notifier.notices) > tried:
                    break
                delay *= 2
            assert tried == before
            delays.append(delay)
            at += delay
        assert [MINUTE * 2**it for it in range(ATTEMPTS - 1)] == delays

    def test_after_ten_attempts_it_is_set_aside(self, desk: Desk, clock: Clock) -> None:
        notifier = bound(desk, "unit_inbox", answer=fail)
        accepted(desk)
        done = [desk.relay(clock.now + it * DAY) for it in range(12)]
        assert ([0] * 9 + [1, 0, 0], 10) == ([it.dead for it in done], len(notifier.notices))

    def test_others_go_out_all_the_same(self, desk: Desk) -> None:
        def fail_for_one(notice: Notice) -> None:
            if notice.ticket == "T2":
                raise TimeoutError

        notifier = bound(desk, "unit_inbox", answer=fail_for_one)
        for number in ("T1", "T2", "T3"):
            accepted(desk, number)
        done = desk.relay()
        assert (2, 1, ["T1", "T2", "T3"]) == (
            done.delivered,
            done.put_off,
            [it.ticket for it in notifier.notices],
        )

    def test_another_plugin_is_not_affected(self, desk: Desk) -> None:
        bound(desk, "unit_inbox", answer=fail)
        other = bound(desk, "reporter")
        accepted(desk)
        desk.relay()
        assert [("accepted", "reporter")] == other.told

    def test_a_command_is_never_failed_by_it(self, desk: Desk) -> None:
        bound(desk, answer=fail)
        assert "dispatched" == accepted(desk).step

    def test_who_interrupts_the_program_interrupts_it(self, desk: Desk) -> None:
        def interrupt(_: Notice) -> None:
            raise KeyboardInterrupt

        bound(desk, "unit_inbox", answer=interrupt)
        accepted(desk)
        with pytest.raises(KeyboardInterrupt):
            desk.relay()

    def test_what_was_cut_off_comes_again(self, desk: Desk, clock: Clock) -> None:
        def cut(_: Notice) -> None:
            if len(notifier.notices) == 1:
                raise KeyboardInterrupt

        notifier = bound(desk, "unit_inbox", answer=cut)
        accepted(desk)
        with pytest.raises(KeyboardInterrupt):
            desk.relay()
        assert (0, 1) == (desk.relay().delivered, desk.relay(clock.now + 5 * MINUTE).delivered)

    @pytest.mark.parametrize("text", ["", "nonsense", "{}", '{"event": "x", "receiver": "y", "at": "soon"}'])
    def test_a_notice_that_nobody_can_read_does_not_stop_the_others(
        self, desk: Desk, store: MemoryStore, clock: Clock, text: str
    ) -> None:
        notifier = bound(desk, "unit_inbox")
        accepted(desk, "T1")
        accepted(desk, "T2")
        (row,) = [it for it in waiting(store) if it.ticket == "T1" and it.kind == "notice:unit_inbox"]
        store.commit(ChangeSet(district="chongming", outbox=[attrs.evolve(row, text=text)]))
        desk.relay()
        desk.relay(clock.now + HOUR)
        assert ["T2"] == [it.ticket for it in notifier.notices]


class TestDeadLetters:
    @pytest.fixture
    def notifier(self, desk: Desk, clock: Clock) -> Notifier:
        """A notifier that failed ten times."""
        notifier = bound(desk, "unit_inbox", answer=fail)
        accepted(desk)
        for day in range(10):
            desk.relay(clock.now + day * DAY)
        clock.now += 10 * DAY
        return notifier

    def test_what_was_set_aside_is_shown(self, desk: Desk, notifier: Notifier) -> None:
        assert [notifier.notices[0].id] == [it.id for it in desk.dead_letters()]

    def test_it_is_shown_as_often_as_one_looks(self, desk: Desk, notifier: Notifier) -> None:
        shown = [it.id for _ in range(3) for it in desk.dead_letters()]
        assert [notifier.notices[0].id] * 3 == shown

    def test_it_is_shown_at_once(self, desk: Desk, clock: Clock) -> None:
        bound(desk, "unit_inbox", answer=fail)
        accepted(desk)
        for day in range(10):
            desk.relay(clock.now + day * DAY)
        assert 1 == len(desk.dead_letters(clock.now + 9 * DAY))

    def test_looking_is_no_attempt(self, desk: Desk, notifier: Notifier) -> None:
        attempts = [it.attempts for _ in range(2) for it in desk.dead_letters()]
        assert [len(notifier.notices)] * 2 == attempts

    def test_all_of_them_are_shown(self, desk: Desk, store: MemoryStore, notifier: Notifier) -> None:
        (row,) = [it for it in store._outbox.values() if it.kind.startswith("dead:")]
        more = [attrs.evolve(row, id=f"{row.id}/{it}") for it in range(500)]
        store.commit(ChangeSet(district="chongming", outbox=more))
        assert (10, 501) == (len(notifier.notices), len(desk.dead_letters()))

    def test_put_back_it_is_delivered(self, desk: Desk, notifier: Notifier) -> None:
        notifier.answer = None
        desk.redeliver(notifier.notices[0].id)
        assert (1, [], 0) == (desk.relay().delivered, desk.dead_letters(), desk.relay().delivered)

    def test_put_back_it_has_all_its_attempts_before_it(
        self, desk: Desk, clock: Clock, notifier: Notifier
    ) -> None:
        desk.redeliver(notifier.notices[0].id)
        done = [desk.relay(clock.now + it * DAY).dead for it in range(11)]
        assert [0] * 9 + [1, 0] == done

    @pytest.mark.parametrize("name", ["nonsense", ""])
    def test_what_was_never_set_aside_cannot_be_put_back(
        self, desk: Desk, notifier: Notifier, name: str
    ) -> None:
        assert notifier.notices
        with pytest.raises(ArgumentError, match="no dead letter"):
            desk.redeliver(name)

    def test_what_waits_is_no_dead_letter(self, desk: Desk) -> None:
        accepted(desk)
        assert [] == desk.dead_letters()


class TestTwoRelays:
    def test_a_notice_is_not_taken_twice(self, clock: Clock, store: MemoryStore) -> None:
        """A second relay runs while the first one delivers."""
        first, second = open_desk(clock, store), open_desk(clock, store)
        accepted(first)
        late = bound(second, "unit_inbox")

        def meanwhile(_: Notice) -> None:
            second.relay()

        early = bound(first, "unit_inbox", answer=meanwhile)
        first.relay()
        assert (1, 0) == (len(early.notices), len(late.notices))

    def test_each_takes_its_own_routes(self, clock: Clock, store: MemoryStore) -> None:
        first, second = open_desk(clock, store), open_desk(clock, store)
        accepted(first)
        units, reporters = bound(first, "unit_inbox"), bound(second, "reporter")
        for desk in (first, second):
            desk.relay()
        assert ([("dispatched", OWNER)], [("accepted", "reporter")]) == (units.told, reporters.told)


class TestPrivacy:
    SECRETS = ("张三丰", "13800001234", "310230199001011234", "家住城桥镇")

    @pytest.fixture
    def told(self, desk: Desk) -> Notifier:
        """A notifier that was told of a ticket with personal data."""
        notifier = bound(desk)
        name, phone, identity, text = self.SECRETS
        action = Register(ticket="T1", matter=OWNED, reporter=name, phone=phone, identity=identity, text=text)
        desk.do(action, actor=WINDOW)
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        desk.relay()
        return notifier

    def test_only_the_reporters_own_route_says_how_to_reach_them(self, told: Notifier) -> None:
        contacts = {it.receiver: dict(it.contact) for it in told.notices}
        assert {"reporter": {"reporter": "张三丰", "phone": "13800001234"}, OWNER: {}} == contacts

    def test_nothing_else_of_a_notice_is_personal(self, told: Notifier) -> None:
        texts = [
            json.dumps(attrs.asdict(it, filter=lambda a, _: a.name != "contact"), default=str)
            for it in told.notices
        ]
        assert [] == [it for it in self.SECRETS for text in texts if it in text]

    def test_how_to_reach_somebody_is_not_printed(self, told: Notifier) -> None:
        assert [] == [it for it in self.SECRETS for notice in told.notices if it in repr(notice)]

    def test_nothing_that_waits_is_personal(self, desk: Desk, store: MemoryStore) -> None:
        desk.do(Register(ticket="T1", matter=OWNED, phone="13800001234"), actor=WINDOW)
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        assert (2, []) == (len(waiting(store)), [it for it in waiting(store) if "13800001234" in str(it)])

    def test_what_a_reporters_route_reads_is_on_record(self, desk: Desk, told: Notifier) -> None:
        reporters = [it for it in told.notices if it.receiver == "reporter"]
        records = desk.accesses("T1", actor=OFFICE)
        assert [("notifier", ("phone", "reporter"), f"notice {it.id}") for it in reporters] == [
            (it.actor.role, it.effect.facts["fields"], it.effect.facts["purpose"]) for it in records
        ]

    def test_each_attempt_is_on_record(self, desk: Desk, clock: Clock) -> None:
        bound(desk, "reporter", answer=fail)
        desk.do(Register(ticket="T1", matter=OWNED, phone="13800001234"), actor=WINDOW)
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        for hour in range(3):
            desk.relay(clock.now + hour * HOUR)
        assert 3 == len(desk.accesses("T1", actor=OFFICE))

    def test_to_a_unit_nothing_is_read(self, desk: Desk) -> None:
        bound(desk, "unit_inbox")
        desk.do(Register(ticket="T1", matter=OWNED, phone="13800001234"), actor=WINDOW)
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.relay()
        assert [] == desk.accesses("T1", actor=OFFICE)


def test_a_delivery_is_a_value_of_its_counts(desk: Desk) -> None:
    bound(desk, "unit_inbox")
    accepted(desk)
    done = desk.relay(dt.datetime(2024, 3, 25, 2, tzinfo=dt.UTC))
    assert (1, 0, 0) == (done.delivered, done.put_off, done.dead)
