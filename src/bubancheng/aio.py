"""The desk for event loops: whole commands, each in a worker thread."""

import asyncio
import contextvars
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from functools import partial, wraps
from itertools import islice
from os import PathLike
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from bubancheng.calendar import WorkCalendar
from bubancheng.desk import BoardLine, Desk, Expiry
from bubancheng.district import District
from bubancheng.errors import StoreError
from bubancheng.privacy import PASS_THROUGH, Vault
from bubancheng.registry import Failure, PluginSettings
from bubancheng.store import Store
from bubancheng.ticket import Actor, Entry, Ticket

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_SOME = 200  # lines of a board and the like, read in one go


def _in_thread(
    method: Callable[Concatenate[Desk, P], R],
) -> Callable[Concatenate["AsyncDesk", P], Coroutine[Any, Any, R]]:
    """Return a desk's method as one to await; names, parameters and documentation stay."""

    @wraps(method)
    async def call(self: "AsyncDesk", /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._run(partial(getattr(self._desk, method.__name__), *args, **kwargs))

    return call


class AsyncDesk:
    """A `Desk` whose commands are awaited; each runs whole in a worker thread.

    Use `AsyncDesk.open`, or hand a desk over, which then belongs to the `AsyncDesk` and is closed with
    it. Methods, parameters, results and errors are those of `Desk`; `board`, `expiries` and `removals` are
    asynchronous iterators. `executor`: whose threads are used, the event loop's own where none is given; it
    stays the caller's. An `AsyncDesk` belongs to the event loop in which it is first used.

    Cancelling does not stop a command: once awaited it is carried out in its thread, also when its
    await is cancelled (by a timeout, say), and only its outcome is lost. The desk stays usable. Give a
    `command_id` and repeat the command to learn what came of it.

    Closing waits for everything that is under way; a call after that is a `StoreError`.
    """

    def __init__(self, desk: Desk, *, executor: Executor | None = None) -> None:
        self._desk = desk
        self._executor = executor
        self._running: set[asyncio.Future[Any]] = set()
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def open(  # noqa: PLR0913 each part may be replaced
        cls,
        district: str | PathLike[str] | District,
        *,
        store: str | Store | None = None,
        create: bool = True,
        calendar: WorkCalendar | None = None,
        plugins: Iterable[str] = (),
        settings: PluginSettings | None = None,
        vault: Vault = PASS_THROUGH,
        clock: Callable[[], dt.datetime] | None = None,
        strict: bool = False,
        executor: Executor | None = None,
    ) -> AsyncIterator[Self]:
        """Open the desk of a district, as `Desk.open` does; `async with` closes it.

        `executor`: whose threads are used; the event loop's own where none is given.
        """
        opening = _started(
            executor,
            partial(
                Desk.open,
                district,
                store=store,
                create=create,
                calendar=calendar,
                plugins=plugins,
                settings=settings,
                vault=vault,
                clock=clock,
                strict=strict,
            ),
        )
        try:
            desk = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unclaimed)
            raise
        async with cls(desk, executor=executor) as opened:
            yield opened

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Wait for what is under way, then let go of the store; once or several times."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._finish())
        await asyncio.shield(self._closing)

    async def _finish(self) -> None:
        if self._running:
            await asyncio.wait(self._running)
        await _started(self._executor, self._desk.close)

    def _run(self, call: Callable[[], R]) -> Awaitable[R]:
        """Hand a call to a thread; what is awaited may be cancelled, the call may not."""
        if self._closing is not None:
            msg = "窗口已关闭 (this desk is closed): open another"
            raise StoreError(msg)
        future = _started(self._executor, call)
        self._running.add(future)
        future.add_done_callback(self._ended)
        return asyncio.shield(future)

    def _ended(self, future: asyncio.Future[Any]) -> None:
        """Let go of a call; looking at its error keeps the loop from reporting one nobody waits for."""
        self._running.discard(future)
        if not future.cancelled():
            future.exception()

    @property
    def district(self) -> District:
        """The district this desk belongs to."""
        return self._desk.district

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar that is active for the district's tickets."""
        return self._desk.calendar

    @property
    def failures(self) -> list[Failure]:
        """What plugins did wrong since the desk was opened."""
        return self._desk.failures

    bind = _in_thread(Desk.bind)
    do = _in_thread(Desk.do)
    replay = _in_thread(Desk.replay)
    assign = _in_thread(Desk.assign)
    get = _in_thread(Desk.get)
    find = _in_thread(Desk.find)
    history = _in_thread(Desk.history)
    explain = _in_thread(Desk.explain)
    personal = _in_thread(Desk.personal)
    accesses = _in_thread(Desk.accesses)
    erase = _in_thread(Desk.erase)
    purge = _in_thread(Desk.purge)
    archive_into = _in_thread(Desk.archive_into)
    track = _in_thread(Desk.track)
    health = _in_thread(Desk.health)
    sign_in = _in_thread(Desk.sign_in)
    absences = _in_thread(Desk.absences)
    sweep = _in_thread(Desk.sweep)
    relay = _in_thread(Desk.relay)
    dead_letters = _in_thread(Desk.dead_letters)
    redeliver = _in_thread(Desk.redeliver)
    plan_calendar = _in_thread(Desk.plan_calendar)
    apply_calendar = _in_thread(Desk.apply_calendar)
    kept_calendar = _in_thread(Desk.kept_calendar)
    verify = _in_thread(Desk.verify)
    faults = _in_thread(Desk.faults)
    anchor = _in_thread(Desk.anchor)

    async def board(
        self,
        now: dt.datetime | None = None,
        *,
        after: str | None = None,
        limit: int | None = None,
        calendar: WorkCalendar | None = None,
    ) -> AsyncIterator[BoardLine]:
        """Yield the board's line of every ticket as of an instant, ordered by number.

        Some lines are read at a time, in a thread; the board is never held as a whole. `after`, `limit`: a
        page of it; `calendar`: another than the active one, such as `kept_calendar(version)`.
        """
        async for line in self._some(self._desk.board(now, after=after, limit=limit, calendar=calendar)):
            yield line

    async def expiries(self, now: dt.datetime | None = None) -> AsyncIterator[Expiry]:
        """Yield what retention (保管期限) has ended for at an instant; some of it is read at a time."""
        async for expiry in self._some(self._desk.expiries(now)):
            yield expiry

    async def removals(self, ticket: str | None = None, *, actor: Actor) -> AsyncIterator[Entry]:
        """Yield the register of what was taken out (销毁清册); some of it is read at a time."""
        async for entry in self._some(self._desk.removals(ticket, actor=actor)):
            yield entry

    async def export(
        self, *, actor: Actor, purpose: str, now: dt.datetime | None = None
    ) -> AsyncIterator[tuple[Ticket, BoardLine, dict[str, str]]]:
        """Yield every ticket as of an instant with its line and its masked personal data: `Desk.export`."""
        cases = await self._run(partial(self._desk.export, actor=actor, purpose=purpose, now=now))
        async for case in self._some(cases):
            yield case

    async def _some(self, items: Iterator[T]) -> AsyncIterator[T]:
        """Yield items that are read in a thread, some at a time."""
        while some := await self._run(lambda: list(islice(items, _SOME))):
            for it in some:
                yield it


def _started(executor: Executor | None, call: Callable[[], R]) -> asyncio.Future[R]:
    """Run a call in a thread, in the context (`contextvars`) of whoever asks."""
    run = partial(contextvars.copy_context().run, call)
    return asyncio.get_running_loop().run_in_executor(executor, run)


def _close_unclaimed(opening: asyncio.Future[Desk]) -> None:
    """Close a desk that nobody waits for any more."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
