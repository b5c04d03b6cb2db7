"""What a schema says of a record."""

import attrs
import pytest
from jsonschema import Draft202012Validator

from bubancheng.actions import Action, Register
from bubancheng.desk import Change
from bubancheng.records import from_dict, schema
from bubancheng.records.listing import FAMILIES
from bubancheng.sla import Counting, Light, Policy, Target
from bubancheng.ticket import Actor, Mark, Ticket


def test_a_schema_says_which_draft_it_is() -> None:
    assert schema(Actor)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_plain_record_is_described_whole() -> None:
    assert schema(Actor)["$defs"]["Actor"] == {
        "description": Actor.__doc__,
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "role": {"type": "string"},
            "unit": {"type": ["string", "null"]},
        },
        "required": ["id", "role"],
        "additionalProperties": False,
    }


def test_a_record_inside_is_referred_to() -> None:
    found = schema(Ticket)["$defs"]
    assert found["Ticket"]["properties"]["marks"] == {"type": "array", "items": {"$ref": "#/$defs/Mark"}}
    assert found["Mark"] == schema(Mark)["$defs"]["Mark"]


def test_an_enumeration_lists_its_values() -> None:
    assert schema(Change)["$defs"]["Light"] == {
        "description": Light.__doc__,
        "enum": ["green", "yellow", "red"],
    }


def test_defaults_are_told() -> None:
    assert schema(Counting)["$defs"]["Counting"]["properties"]["pause"]["default"] == "whole_days"


def test_a_default_is_told_as_json() -> None:
    assert schema(Policy)["$defs"]["Policy"]["properties"]["warn_before"]["default"] == "24小时"


def test_an_action_is_known_by_a_constant() -> None:
    found = schema(Register)["$defs"]["Register"]
    assert ({"const": "register"}, True) == (found["properties"]["action"], "action" in found["required"])


def test_any_action_is_one_of_all() -> None:
    names = [it["$ref"].rpartition("/")[2] for it in schema(Action)["$defs"]["Action"]["oneOf"]]
    assert [it.__name__ for it in FAMILIES[Action].members.values()] == names


def test_a_personal_field_is_said_to_be_one() -> None:
    assert "个人信息" in schema(Register)["$defs"]["Register"]["properties"]["phone"]["description"]


def test_what_a_record_computes_for_itself_is_not_in_it() -> None:
    assert "starts_at_due_of" not in schema(Target)["$defs"]["Target"]["properties"]


def test_two_records_of_one_name_are_both_described() -> None:
    @attrs.frozen
    class Twin:
        """Another actor."""

        name: str

    @attrs.frozen
    class Both:
        """Two kinds of actor."""

        one: Actor
        two: Twin

    Twin.__name__ = "Actor"
    found = schema(Both)
    assert {"Actor", f"{__name__}.Actor", "Both"} == {*found["$defs"]}


@pytest.mark.parametrize("kind", [Actor, Action])
def test_a_schema_may_be_changed_by_its_reader(kind: type) -> None:
    before = schema(kind)
    schema(kind)["$defs"].clear()
    assert before == schema(kind)


def test_a_document_that_validates_is_read() -> None:
    document = {"action": "register", "ticket": "T1", "matter": "居住证办理", "phone": "13800000000"}
    Draft202012Validator(schema(Action)).validate(document)
    assert Register(ticket="T1", matter="居住证办理", phone="13800000000") == from_dict(Action, document)
