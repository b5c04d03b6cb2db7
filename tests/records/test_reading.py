"""What `from_dict` refuses, and how it says so; the schema refuses most of it too."""

import datetime as dt
from types import MappingProxyType
from typing import Any, NamedTuple

import attrs
import pytest
from jsonschema import Draft202012Validator

from bubancheng.actions import Accept, Act, Action, Classify, Correct, Register
from bubancheng.desk import BoardLine, Deed
from bubancheng.district import Unit
from bubancheng.errors import ArgumentError, KindError, RecordError
from bubancheng.hooks import CalendarChanges
from bubancheng.records import from_dict, schema
from bubancheng.records.shapes import takes
from bubancheng.sla import (
    Clock,
    Counting,
    Deemed,
    Explanation,
    Light,
    Limit,
    Policy,
    Remainder,
    Share,
    Target,
)
from bubancheng.ticket import Actor, Effect, Entry, Fact, Mark, Ticket
from tests.acting import instant

MARK = {"sequence": 1, "kind": "registered", "at": "2024-03-25T10:00:00+08:00", "step": "s", "facts": {}}
TICKET = {"district": "d", "id": "T1", "rule": "r", "marks": [MARK], "step": "s", "facts": {}}
TARGET = {"name": "a", "starts": "acknowledged", "stops": ["resolved"]}
CLOCK = {"target": "a", "started": None}
SPANS = {"closures": [["2024-03-25T10:00:00+08:00", "2024-03-25T11:00:00+08:00"]]}

FACT = f"takes {takes(Fact)}"


class Row(NamedTuple):
    """A wrong document: of which kind, what is said of it."""

    kind: type
    document: Any
    said: list[str]


WRONG = [
    Row(Actor, [], ["takes an object, got a list"]),
    Row(Actor, None, ["takes an object, got null"]),
    Row(Actor, "w-1", ["takes an object, got 'w-1'"]),
    Row(Actor, {"id": "w", "role": "r", "units": "u"}, ["units: unknown key, is it 'unit'?; allowed: id, role, unit"]),
    Row(Actor, {"id": "w"}, ["role: missing; takes a text"]),
    Row(Actor, {"id": 1, "role": True, "unit": []}, ["id: takes a text, got 1", "role: takes a text, got true", "unit: takes a text or null, got a list"]),
    Row(Ticket, {**TICKET, "marks": {}}, ["marks: takes a list, got an object"]),
    Row(Ticket, {**TICKET, "marks": "abc"}, ["marks: takes a list, got 'abc'"]),
    Row(Ticket, {**TICKET, "marks": [MARK, 3]}, ["marks[1]: takes an object, got 3"]),
    Row(Ticket, {**TICKET, "marks": [{**MARK, "sequence": "1"}]}, ["marks[0].sequence: takes a whole number, got '1'"]),
    Row(Ticket, {**TICKET, "facts": {"a": 1.5}}, [f"facts.a: {FACT}, got 1.5"]),
    Row(Ticket, {**TICKET, "facts": {"a b": {}}}, [f"facts['a b']: {FACT}, got an object"]),
    Row(Mark, {**MARK, "sequence": True}, ["sequence: takes a whole number, got true"]),
    Row(Mark, {**MARK, "at": "2024-03-25T10:00:00"}, ["at: takes an instant with offset such as 2024-03-25T10:00:00+08:00, got '2024-03-25T10:00:00'"]),
    Row(Mark, {**MARK, "at": "2024-03-25"}, ["at: takes an instant with offset such as 2024-03-25T10:00:00+08:00, got '2024-03-25'"]),
    Row(Mark, {**MARK, "at": 1711332000}, ["at: takes an instant with offset such as 2024-03-25T10:00:00+08:00, got 1711332000"]),
    Row(Mark, {**MARK, "at": "2024-03-25T10:00:00.0000001+08:00"}, ["at: takes an instant with offset such as 2024-03-25T10:00:00+08:00, got '2024-03-25T10:00:00.0000001+08:00'"]),
    Row(Accept, {"ticket": "T1"}, ["action: takes accept, got none"]),
    Row(Accept, {"action": "register", "ticket": "T1"}, ["action: takes accept, got 'register'"]),
    Row(Deed, {"action": {"action": "accept"}}, ["action.ticket: missing; takes a text"]),
    Row(Correct, {"action": "correct", "ticket": "T1", "sequence": 1, "field": "x", "old": 1}, [f"new: missing; {FACT}"]),
    Row(Classify, {"action": "classify", "ticket": "T1", "category": "x", "agreed_due": "2024-03-25T10:00:00"}, ["agreed_due: takes an instant with offset such as 2024-03-25T10:00:00+08:00 or null, got '2024-03-25T10:00:00'"]),
    Row(Limit, {"amount": "1/0", "unit": "day"}, ["amount: takes a fraction such as \"1/2\" or \"3\", got '1/0'"]),
    Row(Limit, {"amount": 3, "unit": "days"}, ['amount: takes a fraction such as "1/2" or "3", got 3', "unit: takes one of on the spot, same day, working day, working hour, working minute, second, minute, hour, day, month, by agreement, got 'days'"]),
    Row(Remainder, {"of": "a", "at_least": "1"}, ["at_least: takes a whole number, got '1'"]),
    Row(Target, {**TARGET, "pauses": ["a", "b", "a"]}, ["pauses: takes a list in which nothing stands twice, got 'a' twice"]),
    Row(Target, {**TARGET, "limit": 3}, ["limit: takes a limit such as 3个工作日 or an object or null, got 3"]),
    Row(Target, {**TARGET, "limit": {"amount": "3"}}, ["limit.unit: missing; takes one of on the spot, same day, working day, working hour, working minute, second, minute, hour, day, month, by agreement"]),
    Row(Target, {**TARGET, "limit": {"amount": "3", "unit": "day", "per": 1}}, ["limit.per: unknown key; allowed: amount, unit"]),
    Row(Policy, {"targets": [], "warn_before": True}, ["warn_before: takes a limit such as 3个工作日 or an object or a share such as 25% or an object, got true"]),
    Row(Clock, {**CLOCK, "paused": [["2024-03-25T10:00:00+08:00"]]}, ["paused[0]: takes a list of 2, got a list of 1"]),
    Row(CalendarChanges, {**SPANS, "notices": "a.toml"}, ["notices: takes a list, got 'a.toml'"]),
    Row(Effect, {"facts": []}, ["facts: takes an object, got a list"]),
]  # fmt: skip

# what types alone do not say
FINER = [
    Row(Mark, {**MARK, "sequence": 1.0}, ["sequence: takes a whole number, got 1.0"]),  # 1.0 is an integer in JSON Schema
    Row(Mark, {**MARK, "at": "2024-02-30T10:00:00+08:00"}, ["at: takes an instant with offset such as 2024-03-25T10:00:00+08:00, got '2024-02-30T10:00:00+08:00'"]),
    Row(Act, {"action": "act", "ticket": "T1", "kind": "accept"}, ["'accept' is an action of the library: use its own class, not Act"]),
    Row(Counting, {"first_day": "never", "pause": "half"}, ["first_day: takes excluded | included | included_before:HH:MM, got 'never'", "pause: takes whole_days | exact, got 'half'"]),
    Row(Share, {"part": "5/4"}, ["a share lies above 0% and up to 100%, got 125%"]),
    Row(Target, {**TARGET, "limit": "当日", "remainder": {"of": "a"}}, ["target 'a' has more than one of limit, limits and remainder: keep one"]),
]  # fmt: skip


def named(row: Row) -> str:
    """Return the name of a row's test."""
    return f"{row.kind.__name__}-{row.said[0]}"


@pytest.mark.parametrize("row", [*WRONG, *FINER], ids=named)
def test_everything_that_is_wrong_is_said(row: Row) -> None:
    with pytest.raises(RecordError) as caught:
        from_dict(row.kind, row.document)
    assert (row.kind.__name__, row.said) == (caught.value.subject, list(caught.value.problems))


@pytest.mark.parametrize("row", WRONG, ids=named)
def test_the_schema_refuses_what_types_alone_refuse(row: Row) -> None:
    assert not Draft202012Validator(schema(row.kind)).is_valid(row.document)


@pytest.mark.parametrize("row", FINER, ids=named)
def test_the_schema_lets_pass_what_a_constructor_refuses(row: Row) -> None:
    assert Draft202012Validator(schema(row.kind)).is_valid(row.document)


class TestAllAtOnce:
    def test_every_fault_is_told_with_its_path(self) -> None:
        with pytest.raises(RecordError) as caught:
            from_dict(
                Ticket,
                {
                    "district": 1,
                    "marks": [{**MARK, "at": "x"}, {**MARK, "step": 2, "extra": 0}],
                    "facts": {"": 0.5},
                    "surplus": 1,
                },
            )
        assert [
            "district", "id", "rule", "marks[0].at", "marks[1].step", "marks[1].extra", "step", "facts['']", "surplus",
        ] == [problem.partition(":")[0] for problem in caught.value.problems]  # fmt: skip

    def test_the_sentence_holds_all_of_it(self) -> None:
        with pytest.raises(
            RecordError, match=r"^Actor: id: takes a text, got 1; role: missing; takes a text$"
        ):
            from_dict(Actor, {"id": 1})

    def test_it_is_an_argument_error(self) -> None:
        with pytest.raises(ArgumentError):
            from_dict(Actor, {})

    def test_a_long_value_is_shortened(self) -> None:
        with pytest.raises(RecordError) as caught:
            from_dict(Mark, {**MARK, "at": "x" * 1000})
        assert len(str(caught.value)) < 200


class TestActions:
    def test_the_class_is_picked_by_the_name(self) -> None:
        assert Accept(ticket="T1") == from_dict(Action, {"action": "accept", "ticket": "T1"})

    def test_an_unknown_name_is_refused_with_those_that_are_known_and_the_nearest(self) -> None:
        with pytest.raises(
            RecordError, match=r"action: takes accept \| .*\| resolve.*, got 'acept', is it 'accept'\?"
        ):
            from_dict(Action, {"action": "acept", "ticket": "T1"})

    @pytest.mark.parametrize("data", [{}, {"action": None}, {"action": ["accept"]}, {"action": 1}])
    def test_without_a_name_nothing_is_picked(self, data: Any) -> None:
        with pytest.raises(RecordError, match="action: takes accept"):
            from_dict(Action, data)

    def test_anything_but_an_object_is_refused(self) -> None:
        with pytest.raises(RecordError, match="takes an object, got a list"):
            from_dict(Action, [])

    def test_a_districts_own_action_is_an_act(self) -> None:
        document = {"action": "act", "ticket": "T1", "kind": "inspect", "fields": {"floor": 3}}
        assert Act(ticket="T1", kind="inspect", fields={"floor": 3}) == from_dict(Action, document)

    def test_personal_data_of_a_wrong_type_are_not_repeated(self) -> None:
        with pytest.raises(RecordError) as caught:
            from_dict(Register, {"action": "register", "ticket": "T1", "matter": "x", "phone": 13800000000})
        assert "13800000000" not in str(caught.value)
        assert "phone: takes a text or null" in str(caught.value)

    def test_an_action_inside_a_record_is_picked_too(self) -> None:
        document = {"action": {"action": "accept", "ticket": "T1"}, "at": "2024-03-25T10:00:00+08:00"}
        assert Deed(Accept(ticket="T1"), instant("2024-03-25 10:00")) == from_dict(Deed, document)


class TestValues:
    @pytest.mark.parametrize(
        "text", ["2024-03-25T10:00:00+08:00", "2024-03-25T02:00:00Z", "2024-03-25T02:00:00.0+00:00"]
    )
    def test_every_way_to_write_an_instant_in_rfc_3339_is_read(self, text: str) -> None:
        assert instant("2024-03-25 10:00") == from_dict(Mark, {**MARK, "at": text}).at

    def test_what_has_a_default_may_be_left_out(self) -> None:
        assert Actor(id="w", role="r") == from_dict(Actor, {"id": "w", "role": "r"})

    @pytest.mark.parametrize(
        "words", ["3个工作日", "3 working days", "三个工作日", {"amount": "3", "unit": "working day"}]
    )
    def test_a_limit_is_read_from_words_or_an_object(self, words: Any) -> None:
        assert Limit.parse("3个工作日") == from_dict(Deemed, {"kind": "x", "after": words}).after

    def test_words_that_are_no_limit_are_refused_with_the_forms(self) -> None:
        with pytest.raises(RecordError, match="after: 'soon' is not a limit; write 当场"):
            from_dict(Deemed, {"kind": "x", "after": "soon"})

    @pytest.mark.parametrize("words", ["25%", {"part": "1/4"}])
    def test_a_share_is_read_where_a_limit_may_stand_too(self, words: Any) -> None:
        policy = from_dict(Policy, {"targets": [], "warn_before": words})
        assert "25%" == str(policy.warn_before)

    def test_a_limit_is_read_where_a_share_may_stand_too(self) -> None:
        policy = from_dict(Policy, {"targets": [], "warn_before": {"amount": "3", "unit": "day"}})
        assert "3日" == str(policy.warn_before)

    @pytest.mark.parametrize("zone", ["+08:00", "Asia/Shanghai"])
    def test_a_zone_is_a_name_or_an_offset(self, zone: str) -> None:
        deadline = {"at": "2024-03-25T10:00:00+08:00", "provisional": False, "calendar_version": "v"}
        document = {
            "limit_zh": "",
            "limit_en": "",
            "start": deadline["at"],
            "deadline": deadline,
            "steps": [],
            "zone": zone,
        }
        assert (
            dt.timedelta(hours=8)
            == instant("2024-03-25 10:00").astimezone(from_dict(Explanation, document).zone).utcoffset()
        )

    @pytest.mark.parametrize("zone", ["Asia/Nowhere", "", "+8", "../etc/passwd"])
    def test_an_unknown_zone_is_refused(self, zone: str) -> None:
        with pytest.raises(RecordError, match="zone: takes a time zone"):
            from_dict(Explanation, {"zone": zone})

    @pytest.mark.parametrize("seconds", [0.0000001, float("nan"), float("inf"), 1e300, 10**15, "3600", True])
    def test_a_span_that_is_no_number_of_microseconds_is_refused(self, seconds: Any) -> None:
        with pytest.raises(RecordError, match="remaining: takes a number of seconds, to the microsecond"):
            from_dict(BoardLine, {"remaining": seconds})

    def test_an_enumeration_is_read_by_its_value_only(self) -> None:
        with pytest.raises(RecordError, match="light: takes one of green, yellow, red, got 'RED'"):
            from_dict(BoardLine, {"light": "RED"})

    def test_mappings_are_read_frozen(self) -> None:
        assert isinstance(from_dict(Mark, MARK).facts, MappingProxyType)

    def test_lists_are_read_as_tuples_and_sets(self) -> None:
        unit = from_dict(Unit, {"name": "甲局", "kind": "局", "matters": ["b", "a"]})
        assert frozenset({"a", "b"}) == unit.matters

    def test_a_key_that_is_no_text_is_refused(self) -> None:
        with pytest.raises(RecordError, match=r"facts\.1: takes a text, got 1"):
            from_dict(Effect, {"facts": {1: "a"}})


@pytest.mark.parametrize("kind", [Light, int, dict, None, "Ticket", list[Actor]])
@pytest.mark.parametrize("door", [lambda kind: from_dict(kind, {}), schema])
def test_only_records_are_read_and_described(kind: Any, door: Any) -> None:
    with pytest.raises(KindError, match="takes the class of a record"):
        door(kind)


def test_a_field_of_a_type_that_json_does_not_know_is_refused_by_name() -> None:
    @attrs.frozen
    class Odd:
        """A record with a field of no form."""

        number: complex

    with pytest.raises(KindError, match="complex"):
        schema(Odd)


def test_an_entry_is_read_whole() -> None:
    document = {
        "district": "d",
        "ticket": "T1",
        "sequence": 1,
        "kind": "registered",
        "effect": {
            "step": "registered",
            "facts": {"matter": "居住证办理"},
            "amends": [{"sequence": 1, "field": "at", "old": 1, "new": None}],
        },
        "actor": {"id": "w", "role": "r"},
        "at": "2024-03-25T10:00:00+08:00",
        "recorded_at": "2024-03-25T10:00:00+08:00",
    }
    entry = from_dict(Entry, document)
    assert ("居住证办理", "at") == (entry.effect.facts["matter"], entry.effect.amends[0].field)
