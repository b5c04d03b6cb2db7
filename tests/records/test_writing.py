"""What records look like as JSON."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from dateutil import tz

from bubancheng.actions import Accept, Acknowledge, Act, Action, Register
from bubancheng.desk import BoardLine, Deed
from bubancheng.district import Unit
from bubancheng.errors import ArgumentError, KindError, RecordError
from bubancheng.flow import AtMost, FlowStep, Known, Stage, Transition, Within
from bubancheng.hooks import CalendarChanges
from bubancheng.records import from_dict, to_dict
from bubancheng.sla import Deadline, Deemed, Explanation, Light, Limit, LimitUnit, Policy, Share
from bubancheng.store import ChangeSet, Record
from bubancheng.ticket import Actor, Amendment, Effect, Mark
from tests.acting import CALENDAR, WINDOW, ZONE, Clock, instant, open_desk
from tests.support import at

FULL = Register(ticket="T1", matter="居住证办理", reporter="张三", phone="13800000000", text="诉求")
NOON = instant("2024-03-25 12:00")

Wide = str | int | bool | tuple[str, ...] | None


@attrs.frozen(kw_only=True)
class Noted:
    """Facts that may be several texts."""

    facts: Mapping[str, Wide]
    one: Wide = None


class Colour(StrEnum):
    """An enumeration whose members are texts."""

    RED = "red"


@attrs.frozen(kw_only=True)
class Weighed:
    """What the library has no use for yet."""

    weight: float
    colour: Colour = Colour.RED


@attrs.frozen(kw_only=True)
class Lasting:
    """A record with a span of time."""

    span: dt.timedelta


class TestActions:
    def test_an_action_says_which_it_is(self) -> None:
        expected: dict[str, object] = {"action": "acknowledge", "ticket": "T1", "reason": None, "fields": {}}
        assert expected == to_dict(Acknowledge(ticket="T1"))

    def test_personal_data_are_left_out(self) -> None:
        assert {"reporter", "phone", "text"}.isdisjoint(to_dict(FULL))

    def test_personal_data_are_written_where_they_are_asked_for(self) -> None:
        found = to_dict(FULL, personal=True)
        assert (found["reporter"], found["phone"], found["text"]) == ("张三", "13800000000", "诉求")

    def test_personal_data_are_left_out_of_an_action_inside_a_record(self) -> None:
        assert {"reporter", "phone", "text"}.isdisjoint(to_dict(Deed(FULL))["action"])

    def test_personal_data_inside_a_record_are_written_where_they_are_asked_for(self) -> None:
        assert to_dict(Deed(FULL), personal=True)["action"]["phone"] == "13800000000"

    def test_without_personal_data_the_rest_is_read_back(self) -> None:
        bare = attrs.evolve(FULL, reporter=None, phone=None, text=None)
        assert bare == from_dict(Action, to_dict(FULL))

    def test_a_districts_own_action_has_its_kind_beside(self) -> None:
        assert to_dict(Act(ticket="T1", kind="inspect", fields={"floor": 3})) == {
            "action": "act",
            "ticket": "T1",
            "reason": None,
            "kind": "inspect",
            "fields": {"floor": 3},
        }

    def test_the_base_of_the_actions_is_not_written(self) -> None:
        with pytest.raises(KindError, match="subclasses"):
            to_dict(Action(ticket="T1"))


class TestSecrets:
    """What a record keeps out of its repr."""

    def test_a_query_code_is_left_out(self) -> None:
        assert "query_code" not in to_dict(attrs.evolve(FULL, query_code="ABCD"))

    def test_a_query_code_is_written_where_it_is_asked_for(self) -> None:
        assert to_dict(attrs.evolve(FULL, query_code="ABCD"), personal=True)["query_code"] == "ABCD"


class TestConditions:
    def test_a_condition_says_which_it_is(self) -> None:
        assert to_dict(AtMost("extended", 1)) == {"condition": "at_most", "entry": "extended", "times": 1}

    def test_the_conditions_of_a_flow_are_picked_by_their_words(self) -> None:
        row = Transition(
            action="extend",
            entry="extended",
            sources=frozenset({"handling"}),
            target=None,
            roles=frozenset({"disposal_officer"}),
            conditions=(Within("acknowledged", Limit.parse("3个工作日")), Known(("unit",))),
        )
        written = to_dict(row)
        assert [it["condition"] for it in written["conditions"]] == ["within", "known"]
        assert row == from_dict(Transition, written)


class TestStoredTexts:
    """A store's records of kind "personal" hold personal data in their text."""

    ROW = Record("personal", "T1", '{"phone": "13800000000"}')

    def test_they_are_left_out(self) -> None:
        assert to_dict(self.ROW) == {"kind": "personal", "key": "T1"}

    def test_they_are_left_out_of_a_change_set(self) -> None:
        assert to_dict(ChangeSet(district="d", records=[self.ROW]))["records"] == [to_dict(self.ROW)]

    def test_they_are_written_where_they_are_asked_for(self) -> None:
        assert to_dict(self.ROW, personal=True)["text"] == self.ROW.text


class TestInstants:
    def written(self, when: dt.datetime) -> Any:
        return to_dict(Deed(Accept(ticket="T1"), when))["at"]

    @pytest.mark.parametrize(
        ("expected", "when"),
        [
            ("2024-03-25T12:00:00+08:00", NOON),
            ("2024-03-25T12:00:00.000001+08:00", NOON + dt.timedelta(microseconds=1)),
            ("2024-03-25T04:00:00+00:00", NOON.astimezone(dt.UTC)),
            ("2024-03-25T12:00:00+08:00", NOON.astimezone(ZoneInfo("Asia/Shanghai"))),
            # until 1901 Shanghai was 8:05:43 ahead, an offset that RFC 3339 cannot write
            ("1899-12-31T15:54:17+00:00", dt.datetime(1900, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))),
            (None, None),
        ],
    )
    def test_an_instant_is_iso_8601_with_offset(self, expected: str | None, when: Any) -> None:
        assert expected == self.written(when)

    def test_an_instant_without_a_zone_is_refused_by_its_path(self) -> None:
        deadline = Deadline(at("2024-03-25T12:00"), provisional=False, calendar_version="v")
        with pytest.raises(ArgumentError, match=r"^Deadline\.at: .* without a zone"):
            to_dict(deadline)

    def test_the_path_goes_into_lists(self) -> None:
        changes = CalendarChanges(closures=((NOON, NOON), (NOON, at("2024-03-25T12:00"))))
        with pytest.raises(ArgumentError, match=r"^CalendarChanges\.closures\[1\]\[1\]: "):
            to_dict(changes)


class TestSpans:
    @pytest.mark.parametrize(
        ("expected", "span"),
        [
            (0, dt.timedelta(0)),
            (7200, dt.timedelta(hours=2)),
            (-7200, dt.timedelta(hours=-2)),
            (0.000001, dt.timedelta(microseconds=1)),
            (-0.000001, dt.timedelta(microseconds=-1)),
            (86399999999999, dt.timedelta.max - dt.timedelta(microseconds=999999)),
            (8589934591.999999, dt.timedelta(seconds=2**33, microseconds=-1)),
        ],
    )
    def test_a_span_is_a_number_of_seconds(self, expected: float, span: dt.timedelta) -> None:
        written = to_dict(Lasting(span=span))
        assert (expected, type(expected)) == (written["span"], type(written["span"]))
        assert span == from_dict(Lasting, written).span

    def test_a_span_that_no_number_holds_exactly_is_refused(self) -> None:
        for span in (dt.timedelta.max, dt.timedelta(seconds=2**33, microseconds=1)):
            with pytest.raises(ArgumentError, match="272 years"):
                to_dict(Lasting(span=span))


class TestLimits:
    def test_a_limit_inside_a_record_is_as_a_rule_writes_it(self) -> None:
        assert to_dict(Deemed(kind="dispatched", after=Limit.parse("3 working days")))["after"] == "3个工作日"

    def test_a_limit_alone_is_an_object(self) -> None:
        assert to_dict(Limit.parse("0.5个工作日")) == {"amount": "1/2", "unit": "working day"}

    def test_a_limit_that_words_would_round_is_an_object(self) -> None:
        third = Limit(Fraction(1, 3), LimitUnit.WORKING_DAY)
        assert to_dict(Deemed(kind="x", after=third))["after"] == {"amount": "1/3", "unit": "working day"}

    def test_a_share_inside_a_record_is_a_percentage(self) -> None:
        policy = Policy(targets=(), levels=(Share(Fraction(1, 4)), Limit.parse("2个工作小时")))
        assert to_dict(policy)["levels"] == ["25%", "2个工作小时"]

    def test_a_share_that_a_percentage_would_round_is_an_object(self) -> None:
        policy = Policy(targets=(), warn_before=Share(Fraction(1, 3)))
        assert to_dict(policy)["warn_before"] == {"part": "1/3"}

    def test_a_share_too_small_for_a_percentage_is_an_object(self) -> None:
        policy = Policy(targets=(), warn_before=Share(Fraction(1, 10**9)))
        assert to_dict(policy)["warn_before"] == {"part": "1/1000000000"}


class TestCollections:
    def test_sets_are_sorted_lists(self) -> None:
        unit = Unit(name="甲局", kind="局", matters=frozenset({"乙", "丙", "a"}))
        assert to_dict(unit)["matters"] == ["a", "丙", "乙"]

    def test_enumerations_stand_by_their_values(self) -> None:
        assert to_dict(FlowStep(id="registered", stage=Stage.INTAKE, name="已登记"))["stage"] == "intake"

    def test_records_inside_are_objects(self) -> None:
        amendment = Amendment(sequence=1, field="unit", old="甲局", new=None)
        assert to_dict(Effect(step="x", facts={"a": True}, amends=(amendment,))) == {
            "step": "x",
            "facts": {"a": True},
            "amends": [{"sequence": 1, "field": "unit", "old": "甲局", "new": None}],
            "schema": 1,
        }

    def test_a_fact_of_several_texts_is_a_list(self) -> None:
        noted = Noted(facts={"units": ("甲局", "乙局"), "n": 1, "ok": True, "none": None, "t": "x"}, one=())
        written = to_dict(noted)
        assert written["facts"]["units"] == ["甲局", "乙局"]
        assert noted == from_dict(Noted, written)


class TestNumbersAndTexts:
    @pytest.mark.parametrize("weight", [0.1, 1, -1e300])
    def test_a_number_is_itself(self, weight: float) -> None:
        assert weight == from_dict(Weighed, to_dict(Weighed(weight=weight))).weight

    @pytest.mark.parametrize("weight", [float("nan"), float("inf"), "1", True, None])
    def test_what_is_no_number_is_refused(self, weight: Any) -> None:
        with pytest.raises(RecordError, match="weight: takes a number, got"):
            from_dict(Weighed, {"weight": weight})

    def test_an_enumeration_of_texts_is_read_as_its_member(self) -> None:
        assert Colour.RED is from_dict(Weighed, {"weight": 1, "colour": "red"}).colour


class TestFromTheDesk:
    def test_a_ticket_and_its_history(self) -> None:
        with open_desk(Clock()) as desk:
            ticket = desk.do(FULL, actor=WINDOW)
            entries = desk.history("T1", actor=WINDOW)
        assert ticket == from_dict(type(ticket), to_dict(ticket))
        for entry in entries:
            assert entry == from_dict(type(entry), to_dict(entry))

    def test_the_board_has_all_its_fields(self) -> None:
        with open_desk(Clock()) as desk:
            desk.do(FULL, actor=WINDOW)
            (line,) = desk.board()
        assert [it.name for it in attrs.fields(BoardLine)] == list(to_dict(line))

    def test_an_explanation_keeps_its_zone(self) -> None:
        explanation = Limit.parse("3个工作日").explain(NOON, CALENDAR)
        written = to_dict(explanation)
        assert written["zone"] == "Asia/Shanghai"
        assert explanation.chinese == from_dict(Explanation, written).chinese

    def test_a_zone_may_be_an_offset(self) -> None:
        explanation = attrs.evolve(Limit.parse("当日").explain(NOON, CALENDAR), zone=ZONE)
        assert to_dict(explanation)["zone"] == "+08:00"

    def test_a_zone_without_a_name_is_refused(self) -> None:
        own = tz.tzoffset("own", 8 * 3600)
        explanation = attrs.evolve(Limit.parse("当日").explain(NOON, CALENDAR), zone=own)
        with pytest.raises(ArgumentError, match=r"Explanation\.zone: .* has no name"):
            to_dict(explanation)


@pytest.mark.parametrize("other", [None, {}, "T1", Actor, Light.RED, NOON])
def test_only_records_are_written(other: object) -> None:
    with pytest.raises(KindError, match="takes a record"):
        to_dict(other)


def test_a_value_that_json_cannot_hold_is_refused_by_its_path() -> None:
    mark = Mark(1, "x", NOON, None, {"a": object()})  # type: ignore[dict-item]
    with pytest.raises(KindError, match=r"^Mark\.facts\.a: "):
        to_dict(mark)
