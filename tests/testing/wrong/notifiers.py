"""Notifiers that are wrong in one way each."""

import logging
import sys
import time
import uuid

from bubancheng.hooks import Notice, hookimpl
from tests.testing.letterbox import ByLine


class Answering(ByLine):
    """Says True when it has delivered, which a desk takes for a failure."""

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        self.deliver(notice, notice.id)
        return True  # type: ignore[return-value]


class Routeless(ByLine):
    """Names no route, so that nothing ever reaches it."""

    routes = ()


class Spelling(ByLine):
    """Names its route as one text, which is a list of letters."""

    routes = "wx"


class EachTimeAnother(ByLine):
    """Makes up a key for each delivery."""

    def deliver(self, notice: Notice, key: str) -> None:
        super().deliver(notice, f"{key}/{uuid.uuid4().hex}")


class ByTicket(ByLine):
    """Takes ticket, event and route for the key, so that a light that turns again is not told."""

    def deliver(self, notice: Notice, _key: str) -> None:
        super().deliver(notice, f"{notice.ticket}/{notice.event}/{notice.route}")


class Shrugging(ByLine):
    """Passes over what the receiver refused."""

    def deliver(self, notice: Notice, key: str) -> None:
        try:
            super().deliver(notice, key)
        except TimeoutError:
            raise
        except OSError:
            return


class OnceOnly(ByLine):
    """Notes that a notice was sent before it sends it, and never sends it again."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self._noted: set[str] = set()

    def deliver(self, notice: Notice, key: str) -> None:
        if key in self._noted:
            return
        self._noted.add(key)
        super().deliver(notice, key)
        self._noted.discard(key)


class ByState(ByLine):
    """Takes the ticket's step into the key, which has changed when a notice comes again."""

    def deliver(self, notice: Notice, key: str) -> None:
        super().deliver(notice, f"{key}/{notice.step}")


class Printing(ByLine):
    """Prints whom it tells."""

    def deliver(self, notice: Notice, key: str) -> None:
        sys.stdout.write(f"telling {notice.contact.get('reporter')}\n")
        super().deliver(notice, key)


class Logging(ByLine):
    """Logs whom it tells, at a level that nobody looks at."""

    def deliver(self, notice: Notice, key: str) -> None:
        logging.getLogger("letterbox").debug("telling %s", notice.contact)
        super().deliver(notice, key)


class Complaining(ByLine):
    """Says in its error whom it could not tell."""

    def deliver(self, notice: Notice, key: str) -> None:
        try:
            super().deliver(notice, key)
        except OSError as error:
            msg = f"cannot reach {notice.contact}"
            raise OSError(msg) from error


class Holding(ByLine):
    """Holds the notice in a place that all threads share."""

    def deliver(self, notice: Notice, _key: str) -> None:
        self._held = notice
        time.sleep(0.002)
        super().deliver(self._held, self._held.id)


class Patient(ByLine):
    """Waits for an answer as long as it takes."""

    timeout = None


WRONG: dict[type[ByLine], str] = {
    Answering: "test_a_desk_delivers_each_notice_once",
    Routeless: "test_a_desk_delivers_each_notice_once",
    Spelling: "test_a_desk_delivers_each_notice_once",
    EachTimeAnother: "test_what_comes_twice_bears_one_key",
    ByTicket: "test_two_notices_about_one_ticket_are_two",
    Shrugging: "test_what_was_refused_is_an_error_and_is_delivered_later",
    OnceOnly: "test_what_was_refused_is_an_error_and_is_delivered_later",
    ByState: "test_what_comes_twice_bears_one_key",
    Printing: "test_nothing_personal_is_printed_logged_or_put_into_an_error",
    Logging: "test_nothing_personal_is_printed_logged_or_put_into_an_error",
    Complaining: "test_nothing_personal_is_printed_logged_or_put_into_an_error",
    Holding: "test_threads_may_deliver_at_once",
    Patient: "test_a_receiver_that_never_answers_is_given_up",
}
"""Each wrong notifier, and the one check that rejects it."""
