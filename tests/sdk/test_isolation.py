"""Isolation: whatever a plugin does costs a recorded failure or its own time, and no ticket."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.actions import Accept, Dispatch, Register
from bubancheng.desk import Desk
from bubancheng.desk.delivering import Delivery
from bubancheng.district import Assignment
from bubancheng.errors import PluginError
from bubancheng.hooks import HOOKS
from bubancheng.registry import Failure
from tests.acting import CALENDAR, CENTRE, DISTRICT, OWNED, OWNER, UNOWNED, WINDOW, Clock, open_desk
from tests.installing import Installer, forget_modules, put_on_path
from tests.sdk.misdeeds import ASSIGNED, COMMON, NESTED, Deed, doing, overwriting, raising, returning

FOLLOWING = ("bubancheng_dispatch", "bubancheng_triage", "bubancheng_notify", "bubancheng_health")
OPENING = ("bubancheng_district", "bubancheng_store", "bubancheng_calendar")

# hook, deed, what the reason says: everything wrong that any plugin can do, and what only this one can
CASES = [(hook, name, deed, said) for hook in HOOKS for name, (deed, said) in COMMON.items()] + [
    (hook, f"nonsense {number}", returning(answer), said)
    for number, (hook, answer, said) in enumerate(NESTED)
]


def cases(*hooks: str) -> list[Any]:
    """Return the rows of some hooks, each with a name."""
    return [
        pytest.param(hook, deed, said, id=f"{hook.removeprefix('bubancheng_')}: {name}")
        for hook, name, deed, said in CASES
        if hook in hooks
    ]


def lived(desk: Desk) -> dict[str, object]:
    """Bring two tickets through a desk; return what came of them and what was said of its plugins."""
    for ticket, matter in (("T1", OWNED), ("T2", UNOWNED)):
        desk.do(Register(ticket=ticket, matter=matter), actor=WINDOW)
        desk.do(Accept(ticket=ticket), actor=WINDOW)
    delivery = desk.relay()
    health = desk.health()
    for ticket in ("T1", "T2"):
        if desk.get(ticket, actor=CENTRE).step == "pending_dispatch":
            desk.do(Dispatch(ticket=ticket, unit=OWNER, reason="电话问明"), actor=CENTRE)
    return {
        "units": [desk.get(ticket, actor=CENTRE).unit for ticket in ("T1", "T2")],
        "chains": desk.verify(),
        "delivery": delivery,
        "health": health,
    }


class TestFollowing:
    """What is asked after a command was saved."""

    @pytest.mark.parametrize(("hook", "deed", "said"), cases(*FOLLOWING))
    def test_no_ticket_is_lost_and_the_failure_names_plugin_and_hook(
        self, hook: str, deed: Deed, said: str
    ) -> None:
        with open_desk(Clock()) as desk:
            desk.bind("bad", doing(hook, deed))
            desk.bind("good", doing("bubancheng_dispatch", returning(ASSIGNED)))
            found = lived(desk)
            told = {(it.plugin, it.hook) for it in desk.failures}
            reasons = [it.reason for it in desk.failures]
            health: Any = found["health"]
            if hook == "bubancheng_health":
                told, reasons = {("bad", hook)}, [health["bad"].detail]
            assert ([OWNER, OWNER], []) == (found["units"], found["chains"])
            assert {("bad", hook)} == told
            assert all(said in it and len(it) < 1000 for it in reasons)

    @pytest.mark.parametrize(("hook", "deed", "said"), cases("bubancheng_dispatch"))
    def test_a_dispatcher_that_fails_leaves_the_ticket_to_a_person(
        self, hook: str, deed: Deed, said: str
    ) -> None:
        del said
        with open_desk(Clock()) as desk:
            desk.bind("bad", doing(hook, deed))
            desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
            found = desk.do(Accept(ticket="T1"), actor=WINDOW)
            assert ("pending_dispatch", None) == (found.step, found.unit)

    @pytest.mark.parametrize(("hook", "deed", "said"), cases("bubancheng_notify"))
    def test_a_notifier_that_fails_is_asked_again_later(self, hook: str, deed: Deed, said: str) -> None:
        del said
        clock = Clock()
        with open_desk(clock) as desk:
            desk.bind("bad", doing(hook, deed))
            delivery: Any = lived(desk)["delivery"]
            waiting = delivery.put_off
            clock.put("2024-03-25 10:05")
            assert (0, 0, True) == (delivery.delivered, delivery.dead, waiting > 0)
            assert desk.relay().put_off >= waiting

    def test_a_failing_notifier_leaves_the_routes_of_others(self) -> None:
        got: list[object] = []
        with open_desk(Clock()) as desk:
            bad = doing("bubancheng_notify", raising(TimeoutError()))
            bad.routes = ("reporter",)
            good = doing("bubancheng_notify", got.append)
            good.routes = ("unit_inbox",)
            desk.bind("bad", bad)
            desk.bind("good", good)
            assert Delivery(delivered=1, put_off=2) == lived(desk)["delivery"]
            assert 1 == len(got)

    @pytest.mark.parametrize("hook", FOLLOWING)
    def test_strictly_it_is_raised_for_its_author_and_the_ticket_is_saved(self, hook: str) -> None:
        error = RuntimeError("没有配置")
        with Desk.open(DISTRICT, calendar=CALENDAR, clock=Clock(), strict=True) as desk:
            desk.bind("bad", doing(hook, raising(error)))
            with pytest.raises(PluginError, match="没有配置") as caught:
                lived(desk)
            assert ("bad", hook, error) == (caught.value.plugin, caught.value.hook, caught.value.__cause__)
            assert "T1" == desk.get("T1", actor=CENTRE).id

    def test_strictly_an_answer_of_the_wrong_kind_is_raised_too(self) -> None:
        with Desk.open(DISTRICT, calendar=CALENDAR, clock=Clock(), strict=True) as desk:
            desk.bind("bad", doing("bubancheng_dispatch", returning(42)))
            with pytest.raises(PluginError, match="returned 42, expected Assignment or None"):
                lived(desk)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


def opened(hook: str, deed: Deed, url: str) -> Desk:
    """Open a desk on a file, with the installed plugin doing something while it is opened."""
    bad = {"hook": hook, "deed": deed}
    district = "bad" if hook == "bubancheng_district" else DISTRICT
    store = "bad://x" if hook == "bubancheng_store" else url
    return Desk.open(district, store=store, plugins=["bad"], settings={"bad": bad}, clock=Clock())


class TestOpening:
    """What is asked while a desk is opened: there a failure raises, and names the plugin."""

    @pytest.mark.parametrize(("hook", "deed", "said"), cases(*OPENING))
    def test_the_desk_does_not_open_and_the_next_one_does(
        self, install: Installer, tmp_path: Path, hook: str, deed: Deed, said: str
    ) -> None:
        install("bubancheng-bad", "unused", bad="tests.sdk.misdeeds:factory")
        url = f"sqlite:///{tmp_path}/desk.db"
        with Desk.open(DISTRICT, store=url, clock=Clock()) as desk:
            before = lived(desk)["units"]
        with pytest.raises(PluginError) as caught:
            opened(hook, deed, url)
        assert ("bad", hook) == (caught.value.plugin, caught.value.hook)
        assert (True, True) == (said in caught.value.reason, len(str(caught.value)) < 1000)
        with Desk.open(DISTRICT, store=url, clock=Clock()) as desk:
            assert before == [desk.get(it, actor=CENTRE).unit for it in ("T1", "T2")]

    def test_a_district_that_changes_its_mind_is_refused(self, install: Installer) -> None:
        install("bubancheng-bad", "unused", bad="tests.sdk.misdeeds:factory")
        answers = iter([DISTRICT, None])
        settings = {"bad": {"hook": "bubancheng_district", "deed": lambda _: next(answers)}}
        with pytest.raises(PluginError, match="offered a district once, and then none"):
            Desk.open("bad", settings=settings)


class TestCtrlC:
    @pytest.mark.parametrize("hook", FOLLOWING)
    def test_it_is_heard_in_every_hook(self, hook: str) -> None:
        with open_desk(Clock()) as desk:
            desk.bind("bad", doing(hook, raising(KeyboardInterrupt())))
            with pytest.raises(KeyboardInterrupt):
                lived(desk)
            assert ("T1", [], []) == (desk.get("T1", actor=CENTRE).id, desk.verify(), desk.failures)

    @pytest.mark.parametrize("hook", OPENING)
    def test_it_is_heard_while_a_desk_is_opened(self, install: Installer, tmp_path: Path, hook: str) -> None:
        install("bubancheng-bad", "unused", bad="tests.sdk.misdeeds:factory")
        with pytest.raises(KeyboardInterrupt):
            opened(hook, raising(KeyboardInterrupt()), f"sqlite:///{tmp_path}/desk.db")

    def test_a_dispatch_that_was_interrupted_is_made_up_for(self) -> None:
        clock, deeds = Clock(), iter([raising(KeyboardInterrupt()), returning(ASSIGNED)])

        def once(request: object) -> object:
            deed = next(deeds)
            return deed(request)

        with open_desk(clock) as desk:
            desk.bind("slow", doing("bubancheng_dispatch", once))
            desk.do(Register(ticket="T1", matter=UNOWNED), actor=WINDOW)
            with pytest.raises(KeyboardInterrupt):
                desk.do(Accept(ticket="T1"), actor=WINDOW)
            desk.sweep(clock.put("2024-03-26 10:00"))
            assert ASSIGNED.unit == desk.get("T1", actor=CENTRE).unit


class TestMutation:
    @pytest.mark.parametrize("hook", ["bubancheng_dispatch", "bubancheng_triage", "bubancheng_notify"])
    def test_what_a_plugin_is_given_cannot_be_changed(self, hook: str) -> None:
        with open_desk(Clock()) as desk:
            desk.bind("bad", doing(hook, overwriting))
            lived(desk)
            assert {"FrozenInstanceError"} == {it.reason.partition(":")[0] for it in desk.failures}

    def test_contact_data_cannot_be_changed(self) -> None:
        def change(notice: Any) -> None:
            notice.contact["phone"] = "13900000000"

        with open_desk(Clock()) as desk:
            desk.bind("bad", doing("bubancheng_notify", change))
            lived(desk)
            assert all("does not support item assignment" in it.reason for it in desk.failures)
            assert desk.failures

    def test_by_force_a_plugin_changes_its_own_copy_and_nothing_else(self) -> None:
        seen: list[str] = []

        def force(request: Any) -> None:
            object.__setattr__(request, "matter", UNOWNED)

        with open_desk(Clock()) as desk:
            desk.bind("bad", doing("bubancheng_dispatch", force))
            desk.bind("next", doing("bubancheng_dispatch", lambda it: seen.append(it.matter)))
            lived(desk)
            assert ([OWNED, UNOWNED], "matter_owner") == (
                seen,
                desk.get("T1", actor=CENTRE).text("dispatch_rule"),
            )


class TestSlowness:
    """A slow plugin costs its own time: others go on meanwhile, also on the same desk."""

    @pytest.fixture(params=["memory", "file"])
    def desk(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
        store = None if request.param == "memory" else f"sqlite:///{tmp_path}/desk.db"
        with Desk.open(DISTRICT, calendar=CALENDAR, store=store, clock=Clock()) as desk:
            yield desk

    @pytest.mark.parametrize(
        ("hook", "asked"),
        [
            ("bubancheng_dispatch", lambda desk: desk.do(Accept(ticket="T1"), actor=WINDOW)),
            ("bubancheng_triage", lambda desk: desk.do(Register(ticket="T9", matter=OWNED), actor=WINDOW)),
            ("bubancheng_notify", lambda desk: desk.relay()),
            ("bubancheng_health", lambda desk: desk.health()),
        ],
        ids=lambda it: it if isinstance(it, str) else "",
    )
    def test_commands_of_others_go_on_while_it_works(
        self, desk: Desk, hook: str, asked: Callable[[Desk], object]
    ) -> None:
        begun, may_end = threading.Event(), threading.Event()

        def slow(_: object) -> None:
            if begun.is_set():  # it is slow once
                return
            begun.set()
            assert may_end.wait(30)

        desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
        if hook == "bubancheng_notify":
            desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.bind("slow", doing(hook, slow))
        thread = threading.Thread(target=asked, args=(desk,))
        thread.start()
        try:
            assert begun.wait(30)
            other = desk.do(Register(ticket="T2", matter=OWNED), actor=WINDOW)
            assert ("registered", "T1") == (other.step, desk.get("T1", actor=CENTRE).id)
        finally:
            may_end.set()
            thread.join(30)
        assert ([], False) == (desk.failures, thread.is_alive())


def test_a_unit_that_does_not_exist_is_a_failure_where_the_profile_holds_the_system_to_its_units() -> None:
    roles = tuple(attrs.evolve(it, rights=frozenset()) if it.id == "system" else it for it in DISTRICT.roles)
    with Desk.open(attrs.evolve(DISTRICT, roles=roles), calendar=CALENDAR, clock=Clock()) as desk:
        nowhere = Assignment(unit="没有的局", rule="x")
        desk.bind("bad", doing("bubancheng_dispatch", returning(nowhere)))
        desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
        found = desk.do(Accept(ticket="T1"), actor=WINDOW)
        assert ("pending_dispatch", 1, True) == (
            found.step,
            len(desk.failures),
            "没有的局" in desk.failures[0].reason,
        )


def test_a_failure_is_a_value() -> None:
    assert Failure("a", "b", "c") == Failure("a", "b", "c")
