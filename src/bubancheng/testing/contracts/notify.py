"""The contract of notifiers: plugins that bring notices to people, from the outbox."""

import datetime as dt
import io
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, redirect_stderr, redirect_stdout
from functools import partial

import attrs
import pytest

from bubancheng.desk import Delivery
from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.sla import Light
from bubancheng.testing.contracts.hall import MONDAY, Hall
from bubancheng.testing.contracts.kit import Contract, check, demand, expect, refused
from bubancheng.testing.contracts.together import HangingError, at_once

NAME, PHONE = "欧阳某某", "13800001111"
THREADS = 8


@attrs.frozen(kw_only=True)
class NotifySetup:
    """How to come by the notifier under test, and how to see what it does.

    `plugin`: bound for a receiver that works; `received`: gives the keys by which the receiver tells notices
    apart, one for each delivery, in order; `failing`: while it is entered the receiver refuses everything.
    With the capability `network`, `aimed_at`: makes the same notifier for a receiver at (host, port), and
    `patience`: within how many seconds it must give up one that never answers.
    """

    plugin: DistrictPlugin
    received: Callable[[], Sequence[str]]
    failing: Callable[[], AbstractContextManager[object]]
    aimed_at: Callable[[str, int], DistrictPlugin] | None = None
    patience: float = 30.0

    def notice(self, number: int = 1, **fields: object) -> Notice:
        """Return a notice on the notifier's first route."""
        usual: dict[str, object] = {
            "id": f"T1/light:yellow/{number}/route/窗口",
            "route": next(iter(self.plugin.routes), "none"),
            "receiver": "窗口",
            "district": "kit",
            "ticket": "T1",
            "event": "light:yellow",
            "at": MONDAY,
            "matter": "居住证办理",
            "unit": "区公安分局",
            "step": "acknowledged",
            "step_name": "已接单",
            "light": Light.YELLOW,
            "due": MONDAY + dt.timedelta(hours=7),
        }
        return Notice(**(usual | fields))  # type: ignore[arg-type] # fields by name

    def hall(self) -> Hall:
        """Return a hall with the notifier's routes, and one ticket that sets off a notice on each."""
        return _hall(self.plugin)


def _hall(plugin: DistrictPlugin) -> Hall:
    hall = Hall(routes=plugin.routes)
    hall.desk.bind("notifier", plugin)
    hall.register("T1", "居住证办理")
    return hall


class _CutOff(DistrictPlugin):
    """A relay whose process is gone right after the first delivery."""

    def __init__(self, plugin: DistrictPlugin) -> None:
        super().__init__()
        self.routes, self._plugin, self._is_cut = plugin.routes, plugin, False

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        self._plugin.bubancheng_notify(notice)
        if not self._is_cut:
            self._is_cut = True
            raise KeyboardInterrupt


class _Written(logging.Handler):
    """Everything that is printed or logged while it is entered."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.text = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what a record says."""
        self.text.write(f"{record.getMessage()} {vars(record)}\n")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to the streams and to the root of all loggers."""
        root = logging.getLogger()
        level = root.level
        root.addHandler(self)
        root.setLevel(logging.NOTSET)
        try:
            with redirect_stdout(self.text), redirect_stderr(self.text):
                yield
        finally:
            root.setLevel(level)
            root.removeHandler(self)


class NotifyContract(Contract):
    """What a notifier must do; an author gives the fixture `setup`, and says whether it lacks the network."""

    @pytest.fixture
    def setup(self) -> NotifySetup:
        """Say how to come by the notifier under test; override this, and clean up after it."""
        msg = f"{type(self).__name__} gives no notifier: override the fixture `setup` with a NotifySetup"
        raise NotImplementedError(msg)

    @check("N1")
    def test_a_desk_delivers_each_notice_once(self, setup: NotifySetup) -> None:
        """On each of the routes that the plugin names, and then no more."""
        routes = list(setup.plugin.routes)
        demand("`routes` is a list of routes", routes and not isinstance(setup.plugin.routes, str))
        hall = setup.hall()
        first, second = hall.desk.relay(), hall.desk.relay()
        expect((Delivery(delivered=len(routes)), Delivery()), (first, second), "what two relays did")
        expect(len(routes), len(set(setup.received())), "how many different notices arrived")

    @check("N2")
    def test_two_notices_about_one_ticket_are_two(self, setup: NotifySetup) -> None:
        """Also of one kind, and to one receiver: a light that turns again."""
        for number in (1, 2):
            setup.plugin.bubancheng_notify(setup.notice(number))
        expect(2, len(set(setup.received())), "how many keys two notices have")

    @check("N3")
    def test_what_was_refused_is_an_error_and_is_delivered_later(self, setup: NotifySetup) -> None:
        """The desk hears of it, puts it off, and the plugin tries again as if nothing had been."""
        routes, hall = list(setup.plugin.routes), setup.hall()
        with setup.failing():
            with refused(Exception, "the receiver refuses"):
                setup.plugin.bubancheng_notify(setup.notice())
            hall.desk.relay()
        before = len(setup.received())
        hall.later()
        hall.desk.relay()
        expect(len(routes), len(setup.received()) - before, "how many arrive after the failure")

    @check("N4")
    def test_what_comes_twice_bears_one_key(self, setup: NotifySetup) -> None:
        """Cut off before its delivery was recorded it comes again; by then the ticket has moved on."""
        hall = _hall(_CutOff(setup.plugin))
        try:
            hall.desk.relay()
        except KeyboardInterrupt:
            hall.acknowledge("T1")
        hall.later()
        hall.desk.relay()
        routes = len(list(setup.plugin.routes))
        expect(routes, len(set(setup.received())), "how many different notices arrived")

    @check("N5")
    def test_nothing_personal_is_printed_logged_or_put_into_an_error(self, setup: NotifySetup) -> None:
        """Neither when it succeeds nor when it fails, whatever the level."""
        written = _Written()
        notice = setup.notice(receiver="reporter", contact={"reporter": NAME, "phone": PHONE})
        with written.listening():
            setup.plugin.bubancheng_notify(notice)
            try:
                with setup.failing():
                    setup.plugin.bubancheng_notify(notice)
            except Exception as error:  # noqa: BLE001 what it says is looked at
                written.text.write(f"{error} {error!r} {error.__cause__!r}")
        found = [it for it in (NAME, PHONE) if it in written.text.getvalue()]
        expect([], found, "what is personal in output, log and error")

    @check("N6")
    def test_threads_may_deliver_at_once(self, setup: NotifySetup) -> None:
        """Each notice arrives, none in another's place."""
        notices = [setup.notice(it, ticket=f"T{it}") for it in range(THREADS)]
        outcomes = at_once(*[partial(setup.plugin.bubancheng_notify, it) for it in notices])
        expect([], [it for it in outcomes if isinstance(it, Exception)], "what deliveries raise")
        expect(THREADS, len(set(setup.received())), "how many different notices arrived")

    @check("N7", needs="network")
    def test_a_receiver_that_never_answers_is_given_up(self, setup: NotifySetup) -> None:
        """It takes the call and says nothing; a time-out ends that, with an error."""
        if setup.aimed_at is None:
            msg = "the notifier talks to a network: give `aimed_at`, or say why it lacks the capability"
            raise AssertionError(msg)
        calls: list[socket.socket] = []
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            plugin = setup.aimed_at("127.0.0.1", silent.getsockname()[1])
            deliver = partial(plugin.bubancheng_notify, setup.notice())
            try:
                (outcome,) = at_once(deliver, patience=setup.patience)
            finally:
                silent.settimeout(0)
                try:
                    while True:
                        calls.append(silent.accept()[0])
                except OSError:
                    for call in calls:
                        call.close()
        gave_up = isinstance(outcome, Exception) and not isinstance(outcome, HangingError)
        demand(f"a silent receiver is given up with an error, not {outcome!r}", gave_up)
