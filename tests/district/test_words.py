"""Words that rows and columns use: whoever misspells one is told where, and what there is."""

import pytest

from tests.district.invented import invented, problems

ROW = """
[[code]]
fact = "colour"
id = "red"
name = "红"

[[code]]
fact = "colour"
id = "green"
name = "绿"

[[duty]]
post = "porter"
name = "门卫"
holders = ["甲"]

[[flow.transition]]
action = "paint"
entry = "painted"
from = ["registered"]
roles = ["window_officer"]
facts = ["colour", "porter"]
{}
"""


@pytest.mark.parametrize(
    ("condition", "key"),
    [
        ('given = {{ colour = "{}" }}', "given"),
        ('listed = {{ field = "colour", values = ["green", "{}"] }}', "listed"),
        ('happened = {{ kind = "painted", field = "colour", value = "{}" }}', "happened"),
    ],
)
def test_a_word_that_is_in_no_code_table_is_told_with_those_that_are(condition: str, key: str) -> None:
    invented(ROW.format(condition.format("red")))
    assert (
        f"flow.transition[1].{key}: colour 没有这个词 (not in the code table) 'read'：green, red",
    ) == problems(ROW.format(condition.format("read")))


def test_a_fact_without_a_code_table_takes_any_word() -> None:
    invented(ROW.format('given = { mood = "good" }'))


def test_a_post_that_nobody_holds_is_told() -> None:
    on_duty = 'on_duty = {{ field = "porter", post = "{}" }}'
    invented(ROW.format(on_duty.format("porter")))
    assert (
        "flow.transition[1].on_duty: 没有 [[duty]] 岗位 (nobody holds the post) 'prter'：porter",
    ) == problems(ROW.format(on_duty.format("prter")))


def test_a_column_whose_action_no_row_carries_out_is_told() -> None:
    column = '[[ledger.column]]\nid = "painted_at"\nname = "上色时间"\naction = "{}"\n'
    invented(ROW.format("") + column.format("paint"))
    assert ("ledger.column[1].action: 没有动作 (no such action) 'pant'",) == problems(
        ROW.format("") + column.format("pant")
    )
