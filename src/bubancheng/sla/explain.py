"""Why a limit ends when it ends: the count as steps that an inspector can follow."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

import attrs

from bubancheng.calendar import Day, DayKind, WorkCalendar
from bubancheng.calendar.hours import DAY, MINUTE
from bubancheng.sla.counting import Counting
from bubancheng.sla.deadline import Count, Deadline, find_due
from bubancheng.sla.notation import LimitUnit, print_chinese, print_english

_WEEKDAYS = "一二三四五六日"

_KINDS = {
    DayKind.WORKDAY: ("工作日", "working day"),
    DayKind.WEEKEND: ("休息日", "weekly day off"),
    DayKind.HOLIDAY: ("放假", "holiday"),
    DayKind.MAKE_UP: ("调休上班", "make-up working day"),
    DayKind.CLOSED: ("停止办公", "closed"),
}

_FIRST_DAY = {
    False: ("开始的当日不计入", "the day of the start is not counted", "民法典 第201条第一款"),
    True: ("开始的当日计入", "the day of the start is counted", "约定 first_day=included（民法典 第204条）"),
}


@attrs.frozen(kw_only=True)
class Step:
    """One step of a count.

    `date`: the civil day it is about; `counted`: whether that day counts (None for the start and the
    end); `number`: which day of the limit it is; `zh`, `en`: the step in words; `source`: the notice,
    article or convention that decided it; `provisional`: not officially announced yet.
    """

    date: dt.date
    counted: bool | None
    number: int | None
    zh: str
    en: str
    source: str
    provisional: bool = False


@attrs.frozen(kw_only=True)
class Explanation:
    """A deadline and the steps that lead to it; `chinese` and `english` are for people."""

    limit_zh: str
    limit_en: str
    start: dt.datetime
    deadline: Deadline
    steps: tuple[Step, ...]

    @property
    def chinese(self) -> str:
        """The whole count in Chinese, a line a step."""
        mark = "（暂定）" if self.deadline.provisional else ""
        head = f"期限{self.limit_zh}，自{_moment(self.start)}起算，至{_moment(self.deadline.at)}届满{mark}"
        return "\n".join([head, *(f"  {step.zh}〔{step.source}〕" for step in self.steps)])

    @property
    def english(self) -> str:
        """The whole count in English, a line a step."""
        mark = " (provisional)" if self.deadline.provisional else ""
        head = (
            f"{self.limit_en} from {self.start:%Y-%m-%d %H:%M}: due {self.deadline.at:%Y-%m-%d %H:%M}{mark}"
        )
        return "\n".join([head, *(f"  {step.en} [{step.source}]" for step in self.steps)])


def _moment(when: dt.datetime) -> str:
    return f"{when:%Y-%m-%d}（周{_WEEKDAYS[when.weekday()]}）{when:%H:%M}"


def _date(date: dt.date) -> str:
    return f"{date}（周{_WEEKDAYS[date.weekday()]}）"


def explain_due(
    amount: Fraction, unit: LimitUnit, start: dt.datetime, calendar: WorkCalendar, counting: Counting
) -> Explanation:
    """Return the deadline of `find_due` with the steps of its count."""
    deadline = find_due(amount, unit, start, calendar, counting)
    count = Count(amount, unit, start, calendar, counting)
    return Explanation(
        limit_zh=print_chinese(amount, unit),
        limit_en=print_english(amount, unit),
        start=start,
        deadline=deadline,
        steps=tuple(_Steps(calendar, count, deadline).of(unit)),
    )


class _Steps:
    """The steps of one count, a method a family of units."""

    def __init__(self, calendar: WorkCalendar, count: Count, deadline: Deadline) -> None:
        self.calendar, self.count, self.deadline = calendar, count, deadline
        self.civil = calendar.table.civil
        self.last, self.last_us = self.civil.locate(deadline.at)

    def of(self, unit: LimitUnit) -> Iterator[Step]:
        start = self.civil.date(self.count.day)
        if unit is LimitUnit.ON_THE_SPOT:
            yield Step(
                date=start,
                counted=None,
                number=None,
                zh="当场办理，即时届满",
                en="due on the spot",
                source="时限 当场",
            )
        elif unit in {LimitUnit.SECOND, LimitUnit.MINUTE, LimitUnit.HOUR}:
            yield Step(
                date=start,
                counted=None,
                number=None,
                zh="按小时（分、秒）计算，自起算时刻连续计算，不扣除休息日",
                en="hours run from the moment of the start, days off included",
                source="民法典 第201条第二款",
            )
        elif self.is_by_time(unit):
            yield from self.working_time()
        elif unit is LimitUnit.SAME_DAY:
            yield from self.same_day()
        else:
            yield from self.days(unit)

    def is_by_time(self, unit: LimitUnit) -> bool:
        """Whether the count adds working time instead of days."""
        if unit in {LimitUnit.WORKING_HOUR, LimitUnit.WORKING_MINUTE}:
            return True
        if unit is LimitUnit.SAME_DAY:
            return self.count.counting.same_day == "business_hours"
        return unit is LimitUnit.WORKING_DAY and self.count.amount < 1

    def day(self, index: int) -> Day:
        return self.calendar.day(self.civil.date(index))

    def working_time(self) -> Iterator[Step]:
        table = self.calendar.table
        for index in range(self.count.day, self.last + 1):
            day = self.day(index)
            low = self.count.us if index == self.count.day else 0
            high = self.last_us if index == self.last else 2 * DAY
            done = table.done_at(index, high) - table.done_at(index, low)
            minutes = f"{done / MINUTE:g}"
            yield Step(
                date=day.date,
                counted=done > 0,
                number=None,
                zh=f"{_date(day.date)}{_named(day)[0]}，计工作时间{minutes}分钟",
                en=f"{day.date} {_named(day)[1]}: {minutes} minutes of working time",
                source=day.source,
                provisional=day.provisional,
            )

    def same_day(self) -> Iterator[Step]:
        if self.count.counting.same_day == "natural_day":
            yield self.end(
                "当日指自然日，至24时", "the natural day, until midnight", "约定 same_day=natural_day"
            )
            return
        for index in range(self.count.day, self.last + 1):
            day, is_last = self.day(index), index == self.last
            zh, en = _named(day)
            if not is_last:
                why = "已停止办公" if day.is_workday else zh
                zh, en = f"{why}，顺延至下一工作日", "office hours are over: it rolls to the next working day"
            yield Step(
                date=day.date,
                counted=is_last,
                number=1 if is_last else None,
                zh=f"{_date(day.date)}{zh}",
                en=f"{day.date} {en}",
                source=day.source,
                provisional=day.provisional,
            )
        yield self.closing()

    def days(self, unit: LimitUnit) -> Iterator[Step]:
        working = unit is LimitUnit.WORKING_DAY
        first, counts = self.count.first_day()
        for index in range(self.count.day, first):
            day = self.day(index)
            yield Step(
                date=day.date,
                counted=False,
                number=None,
                zh=f"{_date(day.date)}非办公时间，起算移至下一工作日",
                en=f"{day.date} out of hours: the start rolls to the next working day",
                source="约定 out_of_hours=roll（民法典 第204条）",
                provisional=day.provisional,
            )
        zh, en, source = _FIRST_DAY[counts]
        opening = self.day(first)
        works = counts and (opening.is_workday or not working)
        number = 1 if works else 0
        yield Step(
            date=opening.date,
            counted=works,
            number=number or None,
            zh=f"{_date(opening.date)}{zh}",
            en=f"{opening.date} {en}",
            source=source,
            provisional=opening.provisional,
        )
        total = int(self.count.amount)
        for index in range(first + 1, self.last + 1):
            day = self.day(index)
            counted = day.is_workday if working else unit is LimitUnit.MONTH or number < total
            shifted = not working and unit is LimitUnit.DAY and number >= total
            number += counted
            zh, en = _named(day)
            if shifted:
                tail, tail_en = "，期限末日为休息日，顺延", ": the last day was a day off, it shifts"
            elif working or unit is LimitUnit.DAY:
                tail = f"，第{number}日" if counted else "，不计入"
                tail_en = f": day {number}" if counted else ": not counted"
            else:
                tail, tail_en = "", ""
            yield Step(
                date=day.date,
                counted=counted,
                number=number if counted else None,
                zh=f"{_date(day.date)}{zh}{tail}",
                en=f"{day.date} {en}{tail_en}",
                source="民法典 第203条第一款" if shifted else day.source,
                provisional=day.provisional,
            )
        if unit is LimitUnit.MONTH:
            yield self.end(
                "到期月的对应日；没有对应日的为月末日，逢休息日顺延",
                "the corresponding day of the month",
                "民法典 第202条",
            )
        yield self.closing()

    def closing(self) -> Step:
        at = f"{self.deadline.at:%H:%M}"
        if self.count.counting.day_end == "close_of_business":
            return self.end(
                f"停止业务活动的时间{at}为截止时间", f"ends with office hours at {at}", "民法典 第203条第二款"
            )
        return self.end(f"截止时间{at}", f"ends at {at}", f"约定 day_end={self.count.counting.day_end}")

    def end(self, zh: str, en: str, source: str) -> Step:
        date = self.civil.date(min(self.last, self.civil.count - 1))
        return Step(
            date=date, counted=None, number=None, zh=f"{_date(date)}{zh}", en=f"{date} {en}", source=source
        )


def _named(day: Day) -> tuple[str, str]:
    zh, en = _KINDS[day.kind]
    name = f"（{day.name}）" if day.name else ""
    later = "，通知未发布" if day.provisional else ""
    return f"{zh}{name}{later}", f"{en}{' not announced yet' if day.provisional else ''}"
