"""Tips (贴士) and guided questions (问诊) of a profile."""

import pytest

from tests.district.invented import invented, problems

TIPS = """
[[tip]]
id = "change"
topic = "变更"
title = "法定代表人变更"
answer = "先在网上预审，再到窗口。"
matters = ["执照"]
pitfalls = ["身份证复印件须双面"]
materials = ["申请书", "身份证复印件"]

[[tip]]
id = "food"
topic = "食品"
title = "食品许可"
answer = "先勘验。"
"""
QUESTIONS = """
[[question]]
id = "papers"
words = "材料齐全吗？"

[[question.reply]]
words = "不齐"
cause = "material_incomplete"
tip = "change"

[[question.reply]]
words = "齐全"
question = "told"

[[question]]
id = "told"
words = "一次告知清楚了吗？"

[[question.reply]]
words = "没有"
cause = "notice_incomplete"
"""


def test_tips_are_found_by_matter_and_by_topic() -> None:
    district = invented(TIPS)
    assert (["change"], ["food"], []) == (
        [it.id for it in district.tips_about(matter="执照")],
        [it.id for it in district.tips_about(topic="食品")],
        [it.id for it in district.tips_about()],
    )


def test_a_tip_prints_as_a_sheet_with_pitfalls_and_a_numbered_list_of_papers() -> None:
    (tip,) = invented(TIPS).tips_about(matter="执照")
    expected = "【变更】法定代表人变更\n先在网上预审，再到窗口。\n易错：身份证复印件须双面\n材料 1：申请书\n材料 2：身份证复印件"
    assert expected == tip.printed()


def test_replies_lead_from_question_to_question_and_to_a_cause() -> None:
    district = invented(TIPS + QUESTIONS)
    first = district.question("papers")
    assert first is not None
    reply = first.reply("齐全")
    assert reply is not None
    second = district.question(str(reply.question))
    assert second is not None
    assert ("notice_incomplete", None) == (second.replies[0].cause, first.reply("不知道"))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('question = "told"', 'question = "nowhere"', "没有 question 'nowhere'"),
        ('tip = "change"', 'tip = "nowhere"', "没有 tip 'nowhere'"),
        ('cause = "notice_incomplete"', 'question = "papers"', "问题成环"),
        ('cause = "notice_incomplete"', "", "须指向"),
        ('id = "told"', 'id = "papers"', "papers 出现不止一次"),
    ],
)
def test_a_reply_that_leads_nowhere_or_in_a_circle_is_refused(old: str, new: str, named: str) -> None:
    assert any(named in it for it in problems(TIPS + QUESTIONS.replace(old, new, 1)))


def test_a_cause_is_a_word_of_the_code_table_where_there_is_one() -> None:
    code = '\n[[code]]\nfact = "root_cause"\nid = "other"\nname = "其他"\n'
    found = problems(TIPS + QUESTIONS + code)
    assert 2 == sum("没有 cause" in it for it in found)
