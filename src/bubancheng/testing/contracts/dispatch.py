"""The contract of dispatchers: plugins that say which unit takes a ticket."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import attrs
import pytest

from bubancheng.district import Assignment, District
from bubancheng.hooks import DispatchRequest, DistrictPlugin
from bubancheng.testing.contracts.hall import MONDAY, Hall
from bubancheng.testing.contracts.kit import Contract, check, demand, expect
from bubancheng.testing.contracts.together import at_once

HOSTILE = (
    "",
    " ",
    "\n",
    "a\0b",
    "a\nb",
    "' or 1=1 --",
    "%s{0}",
    "营业执照\u3000",
    "１２３ＡＢＣ",
    "𠮷😀\u202e",
    "事" * 10_000,
)
UNKNOWN = "没有人认领的事项（contract kit）"
THREADS = 8


@attrs.frozen(kw_only=True)
class DispatchCase:
    """A request as its author knows it, and the unit it must go to; None where it is not the plugin's."""

    matter: str
    unit: str | None
    place: str | None = None
    channel: str | None = None

    def request(self) -> DispatchRequest:
        """Return what a dispatcher is asked."""
        return _request(self.matter, self.place, self.channel)


@attrs.frozen(kw_only=True)
class DispatchSetup:
    """How to come by the dispatcher under test, and what it must say.

    `make`: the factory that the entry point names; `settings` of the desk that asks, and `other_settings` of
    another desk in the same process; `cases`: at least one of them goes to a unit.
    """

    make: Callable[[Mapping[str, object]], DistrictPlugin]
    district: District
    cases: Sequence[DispatchCase]
    settings: Mapping[str, object] = attrs.field(factory=dict)
    other_settings: Mapping[str, object] = attrs.field(factory=dict)

    def plugin(self) -> DistrictPlugin:
        """Return a new dispatcher."""
        return self.make(self.settings)

    def answers(self, plugin: DistrictPlugin) -> list[Assignment | None]:
        """Return what a dispatcher says to each case."""
        return [plugin.bubancheng_dispatch(it.request()) for it in self.cases]


def _request(matter: str, place: str | None = None, channel: str | None = None) -> DispatchRequest:
    return DispatchRequest(ticket="T1", matter=matter, place=place, channel=channel, registered_at=MONDAY)


def _is_answer(answer: object) -> bool:
    return answer is None or isinstance(answer, Assignment)


class DispatchContract(Contract):
    """What a dispatcher must do; an author gives the fixture `setup`."""

    @pytest.fixture
    def setup(self) -> DispatchSetup:
        """Say how to come by the dispatcher under test; override this."""
        msg = f"{type(self).__name__} gives no dispatcher: override the fixture `setup` with a DispatchSetup"
        raise NotImplementedError(msg)

    @check("D1")
    def test_each_case_goes_where_its_author_says_by_a_rule(self, setup: DispatchSetup) -> None:
        """And the answer names the rule, for the record."""
        demand("one of the cases goes to a unit", any(it.unit for it in setup.cases))
        for case in setup.cases:
            answer = setup.plugin().bubancheng_dispatch(case.request())
            expect(case.unit, getattr(answer, "unit", None), f"the unit of {case.matter!r}")
            demand(f"a rule is named for {case.matter!r}", answer is None or answer.rule.strip())

    @check("D2")
    def test_what_nobody_knows_is_not_guessed(self, setup: DispatchSetup) -> None:
        """None: the next plugin, the profile's keys, and in the end a person decides."""
        expect(None, setup.plugin().bubancheng_dispatch(_request(UNKNOWN)), "an unknown matter")

    @check("D3")
    def test_whatever_is_written_can_be_asked_about(self, setup: DispatchSetup) -> None:
        """Clerks write anything; an answer or None comes, never an error."""
        plugin = setup.plugin()
        for text in HOSTILE:
            for request in (_request(text), _request(UNKNOWN, place=text), _request(UNKNOWN, channel=text)):
                answer = plugin.bubancheng_dispatch(request)
                demand(f"an Assignment or None comes, not {answer!r}", _is_answer(answer))

    @check("D4")
    def test_asked_again_it_answers_the_same_in_any_order(self, setup: DispatchSetup) -> None:
        """A dispatch that was cut off is asked again."""
        plugin = setup.plugin()
        fresh = [setup.plugin().bubancheng_dispatch(it.request()) for it in setup.cases]
        seen = setup.answers(plugin), attrs.evolve(setup, cases=setup.cases[::-1]).answers(plugin)[::-1]
        expect((fresh, fresh), seen, "answers to the same requests, forwards and backwards")

    @check("D5")
    def test_two_desks_share_nothing(self, setup: DispatchSetup) -> None:
        """A desk with other settings changes nothing for the first one."""
        plugin = setup.plugin()
        before = setup.answers(plugin)
        other = setup.make(setup.other_settings)
        setup.answers(other)
        demand("each desk has a plugin of its own", other is not plugin)
        expect(before, setup.answers(plugin), "answers after another desk was opened")

    @check("D6")
    def test_threads_may_ask_at_once(self, setup: DispatchSetup) -> None:
        """Several threads share a desk; each gets the answer to its own question."""
        plugin = setup.plugin()
        jobs = [
            partial(plugin.bubancheng_dispatch, it.request()) for it in (*setup.cases, *setup.cases[::-1])
        ]
        alone = setup.answers(plugin)
        for start in range(0, len(jobs), THREADS):
            end = start + THREADS
            expect((alone + alone[::-1])[start:end], at_once(*jobs[start:end]), "answers to several threads")

    @check("D7")
    def test_a_desk_follows_it(self, setup: DispatchSetup) -> None:
        """A ticket goes to the unit, which the district lists, and the record says by which rule."""
        hall, plugin = Hall(setup.district.units, name=setup.district.name), setup.plugin()
        hall.desk.bind("dispatcher", plugin)
        for number, case in enumerate(setup.cases):
            answer = plugin.bubancheng_dispatch(case.request())
            if answer is None:
                continue
            ticket = hall.register(f"T{number}", case.matter, place=case.place, channel=case.channel)
            seen = ticket.unit, ticket.text("dispatch_rule"), [it.reason for it in hall.desk.failures]
            expect((answer.unit, answer.rule, []), seen, f"unit, rule and failures of {case.matter!r}")
