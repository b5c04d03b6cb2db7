"""Explanations: every day accounted for, the same deadline, words in both languages."""

import datetime as dt
from collections.abc import Iterator
from itertools import product
from math import ceil
from typing import Any

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import KindError, LimitError
from bubancheng.sla import Counting, Explanation, Limit
from tests.support import DAY, WEEKDAYS, all_week, at, china, cn_days, golden_rows, on

BEIJING = dt.timezone(dt.timedelta(hours=8))

# The notice for 2026 (domain.md section 7, cn-days.json): which festival each stretch belongs to.
FESTIVALS_2026 = {
    "元旦": ("2026-01-01", "2026-01-03"),
    "春节": ("2026-02-15", "2026-02-23"),
    "清明节": ("2026-04-04", "2026-04-06"),
    "劳动节": ("2026-05-01", "2026-05-05"),
    "端午节": ("2026-06-19", "2026-06-21"),
    "中秋节": ("2026-09-25", "2026-09-27"),
    "国庆节": ("2026-10-01", "2026-10-07"),
}


def festival_of(day: dt.date) -> str | None:
    return next((name for name, (a, b) in FESTIVALS_2026.items() if on(a) <= day <= on(b)), None)


def explain(limit: str, start: str, week: WorkCalendar | None = None, /, **counting: str) -> Explanation:
    return Limit.parse(limit).explain(at(start), week or china(), Counting(**counting))


def counted_days(explanation: Explanation) -> list[dt.date]:
    return [step.date for step in explanation.steps if step.counted]


def test_the_festivals_are_those_of_the_table_of_days() -> None:
    spans = [(on(a), on(b)) for a, b in FESTIVALS_2026.values()]
    days = [a + n * DAY for a, b in spans for n in range((b - a).days + 1)]
    assert cn_days()["years"]["2026"]["off"] == [day.isoformat() for day in days]


# -- the golden rows

GOLDEN = [
    pytest.param(
        row["acknowledged_at"], limit, row[column], roll, id=f"{row['acknowledged_at']} {limit} {roll}"
    )
    for row in golden_rows()
    for limit, name in (("1个工作日", "contact"), ("3个工作日", "general"), ("5个工作日", "complex"))
    for roll in ("keep_day", "roll")
    for column in [f"rolled_{name}_due" if roll == "roll" and row[f"rolled_{name}_due"] else f"{name}_due"]
]


# -- told line by line

# Worked out by hand from the law and the notice; the words are the library's own, read and approved.
WEEK = "国务院关于职工工作时间的规定（国务院令第174号）第七条"
NOTICE = "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"

TOLD: list[tuple[str, str, dict[str, str], str, str]] = [
    (
        "3个工作日",
        "2026-09-30 16:00",
        {},
        f"""\
期限3个工作日，自2026-09-30（周三）16:00起算，至2026-10-10（周六）17:00届满
  2026-09-30（周三）开始的当日不计入〔民法典 第201条第一款〕
  2026-10-01（周四）放假（国庆节），不计入〔{NOTICE}〕
  2026-10-02（周五）放假（国庆节），不计入〔{NOTICE}〕
  2026-10-03（周六）放假（国庆节），不计入〔{NOTICE}〕
  2026-10-04（周日）放假（国庆节），不计入〔{NOTICE}〕
  2026-10-05（周一）放假（国庆节），不计入〔{NOTICE}〕
  2026-10-06（周二）放假（国庆节），不计入〔{NOTICE}〕
  2026-10-07（周三）放假（国庆节），不计入〔{NOTICE}〕
  2026-10-08（周四）工作日，第1日〔{WEEK}〕
  2026-10-09（周五）工作日，第2日〔{WEEK}〕
  2026-10-10（周六）调休上班（国庆节），第3日〔{NOTICE}〕
  2026-10-10（周六）停止业务活动的时间17:00为截止时间〔民法典 第203条第二款〕""",
        f"""\
3 working days from 2026-09-30 16:00: due 2026-10-10 17:00
  2026-09-30 the day of the start is not counted [民法典 第201条第一款]
  2026-10-01 holiday: not counted [{NOTICE}]
  2026-10-02 holiday: not counted [{NOTICE}]
  2026-10-03 holiday: not counted [{NOTICE}]
  2026-10-04 holiday: not counted [{NOTICE}]
  2026-10-05 holiday: not counted [{NOTICE}]
  2026-10-06 holiday: not counted [{NOTICE}]
  2026-10-07 holiday: not counted [{NOTICE}]
  2026-10-08 working day: day 1 [{WEEK}]
  2026-10-09 working day: day 2 [{WEEK}]
  2026-10-10 make-up working day: day 3 [{NOTICE}]
  2026-10-10 ends with office hours at 17:00 [民法典 第203条第二款]""",
    ),
    (
        "1个工作日",
        "2026-02-28 18:00",
        {"out_of_hours": "roll"},
        f"""\
期限1个工作日，自2026-02-28（周六）18:00起算，至2026-03-03（周二）17:00届满
  2026-02-28（周六）调休上班（春节），非办公时间，起算移至下一工作日〔约定 out_of_hours=roll（民法典 第204条）〕
  2026-03-01（周日）休息日，不计入〔{WEEK}〕
  2026-03-02（周一）开始的当日不计入〔民法典 第201条第一款〕
  2026-03-03（周二）工作日，第1日〔{WEEK}〕
  2026-03-03（周二）停止业务活动的时间17:00为截止时间〔民法典 第203条第二款〕""",
        f"""\
1 working day from 2026-02-28 18:00: due 2026-03-03 17:00
  2026-02-28 make-up working day, out of hours: the start rolls to the next working day [约定 out_of_hours=roll（民法典 第204条）]
  2026-03-01 weekly day off: not counted [{WEEK}]
  2026-03-02 the day of the start is not counted [民法典 第201条第一款]
  2026-03-03 working day: day 1 [{WEEK}]
  2026-03-03 ends with office hours at 17:00 [民法典 第203条第二款]""",
    ),
    (
        "1个工作日",
        "2026-02-28 10:00",
        {"first_day": "included", "day_end": "midnight"},
        """\
期限1个工作日，自2026-02-28（周六）10:00起算，至2026-03-01（周日）00:00届满
  2026-02-28（周六）开始的当日计入〔约定 first_day=included（民法典 第204条）〕
  2026-02-28（周六）截止时间24:00〔约定 day_end=midnight〕""",
        """\
1 working day from 2026-02-28 10:00: due 2026-03-01 00:00
  2026-02-28 the day of the start is counted [约定 first_day=included（民法典 第204条）]
  2026-02-28 ends at 24:00 [约定 day_end=midnight]""",
    ),
    (
        "1个工作日",
        "2026-03-01 10:00",
        {"first_day": "included", "day_end": "18:30"},
        f"""\
期限1个工作日，自2026-03-01（周日）10:00起算，至2026-03-02（周一）18:30届满
  2026-03-01（周日）休息日，不计入〔{WEEK}〕
  2026-03-02（周一）工作日，第1日〔{WEEK}〕
  2026-03-02（周一）截止时间18:30〔约定 day_end=18:30〕""",
        f"""\
1 working day from 2026-03-01 10:00: due 2026-03-02 18:30
  2026-03-01 weekly day off: not counted [{WEEK}]
  2026-03-02 working day: day 1 [{WEEK}]
  2026-03-02 ends at 18:30 [约定 day_end=18:30]""",
    ),
    (
        "1个工作日",
        "2026-12-28 10:00",
        {},
        f"""\
期限1个工作日，自2026-12-28（周一）10:00起算，至2026-12-29（周二）17:00届满（暂定）
  2026-12-28（周一）开始的当日不计入〔民法典 第201条第一款〕
  2026-12-29（周二）工作日，通知未发布，第1日〔{WEEK}〕
  2026-12-29（周二）停止业务活动的时间17:00为截止时间〔民法典 第203条第二款〕""",
        f"""\
1 working day from 2026-12-28 10:00: due 2026-12-29 17:00 (provisional)
  2026-12-28 the day of the start is not counted [民法典 第201条第一款]
  2026-12-29 working day not announced yet: day 1 [{WEEK}]
  2026-12-29 ends with office hours at 17:00 [民法典 第203条第二款]""",
    ),
    (
        "1.5个工作日",
        "2026-03-06 10:00",
        {},
        f"""\
期限1.5个工作日，自2026-03-06（周五）10:00起算，至2026-03-10（周二）13:00届满
  2026-03-06（周五）开始的当日不计入〔民法典 第201条第一款〕
  2026-03-07（周六）休息日，不计入〔{WEEK}〕
  2026-03-08（周日）休息日，不计入〔{WEEK}〕
  2026-03-09（周一）工作日，第1日〔{WEEK}〕
  2026-03-10（周二）工作日，计工作时间240分钟〔{WEEK}〕""",
        f"""\
1.5 working days from 2026-03-06 10:00: due 2026-03-10 13:00
  2026-03-06 the day of the start is not counted [民法典 第201条第一款]
  2026-03-07 weekly day off: not counted [{WEEK}]
  2026-03-08 weekly day off: not counted [{WEEK}]
  2026-03-09 working day: day 1 [{WEEK}]
  2026-03-10 working day: 240 minutes of working time [{WEEK}]""",
    ),
    (
        "9个工作小时",
        "2026-03-06 12:00",
        {},
        f"""\
期限9个工作小时，自2026-03-06（周五）12:00起算，至2026-03-09（周一）13:00届满
  2026-03-06（周五）工作日，计工作时间300分钟〔{WEEK}〕
  2026-03-07（周六）休息日，计工作时间0分钟〔{WEEK}〕
  2026-03-08（周日）休息日，计工作时间0分钟〔{WEEK}〕
  2026-03-09（周一）工作日，计工作时间240分钟〔{WEEK}〕""",
        f"""\
9 working hours from 2026-03-06 12:00: due 2026-03-09 13:00
  2026-03-06 working day: 300 minutes of working time [{WEEK}]
  2026-03-07 weekly day off: 0 minutes of working time [{WEEK}]
  2026-03-08 weekly day off: 0 minutes of working time [{WEEK}]
  2026-03-09 working day: 240 minutes of working time [{WEEK}]""",
    ),
    (
        "当日",
        "2026-02-28 17:00",
        {},
        f"""\
期限当日，自2026-02-28（周六）17:00起算，至2026-03-02（周一）17:00届满
  2026-02-28（周六）已停止办公，顺延至下一工作日〔{NOTICE}〕
  2026-03-01（周日）休息日，顺延至下一工作日〔{WEEK}〕
  2026-03-02（周一）工作日〔{WEEK}〕
  2026-03-02（周一）停止业务活动的时间17:00为截止时间〔民法典 第203条第二款〕""",
        f"""\
same day from 2026-02-28 17:00: due 2026-03-02 17:00
  2026-02-28 make-up working day: it rolls to the next working day [{NOTICE}]
  2026-03-01 weekly day off: it rolls to the next working day [{WEEK}]
  2026-03-02 working day [{WEEK}]
  2026-03-02 ends with office hours at 17:00 [民法典 第203条第二款]""",
    ),
    (
        "当日",
        "2026-03-02 10:00",
        {"same_day": "natural_day"},
        """\
期限当日，自2026-03-02（周一）10:00起算，至2026-03-03（周二）00:00届满
  2026-03-02（周一）当日指自然日，至24时〔约定 same_day=natural_day〕""",
        """\
same day from 2026-03-02 10:00: due 2026-03-03 00:00
  2026-03-02 the natural day, until midnight [约定 same_day=natural_day]""",
    ),
    (
        "当日",
        "2026-03-02 10:00",
        {"same_day": "business_hours"},
        f"""\
期限当日，自2026-03-02（周一）10:00起算，至2026-03-03（周二）10:00届满
  2026-03-02（周一）工作日，计工作时间420分钟〔{WEEK}〕
  2026-03-03（周二）工作日，计工作时间60分钟〔{WEEK}〕""",
        f"""\
same day from 2026-03-02 10:00: due 2026-03-03 10:00
  2026-03-02 working day: 420 minutes of working time [{WEEK}]
  2026-03-03 working day: 60 minutes of working time [{WEEK}]""",
    ),
    (
        "3日",
        "2026-03-04 10:00",
        {},
        f"""\
期限3日，自2026-03-04（周三）10:00起算，至2026-03-09（周一）17:00届满
  2026-03-04（周三）开始的当日不计入〔民法典 第201条第一款〕
  2026-03-05（周四）工作日，第1日〔{WEEK}〕
  2026-03-06（周五）工作日，第2日〔{WEEK}〕
  2026-03-07（周六）休息日，第3日〔{WEEK}〕
  2026-03-08（周日）休息日，期限末日遇休息日，顺延〔民法典 第203条第一款〕
  2026-03-09（周一）工作日，顺延至此日〔民法典 第203条第一款〕
  2026-03-09（周一）停止业务活动的时间17:00为截止时间〔民法典 第203条第二款〕""",
        f"""\
3 days from 2026-03-04 10:00: due 2026-03-09 17:00
  2026-03-04 the day of the start is not counted [民法典 第201条第一款]
  2026-03-05 working day: day 1 [{WEEK}]
  2026-03-06 working day: day 2 [{WEEK}]
  2026-03-07 weekly day off: day 3 [{WEEK}]
  2026-03-08 weekly day off: the last day was a day off, it shifts [民法典 第203条第一款]
  2026-03-09 working day: the last day was a day off, it shifts [民法典 第203条第一款]
  2026-03-09 ends with office hours at 17:00 [民法典 第203条第二款]""",
    ),
    (
        "1日",
        "2026-03-01 10:00",
        {"first_day": "included"},
        """\
期限1日，自2026-03-01（周日）10:00起算，至2026-03-02（周一）17:00届满
  2026-03-01（周日）开始的当日计入〔约定 first_day=included（民法典 第204条）〕
  2026-03-02（周一）工作日，顺延至此日〔民法典 第203条第一款〕
  2026-03-02（周一）停止业务活动的时间17:00为截止时间〔民法典 第203条第二款〕""",
        """\
1 day from 2026-03-01 10:00: due 2026-03-02 17:00
  2026-03-01 the day of the start is counted [约定 first_day=included（民法典 第204条）]
  2026-03-02 working day: the last day was a day off, it shifts [民法典 第203条第一款]
  2026-03-02 ends with office hours at 17:00 [民法典 第203条第二款]""",
    ),
    (
        "1个月",
        "2026-02-07 10:00",
        {},
        """\
期限1个月，自2026-02-07（周六）10:00起算，至2026-03-09（周一）17:00届满
  2026-02-07（周六）开始的当日不计入〔民法典 第201条第一款〕
  2026-03-07（周六）到期月的对应日；没有对应日的为月末日〔民法典 第202条〕
  2026-03-08（周日）休息日，期限末日遇休息日，顺延〔民法典 第203条第一款〕
  2026-03-09（周一）工作日，顺延至此日〔民法典 第203条第一款〕
  2026-03-09（周一）停止业务活动的时间17:00为截止时间〔民法典 第203条第二款〕""",
        """\
1 month from 2026-02-07 10:00: due 2026-03-09 17:00
  2026-02-07 the day of the start is not counted [民法典 第201条第一款]
  2026-03-07 the corresponding day of the month, else its last [民法典 第202条]
  2026-03-08 weekly day off: the last day was a day off, it shifts [民法典 第203条第一款]
  2026-03-09 working day: the last day was a day off, it shifts [民法典 第203条第一款]
  2026-03-09 ends with office hours at 17:00 [民法典 第203条第二款]""",
    ),
    (
        "24小时",
        "2026-03-07 10:00",
        {},
        """\
期限24小时，自2026-03-07（周六）10:00起算，至2026-03-08（周日）10:00届满
  2026-03-07（周六）按小时（分、秒）计算，自起算时刻连续计算，不扣除休息日〔民法典 第201条第二款〕""",
        """\
24 hours from 2026-03-07 10:00: due 2026-03-08 10:00
  2026-03-07 hours run from the moment of the start, days off included [民法典 第201条第二款]""",
    ),
    (
        "当场",
        "2026-03-07 10:00",
        {},
        """\
期限当场，自2026-03-07（周六）10:00起算，至2026-03-07（周六）10:00届满
  2026-03-07（周六）当场办理，即时届满〔时限 当场〕""",
        """\
on the spot from 2026-03-07 10:00: due 2026-03-07 10:00
  2026-03-07 due on the spot [时限 当场]""",
    ),
]


@pytest.mark.parametrize(
    ("limit", "start", "counting", "chinese", "english"),
    TOLD,
    ids=[" ".join([row[0], row[1], *row[2].values()]) for row in TOLD],
)
def test_a_count_is_told_line_by_line_in_both_languages(
    limit: str, start: str, counting: dict[str, str], chinese: str, english: str
) -> None:
    found = Limit.parse(limit).explain(at(start), china(), Counting(**counting))
    assert (chinese, english) == (found.chinese, found.english)


@pytest.mark.parametrize(
    ("limit", "start", "counting", "expected"),
    [
        # counted (None: the start or the end of the count), and which day of the limit it is
        ("2个工作日", "2026-03-06 10:00", {}, [(False, None)] * 3 + [(True, 1), (True, 2), (None, None)]),
        (
            "1个工作日",
            "2026-02-28 18:00",
            {"out_of_hours": "roll"},
            [(False, None)] * 3 + [(True, 1), (None, None)],
        ),
        ("1个工作日", "2026-03-02 10:00", {"first_day": "included"}, [(True, 1), (None, None)]),
        ("2日", "2026-03-02 10:00", {"first_day": "included"}, [(True, 1), (True, 2), (None, None)]),
        (
            "1个月",
            "2026-02-07 10:00",
            {},
            [(False, None), (None, None)] + [(False, None)] * 2 + [(None, None)],
        ),
        ("9个工作小时", "2026-03-06 12:00", {}, [(True, None), (False, None), (False, None), (True, None)]),
        ("当日", "2026-03-01 10:00", {}, [(False, None), (True, 1), (None, None)]),
        ("24小时", "2026-03-07 10:00", {}, [(None, None)]),
        # a fraction after the close, alone and after a first day that counts
        ("0.5个工作日", "2026-03-06 18:00", {}, [(False, None)] * 3 + [(True, None)]),
        (
            "1.5个工作日",
            "2026-03-06 10:00",
            {"first_day": "included"},
            [(True, 1), (False, None), (False, None), (True, None)],
        ),
    ],
)
def test_a_step_says_whether_its_day_counts_and_as_which(
    limit: str, start: str, counting: dict[str, str], expected: list[tuple[bool | None, int | None]]
) -> None:
    found = Limit.parse(limit).explain(at(start), china(), Counting(**counting))
    assert expected == [(step.counted, step.number) for step in found.steps]


@pytest.mark.parametrize(("start", "limit", "due", "roll"), GOLDEN)
def test_the_days_that_count_are_numbered_up_to_the_limit(
    start: str, limit: str, due: str, roll: str
) -> None:
    explanation = explain(limit, start, out_of_hours=roll)
    numbered = [step for step in explanation.steps if step.number is not None]
    n = int(limit[0])
    assert list(range(1, n + 1)) == [step.number for step in numbered]
    assert (n, at(due).date()) == (len(counted_days(explanation)), numbered[-1].date)


@pytest.mark.parametrize(("start", "limit", "due", "roll"), GOLDEN)
def test_each_day_from_the_start_to_the_last_is_accounted_for_once(
    start: str, limit: str, due: str, roll: str
) -> None:
    first, last = at(start).date(), at(due).date()
    days = [step.date for step in explain(limit, start, out_of_hours=roll).steps if step.counted is not None]
    assert [first + n * DAY for n in range((last - first).days + 1)] == days


@pytest.mark.parametrize(("start", "limit", "due", "roll"), GOLDEN)
def test_only_working_days_of_the_table_count(start: str, limit: str, due: str, roll: str) -> None:
    years = cn_days()["years"]
    off = {day for year in ("2025", "2026") for day in years[year]["off"]}
    make_up = {day for year in ("2025", "2026") for day in years[year]["make_up"]}
    days = counted_days(explain(limit, start, out_of_hours=roll))
    assert at(due).date() == days[-1]
    assert [] == [day for day in days if str(day) not in make_up and (day.weekday() >= 5 or str(day) in off)]


@pytest.mark.parametrize(("start", "limit", "due", "roll"), GOLDEN)
def test_every_holiday_on_the_way_is_named_with_its_notice(
    start: str, limit: str, due: str, roll: str
) -> None:
    steps = [step for step in explain(limit, start, out_of_hours=roll).steps if festival_of(step.date)]
    skipped = [step for step in steps if step.counted is False and step.date > at(start).date()]
    assert [] == [
        step
        for step in skipped
        if str(festival_of(step.date)) not in step.zh or f"{step.date.year}年" not in step.source
    ]
    first, last = at(start).date() + DAY, at(due).date()
    days = [first + n * DAY for n in range((last - first).days + 1)]
    assert [day for day in days if festival_of(day)] == [step.date for step in skipped]


@pytest.mark.parametrize(("start", "limit", "due", "roll"), GOLDEN)
def test_both_languages_tell_the_due_date_and_every_step(start: str, limit: str, due: str, roll: str) -> None:
    explanation = explain(limit, start, out_of_hours=roll)
    for text in (explanation.chinese, explanation.english):
        assert at(due).strftime("%Y-%m-%d") in text.splitlines()[0]
        assert "17:00" in text.splitlines()[0]
        assert len(explanation.steps) + 1 == len(text.splitlines())
        assert [] == [step.source for step in explanation.steps if step.source not in text]


def test_a_day_of_which_only_a_microsecond_is_worked_counts_too() -> None:
    explanation = explain("24个工作小时", "2026-03-02 00:00:00.000001", all_week())
    assert [True, True] == [step.counted for step in explanation.steps]


def test_a_day_of_25_hours_counts_them_all() -> None:
    """In Berlin on 2026-10-25: half a Saturday, all of the Sunday, 13 hours of Monday."""
    explanation = explain("50个工作小时", "2026-10-24 12:00", all_week(zone="Europe/Berlin"))
    assert [720, 1500, 780] == [int(step.en.split()[-5]) for step in explanation.steps]


def test_working_hours_account_for_a_start_day_without_working_time_too() -> None:
    explanation = explain("9个工作小时", "2026-03-05 18:00")
    days = [on("2026-03-05"), on("2026-03-06"), *(on(f"2026-03-0{n}") for n in (7, 8, 9))]
    assert days == [step.date for step in explanation.steps]


def test_a_make_up_day_is_called_one() -> None:
    """Saturday 2026-10-10 is day 3 of a limit from Wednesday 2026-09-30 on."""
    step = next(it for it in explain("3个工作日", "2026-09-30 16:00").steps if it.date == on("2026-10-10"))
    assert (True, 3) == (step.counted, step.number)
    assert "调休" in step.zh
    assert "make-up" in step.en


def test_the_first_step_is_about_the_day_of_the_start_and_cites_the_law() -> None:
    step = explain("3个工作日", "2026-09-30 16:00").steps[0]
    assert (on("2026-09-30"), False, None) == (step.date, step.counted, step.number)
    assert "第201条" in step.source


def test_the_last_step_is_about_the_close_and_cites_the_law() -> None:
    step = explain("3个工作日", "2026-09-30 16:00").steps[-1]
    assert (on("2026-10-10"), None) == (step.date, step.counted)
    assert "第203条" in step.source
    assert "17:00" in step.zh
    assert "17:00" in step.en


def test_a_start_that_rolls_says_so() -> None:
    """Thursday 2026-11-26 17:50 rolls to Friday, Monday is day 1."""
    steps = explain("1个工作日", "2026-11-26 17:50", out_of_hours="roll").steps
    assert [on("2026-11-26"), on("2026-11-27")] == [step.date for step in steps[:2]]
    assert "out_of_hours=roll" in steps[0].source
    assert [on("2026-11-30")] == [step.date for step in steps if step.number == 1]


def test_a_last_day_that_shifts_says_so_for_the_days_off_only() -> None:
    """7 days from 2026-09-18 end on the 25th, mid-autumn; Monday the 28th is no day off."""
    steps = explain("7日", "2026-09-18 10:00").steps
    shifted = [step for step in steps if "顺延" in step.zh]
    assert 7 == max(step.number or 0 for step in steps)
    assert [] == [step for step in shifted if "第203条" not in step.source]
    assert [] == [step.date for step in shifted if step.date == on("2026-09-28") and "休息日" in step.zh]


def test_a_provisional_day_says_so_and_so_does_the_whole() -> None:
    explanation = explain("3个工作日", "2026-12-28 10:00")
    marked = [step.date for step in explanation.steps if step.provisional]
    assert [on("2026-12-29"), on("2026-12-30"), on("2026-12-31")] == marked
    assert "暂定" in explanation.chinese
    assert "provisional" in explanation.english


def test_a_settled_explanation_says_nothing_of_provisional_days() -> None:
    explanation = explain("1个工作日", "2026-12-25 10:00")
    assert [] == [step for step in explanation.steps if step.provisional]
    assert "暂定" not in explanation.chinese
    assert "provisional" not in explanation.english


def test_a_closed_day_says_so() -> None:
    week = WorkCalendar.china(closures=[(at("2026-03-03 00:00"), at("2026-03-04 00:00"))])
    step = next(
        it for it in explain("1个工作日", "2026-03-02 10:00", week).steps if it.date == on("2026-03-03")
    )
    assert (False, "closures") == (step.counted, step.source)
    assert ("2026-03-03（周二）停止办公，不计入", "2026-03-03 closed: not counted") == (step.zh, step.en)


def test_the_same_day_after_the_close_rolls_over_every_day_off() -> None:
    steps = explain("当日", "2026-09-30 17:00").steps
    days = [step.date for step in steps if step.counted is not None]
    assert [on("2026-09-30") + n * DAY for n in range(9)] == days
    assert [on("2026-10-08")] == [step.date for step in steps if step.counted]


def test_working_hours_account_for_every_minute() -> None:
    """2.5 hours from 15:30: 90 minutes on Wednesday, 60 on the Thursday after the holiday."""
    steps = explain("2.5个工作小时", "2026-09-30 15:30").steps
    texts = {step.date: step.zh for step in steps if step.counted}
    assert {on("2026-09-30"), on("2026-10-08")} == set(texts)
    assert "90分钟" in texts[on("2026-09-30")]
    assert "60分钟" in texts[on("2026-10-08")]


def test_natural_hours_run_from_the_moment() -> None:
    explanation = explain("24小时", "2026-09-30 16:00")
    assert "第201条" in explanation.steps[0].source
    assert "2026-10-01" in explanation.english


# -- every unit and every convention

UNITS = [
    "当场",
    "60秒",
    "30分钟",
    "24小时",
    "2个工作小时",
    "90个工作分钟",
    "0.5个工作日",
    "1.5个工作日",
    "当日",
    "1个工作日",
    "3个工作日",
    "1日",
    "7日",
    "1个月",
]
STARTS = ["2026-09-18 10:00", "2026-09-24 18:00", "2026-10-03 12:00", "2026-03-02 00:00", "2026-12-28 17:00"]
WEEKS = {
    "china": china(),
    "night": WorkCalendar(dict.fromkeys(WEEKDAYS[:5], "22:00-06:00")),
    "always": all_week(),
}


def conventions() -> Iterator[Counting]:
    for first_day, out_of_hours, day_end, shift, same_day in product(
        ["excluded", "included", "included_before:12:00"],
        ["keep_day", "roll"],
        ["close_of_business", "midnight", "12:00"],
        ["next_workday", "none"],
        ["close_roll", "natural_day", "business_hours"],
    ):
        yield Counting(
            first_day=first_day,
            out_of_hours=out_of_hours,
            day_end=day_end,
            shift_last_day=shift,
            same_day=same_day,
        )


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", WEEKS)
def test_an_explanation_has_the_deadline_of_its_limit_under_every_convention(name: str, unit: str) -> None:
    limit, week = Limit.parse(unit), WEEKS[name]
    for counting in conventions():
        for start in map(at, STARTS):
            explanation = limit.explain(start, week, counting)
            assert limit.due(start, week, counting) == explanation.deadline
            assert explanation.steps
            assert f"{explanation.deadline.at:%Y-%m-%d}" in explanation.chinese
            assert f"{explanation.deadline.at:%Y-%m-%d}" in explanation.english


@pytest.mark.parametrize("day_end", ["close_of_business", "midnight", "12:00"])
@pytest.mark.parametrize("name", WEEKS)
def test_as_many_days_count_as_the_limit_has_under_every_convention(name: str, day_end: str) -> None:
    """The day after a limit that ends at midnight or in the small hours is not a day of it."""
    for unit, start, first_day, roll in product(
        ["1个工作日", "3个工作日", "5个工作日", "1日", "7日"],
        STARTS,
        ["excluded", "included", "included_before:12:00"],
        ["keep_day", "roll"],
    ):
        counting = {"first_day": first_day, "out_of_hours": roll, "day_end": day_end}
        steps = explain(unit, start, WEEKS[name], **counting).steps
        numbers = [step.number for step in steps if step.number is not None]
        assert list(range(1, int(unit[0]) + 1)) == numbers, (unit, start, counting)


@pytest.mark.parametrize("day_end", ["midnight", "24:00"])
def test_no_day_off_is_made_up_for_a_limit_that_ends_at_midnight(day_end: str) -> None:
    """7 days from 2026-09-16 end with Wednesday the 23rd, a working day: nothing shifts."""
    explanation = explain("7日", "2026-09-16 10:00", day_end=day_end)
    assert at("2026-09-24 00:00") == explanation.deadline.at
    assert "顺延" not in explanation.chinese
    assert [] == [
        step for step in explanation.steps if step.counted is not None and step.date > on("2026-09-23")
    ]


@pytest.mark.parametrize(
    ("limit", "expected"), [("0.5个工作日", 1), ("1.5个工作日", 2), ("2.5个工作日", 3), ("3个工作日", 3)]
)
def test_a_fraction_of_a_day_touches_one_day_more_than_it_has_whole_ones(limit: str, expected: int) -> None:
    """From 09:00 on, with regular days only."""
    assert expected == ceil(Limit.parse(limit).amount)
    assert expected == len(counted_days(explain(limit, "2026-03-02 09:00")))


def test_a_fraction_that_ends_at_one_oclock_does_not_call_that_the_close_of_business() -> None:
    """1.5 days from Monday: Tuesday, and half of Wednesday, which closes at 17:00."""
    explanation = explain("1.5个工作日", "2026-03-02 10:00")
    assert at("2026-03-04 13:00") == explanation.deadline.at
    assert [] == [step.zh for step in explanation.steps if "停止业务" in step.zh and "13:00" in step.zh]


@pytest.mark.parametrize("day_end", ["midnight", "12:00"])
def test_the_same_day_that_ends_with_the_close_does_not_cite_another_convention(day_end: str) -> None:
    explanation = explain("当日", "2026-03-02 10:00", day_end=day_end)
    assert at("2026-03-02 17:00") == explanation.deadline.at
    assert [] == [step.source for step in explanation.steps if "day_end" in step.source]


@pytest.mark.parametrize(
    ("limit", "counting"),
    [
        ("24小时", {}),
        ("当日", {"same_day": "natural_day"}),
        ("1个工作日", {"day_end": "midnight"}),
        ("3日", {"day_end": "midnight"}),
    ],
)
def test_a_deadline_that_a_strict_calendar_gives_it_explains_too(
    limit: str, counting: dict[str, str]
) -> None:
    """2026-12-28 is its last day; these end at or after the midnight behind it."""
    starts = {"1个工作日": "2026-12-25 10:00", "3日": "2026-12-25 10:00"}
    start, conventions_ = at(starts.get(limit, "2026-12-28 10:00")), Counting(**counting)
    deadline = Limit.parse(limit).due(start, china("error"), conventions_)
    assert deadline == Limit.parse(limit).explain(start, china("error"), conventions_).deadline


def test_a_month_is_explained_with_its_article() -> None:
    explanation = explain("1个月", "2026-01-31 10:00")
    assert [step.date for step in explanation.steps if "第202条" in step.source] == [on("2026-02-28")]


def test_an_aware_start_is_explained_in_the_calendars_days() -> None:
    """Thursday 18:00 UTC is Friday in Beijing, and the office closes at 17:00 there."""
    start = dt.datetime(2026, 11, 26, 18, tzinfo=dt.UTC)
    explanation = Limit.parse("1个工作日").explain(start, china())
    assert on("2026-11-27") == explanation.steps[0].date
    assert dt.datetime(2026, 11, 30, 17, tzinfo=BEIJING) == explanation.deadline.at
    assert [] == [step.zh for step in explanation.steps if "停止业务" in step.zh and "17:00" not in step.zh]


def test_an_explanation_keeps_what_it_explains() -> None:
    explanation = explain("3 working days", "2026-03-02 10:00")
    assert ("3个工作日", "3 working days", at("2026-03-02 10:00")) == (
        explanation.limit_zh,
        explanation.limit_en,
        explanation.start,
    )


def test_the_conventions_may_be_left_out() -> None:
    limit, start = Limit.parse("3个工作日"), at("2026-03-02 10:00")
    assert limit.explain(start, china(), Counting()) == limit.explain(start, china())


@pytest.mark.parametrize("start", [None, "2026-03-02", on("2026-03-02")], ids=repr)
def test_a_start_that_is_no_instant_is_refused(start: Any) -> None:
    with pytest.raises(KindError):
        Limit.parse("3个工作日").explain(start, china())


def test_a_limit_by_agreement_cannot_be_explained() -> None:
    with pytest.raises(LimitError):
        explain("约定", "2026-03-02 10:00")


def test_the_headline_speaks_the_days_of_its_steps_also_for_a_start_in_another_zone() -> None:
    """Thursday 18:00 UTC is Friday 02:00 in Beijing."""
    start = dt.datetime(2026, 11, 26, 18, tzinfo=dt.UTC)
    explanation = Limit.parse("1个工作日").explain(start, china())
    assert "2026-11-27（周五）02:00起算，至2026-11-30（周一）17:00届满" in explanation.chinese
    assert "from 2026-11-27 02:00: due 2026-11-30 17:00" in explanation.english


def test_a_last_day_without_office_hours_ends_at_midnight() -> None:
    # 民法典 第203条第二款: 截止时间为二十四时；有业务时间的，停止业务活动的时间为截止时间. 2026-09-25 is a holiday.
    counting = Counting(shift_last_day="none")
    start = dt.datetime(2026, 9, 18, 10)
    told = Limit.parse("7日").explain(start, china(), counting)
    assert (
        "  2026-09-25（周五）没有业务时间，截止时间为24:00〔民法典 第203条第二款〕"
        == told.chinese.splitlines()[-1]
    )
    assert "2026-09-25 has no office hours: it ends at 24:00" == told.steps[-1].en


def test_a_half_day_after_a_day_that_ends_at_noon_is_worked_that_afternoon() -> None:
    """Monday 2026-03-02 and one day is Tuesday, until noon; half of eight hours more is 16:00."""
    told = explain("1.5个工作日", "2026-03-02 10:00", day_end="12:00")
    assert (at("2026-03-03 16:00"), True) == (told.deadline.at, told.steps[-1].counted)
    assert "2026-03-03 working day: 240 minutes of working time" == told.steps[-1].en
