"""What a cell of a case table may hold: each reader returns a value or says what is allowed."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from bubancheng.errors import ArgumentError
from bubancheng.sla import Counting, Light

T = TypeVar("T")
Hours = str | Mapping[str, str]

_LONGEST_SHOWN = 40
_DATE_MARKS = str.maketrans({"/": "-", "年": "-", "月": "-", "日": " "})
_MOMENT = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")  # how spreadsheets store a day: 46295.6667
_BETWEEN_DATES = re.compile(r"[\s,;、]+")

LIGHTS = {
    word: light
    for light, name in ((Light.GREEN, "绿"), (Light.YELLOW, "黄"), (Light.RED, "红"))
    for word in (name, f"{name}灯", f"●{name}", light.value)
}
ANSWERS = {"是": True, "暂定": True, "yes": True, "true": True, "否": False, "no": False, "false": False}
WEEKDAYS = {
    word: name
    for name, words in {
        "mon": ("周一", "星期一", "mon"),
        "tue": ("周二", "星期二", "tue"),
        "wed": ("周三", "星期三", "wed"),
        "thu": ("周四", "星期四", "thu"),
        "fri": ("周五", "星期五", "fri"),
        "sat": ("周六", "星期六", "sat"),
        "sun": ("周日", "星期日", "sun"),
    }.items()
    for word in words
}


def shown(text: str) -> str:
    """Return a cell's text fit for a message: short, and without control characters."""
    plain = "".join(char if char.isprintable() else "�" for char in text)
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…（共 {len(text)} 字）"


def read_moment(text: str) -> dt.datetime:
    """Return an instant, naive where no offset is written; 24:00 is the next midnight."""
    moment = read_day_or_moment(text)
    if isinstance(moment, dt.datetime):
        return moment
    msg = f"“{shown(text)}”没有时刻，应写作 {moment} 16:00"
    raise ArgumentError(msg)


def read_day_or_moment(text: str) -> dt.date | dt.datetime:
    """Return an instant, or a civil date where no time of day is written."""
    plain = _plain(text).upper().translate(_DATE_MARKS).strip()
    found = _MOMENT.fullmatch(plain)
    if found is None:
        why = "是表格软件的日期序号，请把单元格设为文本或日期格式" if _SERIAL.fullmatch(plain) else "不是时间"
        msg = f"“{shown(text)}”{why}，应写作 2026-09-30 16:00"
        raise ArgumentError(msg)
    try:
        return _moment(found)
    except (ValueError, OverflowError):
        msg = f"“{shown(text)}”不是存在的日期或时刻"
        raise ArgumentError(msg) from None


def _moment(found: re.Match[str]) -> dt.date | dt.datetime:
    day = dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    if found["hour"] is None:
        return day
    clock = f"{found['minute']}:{found['second'] or '00'}.{found['fraction'] or '0':0<6}"
    hour = found["hour"]
    if (hour, clock) == ("24", "00:00.000000"):
        day, hour = day + dt.timedelta(days=1), "00"
    return dt.datetime.fromisoformat(f"{day}T{hour:0>2}:{clock}{found['offset'] or ''}")


def read_dates(text: str) -> tuple[dt.date, ...]:
    """Return the dates of a list."""
    found = []
    for part in filter(None, _BETWEEN_DATES.split(_plain(text))):
        day = read_day_or_moment(part)
        if isinstance(day, dt.datetime):
            msg = f"“{shown(part)}”应为日期，如 2026-10-01"
            raise ArgumentError(msg)
        found.append(day)
    return tuple(found)


def read_light(text: str) -> Light:
    """Return a light by its word."""
    return _word(text, LIGHTS, "灯")


def read_answer(text: str) -> bool:
    """Return yes or no."""
    return _word(text, ANSWERS, "是否")


def read_counting(text: str) -> Counting:
    """Return conventions written as `out_of_hours=roll; first_day=included`."""
    return Counting.of(_pairs(text, "out_of_hours=roll"))


def read_hours(text: str) -> Hours:
    """Return office hours: `09:00-12:00,13:30-17:30`, or by weekday, `周一=09:00-17:00; 周六=09:00-12:00`."""
    plain = _plain(text)
    if "=" not in plain:
        return plain
    return {_word(day, WEEKDAYS, "星期"): spans for day, spans in _pairs(plain, "周一=09:00-17:00").items()}


def read_text(text: str) -> str:
    """Return a text as it is."""
    return text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _word(text: str, words: Mapping[str, T], what: str) -> T:
    found = words.get(_plain(text).lower())
    if found is None:
        msg = f"没有{what}“{shown(text)}”，可以写：{'、'.join(words)}"
        raise ArgumentError(msg)
    return found


def _pairs(text: str, example: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (it.strip() for it in re.split(r"[;\n]", _plain(text)))):
        key, equals, value = part.partition("=")
        if not equals or key.strip() in found:
            why = "写了两次" if equals else f"应写作 {example}，多项用分号隔开"
            msg = f"“{shown(part)}”{why}"
            raise ArgumentError(msg)
        found[key.strip()] = value.strip()
    return found
