"""The desk for event loops: the same methods, whole commands, nothing lost at the end."""

import asyncio
import inspect
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

from bubancheng.actions import Accept, Acknowledge, Register
from bubancheng.aio import AsyncDesk
from bubancheng.calendar import WorkCalendar
from bubancheng.desk import Desk
from bubancheng.errors import (
    NotAllowedError,
    StoreError,
    UnknownNameError,
    UnknownTicketError,
)
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore, Store
from bubancheng.ticket import Ticket
from tests.acting import CALENDAR, DISTRICT, MONDAY, OFFICE, OFFICER, OWNED, WINDOW, Clock, instant, open_desk

PUBLIC = sorted(name for name in dir(Desk) if not name.startswith("_"))
PATIENCE = 30  # seconds until a test gives up


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each of the stores."""
    store: Store = MemoryStore() if request.param == "memory" else SqliteStore(str(tmp_path / "desk.db"))
    yield store
    store.close()


class WatchedStore(MemoryStore):
    """A store that calls a function before it stores a ticket, and says when it is closed."""

    def __init__(self, before: Callable[[], object]) -> None:
        super().__init__()
        self._before, self.closed = before, threading.Event()

    def commit(self, *changes: ChangeSet) -> None:
        if any(it.row is not None for it in changes):
            self._before()
        super().commit(*changes)

    def close(self) -> None:
        self.closed.set()


class GatedStore(WatchedStore):
    """A store whose commands wait at a gate."""

    def __init__(self) -> None:
        super().__init__(self.wait)
        self.reached, self.gate = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.reached.set()
        assert self.gate.wait(PATIENCE)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test in an event loop of its own."""
    asyncio.run(asyncio.wait_for(test(), PATIENCE))


def registering(desk: AsyncDesk, ticket: str = "T1") -> Coroutine[Any, Any, Ticket]:
    """Register a ticket at the window."""
    return desk.do(Register(ticket=ticket, matter=OWNED), actor=WINDOW)


async def comes(event: threading.Event) -> None:
    """Wait until something has happened in a thread."""
    assert await asyncio.to_thread(event.wait, PATIENCE)


async def a_while() -> None:
    """Give everything that could happen the time to happen."""
    await asyncio.sleep(0.05)


class TestSameAsDesk:
    @pytest.mark.parametrize("name", PUBLIC)
    def test_every_public_name_of_the_desk_is_there(self, name: str) -> None:
        assert hasattr(AsyncDesk, name)

    @pytest.mark.parametrize("name", PUBLIC)
    def test_every_method_has_the_parameters_and_the_documentation_of_the_desks(self, name: str) -> None:
        ours, theirs = (inspect.getattr_static(it, name) for it in (AsyncDesk, Desk))
        if isinstance(theirs, property):
            assert (True, theirs.__doc__) == (isinstance(ours, property), ours.__doc__)
            return
        parameters = dict(inspect.signature(getattr(AsyncDesk, name)).parameters)
        if name == "open":
            del parameters["executor"]
        assert inspect.signature(getattr(Desk, name)).parameters == parameters
        assert ours.__doc__

    @pytest.mark.parametrize("name", PUBLIC)
    def test_every_method_is_awaited_and_what_streams_and_the_opening_are_asynchronous(
        self, name: str
    ) -> None:
        ours = inspect.getattr_static(AsyncDesk, name)
        if name in {"board", "expiries", "export", "removals"}:
            assert inspect.isasyncgenfunction(ours)
        elif name != "open" and isinstance(ours, types.FunctionType):
            assert inspect.iscoroutinefunction(ours)

    def test_a_method_that_a_subclass_of_the_desk_overrides_is_the_one_that_runs(self) -> None:
        class Quiet(Desk):
            def kept_calendar(self, version: str) -> WorkCalendar:
                return {"mine": CALENDAR}[version]

        async def test() -> None:
            async with AsyncDesk(Quiet(open_desk(Clock())._ground)) as desk:
                assert await desk.kept_calendar("mine") is CALENDAR

        run(test)


class TestCommands:
    def test_fifty_concurrent_commands_are_all_carried_out(self, store: Store) -> None:
        async def test() -> None:
            async with AsyncDesk.open(DISTRICT, calendar=CALENDAR, store=store, clock=Clock()) as desk:
                tickets = await asyncio.gather(*[registering(desk, f"T{it:02}") for it in range(50)])
                found = await desk.find(actor=WINDOW)
                assert (
                    [f"T{it:02}" for it in range(50)] == [it.id for it in tickets] == [it.id for it in found]
                )
                assert await desk.verify() == []

        run(test)

    def test_one_command_given_fifty_times_at_once_happens_once(self, store: Store) -> None:
        async def test() -> None:
            async with AsyncDesk(open_desk(Clock(), store)) as desk:
                action = Register(ticket="T1", matter="x")
                commands = [desk.do(action, actor=WINDOW, command_id="c1") for _ in range(50)]
                assert {1} == {it.version for it in await asyncio.gather(*commands)}

        run(test)

    def test_a_command_has_the_outcome_it_has_at_the_desk(self) -> None:
        async def test() -> None:
            async with AsyncDesk(open_desk(Clock())) as desk:
                await registering(desk)
                accepted = await desk.do(Accept(ticket="T1"), actor=WINDOW)
                assert accepted == await desk.get("T1", actor=WINDOW)
                kinds = [it.kind for it in await desk.history("T1", actor=WINDOW)]
                assert ("dispatched", ["registered", "accepted", "dispatched"]) == (accepted.step, kinds)

        run(test)

    def test_an_error_of_the_command_is_raised_where_it_is_awaited(self) -> None:
        async def test() -> None:
            async with AsyncDesk(open_desk(Clock())) as desk:
                with pytest.raises(UnknownTicketError):
                    await desk.get("T1", actor=WINDOW)
                await registering(desk)
                with pytest.raises(NotAllowedError):
                    await desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
                assert (await desk.get("T1", actor=WINDOW)).version == 1

        run(test)

    def test_an_error_in_the_block_is_raised_and_closes_the_desk(self) -> None:
        store = GatedStore()

        async def test() -> None:
            with pytest.raises(ZeroDivisionError):
                async with AsyncDesk(open_desk(Clock(), store)):
                    raise ZeroDivisionError

        run(test)
        assert store.closed.is_set()

    def test_the_event_loop_goes_on_while_a_command_waits(self) -> None:
        async def test() -> None:
            store = GatedStore()
            async with AsyncDesk(open_desk(Clock(), store)) as desk:
                command = asyncio.create_task(registering(desk))
                await comes(store.reached)
                assert not command.done()
                store.gate.set()
                assert (await command).id == "T1"

        run(test)

    def test_commands_run_in_the_threads_of_the_executor_that_was_handed_in(self) -> None:
        seen: set[str] = set()
        store = WatchedStore(lambda: seen.add(threading.current_thread().name))

        async def test(executor: ThreadPoolExecutor) -> None:
            opening = AsyncDesk.open(DISTRICT, calendar=CALENDAR, store=store, executor=executor)
            async with opening as desk:
                await registering(desk)

        with ThreadPoolExecutor(1, "counter") as executor:
            asyncio.run(test(executor))
            assert executor.submit(int).result() == 0  # it stays the caller's
        assert seen == {"counter_0"}

    def test_a_command_sees_the_context_of_whoever_awaits_it(self) -> None:
        who, seen = ContextVar("who", default="nobody"), list[str]()
        store = WatchedStore(lambda: seen.append(who.get()))

        async def test() -> None:
            async with AsyncDesk(open_desk(Clock(), store)) as desk:
                who.set("liu")
                await registering(desk)

        run(test)
        assert seen == ["liu"]


class TestBoard:
    def test_the_board_has_the_lines_of_the_desks(self, store: Store) -> None:
        async def test() -> None:
            plain = open_desk(Clock(), store)
            for number in range(450):
                plain.do(Register(ticket=f"T{number:03}", matter=OWNED), actor=WINDOW)
            async with AsyncDesk(plain) as desk:
                assert list(plain.board()) == [line async for line in desk.board(instant(MONDAY))]

        run(test)

    def test_a_page_of_the_board_is_that_of_the_desk(self, store: Store) -> None:
        async def main() -> list[str]:
            async with AsyncDesk(open_desk(Clock(), store)) as desk:
                for number in "ABC":
                    await desk.do(Register(ticket=number, matter=OWNED), actor=WINDOW)
                return [line.id async for line in desk.board(after="A", limit=1)]

        assert ["B"] == asyncio.run(main())

    def test_an_export_has_the_cases_of_the_desks_and_is_on_record(self, store: Store) -> None:
        async def test() -> None:
            plain = open_desk(Clock(), store)
            for number in range(450):
                plain.do(Register(ticket=f"T{number:03}", matter=OWNED, reporter="张三"), actor=WINDOW)
            async with AsyncDesk(plain) as desk:
                exported = [it async for it in desk.export(actor=WINDOW, purpose="报送", now=instant(MONDAY))]
                assert list(plain.export(actor=WINDOW, purpose="核对", now=instant(MONDAY))) == exported
                said = [it.effect.facts["purpose"] for it in await desk.accesses(actor=OFFICE)]
                assert said == ["报送", "核对"]

        run(test)

    def test_the_board_reads_no_further_than_it_is_asked_for(self) -> None:
        read = 0

        class Counted(MemoryStore):
            def find(self, *args: Any) -> Any:
                nonlocal read
                rows = super().find(*args)
                read += len(rows)
                return rows

        async def test() -> None:
            plain = open_desk(Clock(), Counted())
            for number in range(1200):
                plain.do(Register(ticket=f"T{number:04}", matter=OWNED), actor=WINDOW)
            async with AsyncDesk(plain) as desk:
                async for line in desk.board():
                    assert line.id == "T0000"
                    break
                assert read < 1200

        run(test)


class TestCancelling:
    def test_a_cancelled_command_is_carried_out_and_the_desk_stays_usable(self) -> None:
        async def test() -> None:
            store = GatedStore()
            plain = open_desk(Clock(), store)
            async with AsyncDesk(plain) as desk:
                command = asyncio.create_task(registering(desk))
                await comes(store.reached)
                command.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await command
                store.gate.set()
                assert (await registering(desk, "T2")).id == "T2"
            assert [it.id for it in plain.find(actor=WINDOW)] == ["T1", "T2"]

        run(test)

    def test_a_cancelled_command_that_no_thread_has_begun_is_carried_out_too(self) -> None:
        async def test(executor: ThreadPoolExecutor) -> None:
            store = GatedStore()
            plain = open_desk(Clock(), store)
            async with AsyncDesk(plain, executor=executor) as desk:
                commands = [asyncio.create_task(registering(desk, it)) for it in ("T1", "T2")]
                await comes(store.reached)
                commands[1].cancel()
                store.gate.set()
                await asyncio.wait(commands)
                assert commands[1].cancelled()
            assert [it.id for it in plain.find(actor=WINDOW)] == ["T1", "T2"]

        with ThreadPoolExecutor(1) as executor:
            asyncio.run(test(executor))

    def test_a_command_that_times_out_can_be_repeated_by_its_id(self) -> None:
        async def test() -> None:
            store = GatedStore()
            async with AsyncDesk(open_desk(Clock(), store)) as desk:
                action = Register(ticket="T1", matter="x")
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(desk.do(action, actor=WINDOW, command_id="c1"), 0.02)
                store.gate.set()
                again = await desk.do(action, actor=WINDOW, command_id="c1")
                assert ("T1", 1) == (again.id, again.version)

        run(test)

    def test_an_error_that_nobody_waits_for_any_more_is_dropped_silently(self) -> None:
        troubles: list[Any] = []

        class Failing(GatedStore):
            def wait(self) -> None:
                super().wait()
                raise StoreError

        async def test() -> None:
            asyncio.get_running_loop().set_exception_handler(lambda _, it: troubles.append(it))
            store = Failing()
            async with AsyncDesk(open_desk(Clock(), store)) as desk:
                command = asyncio.create_task(registering(desk))
                await comes(store.reached)
                command.cancel()
                await asyncio.wait([command])
                store.gate.set()

        run(test)
        assert troubles == []


class TestOpening:
    def test_a_desk_that_cannot_be_opened_raises_what_the_desk_raises(self) -> None:
        async def test() -> None:
            with pytest.raises(UnknownNameError):
                async with AsyncDesk.open("nowhere"):
                    pass

        run(test)

    def test_a_desk_in_a_file_is_there_again(self, tmp_path: Path) -> None:
        async def test() -> None:
            url = f"sqlite:///{tmp_path / 'desk.db'}"
            async with AsyncDesk.open("chongming", store=url) as desk:
                await registering(desk)
            async with AsyncDesk.open("chongming", store=url, create=False) as desk:
                assert (await desk.get("T1", actor=WINDOW)).id == "T1"
                assert ("chongming", []) == (desk.district.name, desk.failures)
                assert desk.calendar.version == (await desk.kept_calendar(desk.calendar.version)).version

        run(test)

    def test_an_opening_that_is_cancelled_closes_the_desk_that_nobody_took(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store, gate = GatedStore(), threading.Event()
        plain = open_desk(Clock(), store)

        def slowly(*_args: object, **_kwargs: object) -> Desk:
            gate.wait(PATIENCE)
            return plain

        async def entered() -> None:
            async with AsyncDesk.open("chongming"):
                pytest.fail("nobody takes this desk")

        async def test() -> None:
            monkeypatch.setattr(Desk, "open", slowly)
            opening = asyncio.create_task(entered())
            await a_while()
            opening.cancel()
            await asyncio.wait([opening])
            gate.set()
            await comes(store.closed)

        run(test)

    def test_no_thread_is_started_at_import(self) -> None:
        code = "import threading, bubancheng.aio; print(threading.active_count())"
        result = subprocess.run(  # noqa: S603 our own interpreter
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        )
        assert result.stdout.strip() == "1"


class TestClosing:
    def test_closing_waits_for_what_is_under_way(self) -> None:
        async def test() -> None:
            store = GatedStore()
            desk = AsyncDesk(open_desk(Clock(), store))
            command = asyncio.create_task(registering(desk))
            await comes(store.reached)
            closing = asyncio.create_task(desk.close())
            await a_while()
            assert (False, False) == (closing.done(), store.closed.is_set())
            store.gate.set()
            await closing
            assert (True, "T1") == (store.closed.is_set(), (await command).id)

        run(test)

    def test_closing_waits_for_a_command_whose_await_was_cancelled(self) -> None:
        async def test() -> None:
            store = GatedStore()
            plain = open_desk(Clock(), store)
            async with AsyncDesk(plain) as desk:
                command = asyncio.create_task(registering(desk))
                await comes(store.reached)
                command.cancel()
                await asyncio.wait([command])
                asyncio.get_running_loop().call_later(0.05, store.gate.set)
            assert (True, "T1") == (store.closed.is_set(), plain.get("T1", actor=WINDOW).id)

        run(test)

    def test_a_closing_that_is_cancelled_goes_on(self) -> None:
        async def test() -> None:
            store = GatedStore()
            desk = AsyncDesk(open_desk(Clock(), store))
            command = asyncio.create_task(registering(desk))
            await comes(store.reached)
            closing = asyncio.create_task(desk.close())
            await a_while()
            closing.cancel()
            await asyncio.wait([closing])
            store.gate.set()
            await command
            await desk.close()
            assert store.closed.is_set()

        run(test)

    def test_a_call_after_closing_is_refused(self) -> None:
        async def test() -> None:
            async with AsyncDesk(open_desk(Clock())) as desk:
                await registering(desk)
            with pytest.raises(StoreError, match="open another"):
                await desk.get("T1", actor=WINDOW)
            with pytest.raises(StoreError, match="open another"):
                async for _ in desk.board():
                    pass
            await desk.close()

        run(test)
