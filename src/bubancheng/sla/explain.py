"""Why a limit ends when it ends: the count as steps that an inspector can follow."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

import attrs

from bubancheng.calendar import Day, DayKind, WorkCalendar
from bubancheng.calendar.hours import DAY, MINUTE
from bubancheng.sla.counting import Counting
from bubancheng.sla.deadline import Count
from bubancheng.sla.dues import Deadline, kept_dues
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
    zone: dt.tzinfo

    def _local(self, when: dt.datetime) -> dt.datetime:
        """Return an instant as the calendar's clocks show it, whose days the steps are about."""
        return when if when.tzinfo is None else when.astimezone(self.zone)

    @property
    def chinese(self) -> str:
        """The whole count in Chinese, a line a step."""
        mark = "（暂定）" if self.deadline.provisional else ""
        start, end = self._local(self.start), self._local(self.deadline.at)
        head = f"期限{self.limit_zh}，自{_moment(start)}起算，至{_moment(end)}届满{mark}"
        return "\n".join([head, *(f"  {step.zh}〔{step.source}〕" for step in self.steps)])

    @property
    def english(self) -> str:
        """The whole count in English, a line a step."""
        mark = " (provisional)" if self.deadline.provisional else ""
        start, end = self._local(self.start), self._local(self.deadline.at)
        head = f"{self.limit_en} from {start:%Y-%m-%d %H:%M}: due {end:%Y-%m-%d %H:%M}{mark}"
        return "\n".join([head, *(f"  {step.en} [{step.source}]" for step in self.steps)])


def _moment(when: dt.datetime) -> str:
    return f"{when:%Y-%m-%d}（周{_WEEKDAYS[when.weekday()]}）{when:%H:%M}"


def _date(date: dt.date) -> str:
    return f"{date}（周{_WEEKDAYS[date.weekday()]}）"


def explain_due(
    amount: Fraction, unit: LimitUnit, start: dt.datetime, calendar: WorkCalendar, counting: Counting
) -> Explanation:
    """Return the deadline with the steps of its count."""
    at, provisional = kept_dues(amount, unit, calendar, counting).find(start)
    deadline = Deadline(at, provisional, calendar.version)
    count = Count(amount, unit, start, calendar, counting)
    count.run()
    return Explanation(
        limit_zh=print_chinese(amount, unit),
        limit_en=print_english(amount, unit),
        start=start,
        deadline=deadline,
        steps=tuple(_Steps(calendar, count, deadline).of(unit)),
        zone=calendar.table.civil.zone,
    )


class _Steps:
    """The steps of one count, a method a family of units."""

    def __init__(self, calendar: WorkCalendar, count: Count, deadline: Deadline) -> None:
        self.calendar, self.count, self.deadline = calendar, count, deadline
        self.civil = calendar.table.civil

    def of(self, unit: LimitUnit) -> Iterator[Step]:
        start, count = self.count.day, self.count
        if unit is LimitUnit.ON_THE_SPOT:
            yield self.end(start, "当场办理，即时届满", "due on the spot", "时限 当场")
        elif unit in {LimitUnit.SECOND, LimitUnit.MINUTE, LimitUnit.HOUR}:
            zh = "按小时（分、秒）计算，自起算时刻连续计算，不扣除休息日"
            en = "hours run from the moment of the start, days off included"
            yield self.end(start, zh, en, "民法典 第201条第二款")
        elif unit is LimitUnit.SAME_DAY and count.rest_from is None:
            yield from self.same_day()
        elif unit is LimitUnit.WORKING_DAY and count.amount >= 1:
            yield from self.working_days()
        elif unit in {LimitUnit.DAY, LimitUnit.MONTH}:
            yield from self.natural_days(unit)
        if count.rest_from is not None:
            yield from self.working_time(*count.rest_from)

    # -- one step

    def day(self, index: int) -> Day:
        return self.calendar.day(self.civil.date(index))

    def about(  # noqa: PLR0913 the parts of a step
        self,
        index: int,
        zh: str,
        en: str,
        *,
        source: str | None = None,
        counted: bool = False,
        number: int | None = None,
    ) -> Step:
        """Return a step about a day that counts or does not; its own source decides unless given."""
        day = self.day(index)
        return Step(
            date=day.date,
            counted=counted,
            number=number,
            zh=f"{_date(day.date)}{zh}",
            en=f"{day.date} {en}",
            source=source or day.source,
            provisional=day.provisional,
        )

    def end(self, index: int, zh: str, en: str, source: str) -> Step:
        """Return a step that counts no day."""
        date = self.civil.date(index)
        return Step(
            date=date, counted=None, number=None, zh=f"{_date(date)}{zh}", en=f"{date} {en}", source=source
        )

    def closing(self, convention: str | None = None) -> Step:
        """Return the step that ends the last day (民法典 第203条第二款)."""
        convention = convention or self.count.counting.day_end
        at = f"{self._clock_of_deadline():%H:%M}"
        if convention == "close_of_business" and at == "00:00":  # the day's end: nobody works that day
            zh, en = "没有业务时间，截止时间为24:00", "has no office hours: it ends at 24:00"
            return self.end(self.count.last, zh, en, "民法典 第203条第二款")
        if convention == "close_of_business":
            zh, en = f"停止业务活动的时间{at}为截止时间", f"ends with office hours at {at}"
            return self.end(self.count.last, zh, en, "民法典 第203条第二款")
        at = "24:00" if convention == "midnight" else convention
        return self.end(self.count.last, f"截止时间{at}", f"ends at {at}", f"约定 day_end={convention}")

    # -- the families

    def working_time(self, day: int, us: int) -> Iterator[Step]:
        """Yield the working time of each day from a place on, until the deadline."""
        table = self.calendar.table
        last, last_us = self.civil.locate(self.deadline.at)
        for index in range(day, last + 1):
            low = us if index == day else 0
            high = last_us if index == last else 2 * DAY
            done = table.done_at(index, high) - table.done_at(index, low)
            whole = self.count.unit is LimitUnit.WORKING_DAY and self.count.amount >= 1
            if whole and index == day and not done:
                continue  # the whole days ended with this day; it was told already
            zh, en = _named(self.day(index))
            minutes = f"{done / MINUTE:g}"
            yield self.about(
                index,
                f"{zh}，计工作时间{minutes}分钟",
                f"{en}: {minutes} minutes of working time",
                counted=done > 0,
            )

    def same_day(self) -> Iterator[Step]:
        last = self.count.last
        if self.count.counting.same_day == "natural_day":
            en = "the natural day, until midnight"
            yield self.end(last, "当日指自然日，至24时", en, "约定 same_day=natural_day")
            return
        for index in range(self.count.day, last):
            zh, en = _named(self.day(index))
            why = "已停止办公" if self.day(index).is_workday else zh
            yield self.about(index, f"{why}，顺延至下一工作日", f"{en}: it rolls to the next working day")
        zh, en = _named(self.day(last))
        yield self.about(last, zh, en, counted=True, number=1)
        yield self.closing("close_of_business")

    def _clock_of_deadline(self) -> dt.datetime:
        at = self.deadline.at
        return at if at.tzinfo is None else at.astimezone(self.civil.zone)

    def opening(self) -> Iterator[Step]:
        """Yield the steps up to the day the count starts from, that day too."""
        first, counts = self.count.first_day()
        for index in range(self.count.day, first):
            zh, en = _named(self.day(index))
            if index == self.count.day:
                yield self.about(
                    index,
                    f"{zh}，非办公时间，起算移至下一工作日",
                    f"{en}, out of hours: the start rolls to the next working day",
                    source="约定 out_of_hours=roll（民法典 第204条）",
                )
            else:
                yield self.about(index, f"{zh}，不计入", f"{en}: not counted")
        works = counts and (self.day(first).is_workday or self.count.unit is not LimitUnit.WORKING_DAY)
        zh, en, source = _FIRST_DAY[counts]
        if counts and not works:
            zh, en = _named(self.day(first))
            zh, en, source = f"{zh}，不计入", f"{en}: not counted", self.day(first).source
        yield self.about(first, zh, en, source=source, counted=works, number=1 if works else None)

    def working_days(self) -> Iterator[Step]:
        steps = list(self.opening())
        yield from steps
        first, number = self.count.first_day()[0], steps[-1].number or 0
        last = self.count.last if self.count.rest_from is None else self._last_whole_day()
        for index in range(first + 1, last + 1):
            zh, en = _named(self.day(index))
            if self.day(index).is_workday:
                number += 1
                yield self.about(
                    index, f"{zh}，第{number}日", f"{en}: day {number}", counted=True, number=number
                )
            else:
                yield self.about(index, f"{zh}，不计入", f"{en}: not counted")
        if self.count.rest_from is None:
            yield self.closing()

    def _last_whole_day(self) -> int:
        first, counts = self.count.first_day()
        table = self.calendar.table
        before = table.rank[first] - (table.flags[first] if counts else 0)
        return self.count.nth_workday(before + int(self.count.amount))

    def natural_days(self, unit: LimitUnit) -> Iterator[Step]:
        steps = list(self.opening())
        yield from steps
        first, number = self.count.first_day()[0], steps[-1].number or 0
        due = self.count.unshifted()
        if unit is LimitUnit.MONTH:
            zh = "到期月的对应日；没有对应日的为月末日"
            yield self.end(due, zh, "the corresponding day of the month, else its last", "民法典 第202条")
        else:
            for index in range(first + 1, due + 1):
                zh, en = _named(self.day(index))
                number += 1
                yield self.about(
                    index, f"{zh}，第{number}日", f"{en}: day {number}", counted=True, number=number
                )
        for index in range(due + 1, self.count.last + 1):
            zh, en = _named(self.day(index))
            off = index < self.count.last
            yield self.about(
                index,
                f"{zh}，期限末日遇休息日，顺延" if off else f"{zh}，顺延至此日",
                f"{en}: the last day was a day off, it shifts",
                source="民法典 第203条第一款",
            )
        yield self.closing()


def _named(day: Day) -> tuple[str, str]:
    zh, en = _KINDS[day.kind]
    name = f"（{day.name}）" if day.name else ""
    later = "，通知未发布" if day.provisional else ""
    return f"{zh}{name}{later}", f"{en}{' not announced yet' if day.provisional else ''}"
