"""How rules write a time limit (时限): 3个工作日, 当日, 24小时, 1个月; read and printed."""

import re
import unicodedata
from enum import Enum
from fractions import Fraction

from bubancheng.errors import KindError, LimitError


class LimitUnit(Enum):
    """What a limit counts; the value is the English word of the unit."""

    ON_THE_SPOT = "on the spot"
    SAME_DAY = "same day"
    WORKING_DAY = "working day"
    WORKING_HOUR = "working hour"
    WORKING_MINUTE = "working minute"
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    BY_AGREEMENT = "by agreement"


BARE = {LimitUnit.ON_THE_SPOT, LimitUnit.SAME_DAY, LimitUnit.BY_AGREEMENT}
NATURAL_TIME = {LimitUnit.SECOND, LimitUnit.MINUTE, LimitUnit.HOUR, LimitUnit.ON_THE_SPOT}
WHOLE = {LimitUnit.DAY, LimitUnit.MONTH}

_CHINESE: dict[LimitUnit, tuple[str, ...]] = {
    # the first is how it is printed
    LimitUnit.ON_THE_SPOT: ("当场", "现场", "即时"),
    LimitUnit.SAME_DAY: ("当日", "当天"),
    LimitUnit.BY_AGREEMENT: ("约定", "按约定", "另行约定"),
    LimitUnit.WORKING_DAY: ("个工作日", "工作日"),
    LimitUnit.WORKING_HOUR: ("个工作小时", "工作小时"),
    LimitUnit.WORKING_MINUTE: ("个工作分钟", "工作分钟"),
    LimitUnit.SECOND: ("秒", "秒钟"),
    LimitUnit.MINUTE: ("分钟", "分"),
    LimitUnit.HOUR: ("小时", "个小时", "个自然小时", "自然小时"),
    LimitUnit.DAY: ("日", "天", "个自然日", "自然日", "个日历日"),
    LimitUnit.MONTH: ("个月", "月", "个自然月"),
}
_ENGLISH: dict[str, LimitUnit] = {
    **{unit.value: unit for unit in LimitUnit},
    "natural hour": LimitUnit.HOUR,
    "natural day": LimitUnit.DAY,
    "calendar day": LimitUnit.DAY,
    "business day": LimitUnit.WORKING_DAY,
    "business hour": LimitUnit.WORKING_HOUR,
}
_UNIT_OF = {word: unit for unit, words in _CHINESE.items() for word in words} | _ENGLISH

FORMS = (
    "当场, 当日, 3个工作日, 0.5个工作日, 2个工作小时, 60秒, 30分钟, 24小时, 7日, 15个自然日, 1个月, 约定; "
    "on the spot, same day, 3 working days, 2 working hours, 60 seconds, 30 minutes, 24 hours, "
    "7 days, 1 month, by agreement"
)

_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_CHINESE_NUMBER = re.compile(r"([一二两三四五六七八九]?)(十?)([一二三四五六七八九]?)")
_CHINESE_LIMIT = re.compile(r"(?P<number>[\d.]+|[一二两三四五六七八九十]+|)(?P<half>个?半|)(?P<unit>\D+)")
_ENGLISH_LIMIT = re.compile(r"(\d+(?:\.\d+)?) ?([a-z ]+?)s?")


def _amount(number: str, half: str) -> Fraction | None:
    """Return the amount that digits or Chinese numerals say; None where they say nothing."""
    extra = Fraction(1, 2) if half else Fraction(0)
    if not number:
        return extra or None
    if _NUMBER.fullmatch(number):
        return Fraction(number) + extra
    found = _CHINESE_NUMBER.fullmatch(number)
    if found is None:
        return None
    tens, ten, ones = found.groups()
    if not ten:
        return None if ones else Fraction(_DIGITS[tens]) + extra
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0) + extra


def read_limit(text: str) -> tuple[Fraction, LimitUnit]:
    """Return amount and unit of a written limit; `LimitError` lists the forms."""
    if not isinstance(text, str):
        msg = f"a limit is written as text, got {text!r}; write {FORMS}"
        raise KindError(msg)
    words = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    plain = re.sub(r"(之内|以内|内)$", "", words.replace(" ", ""))
    bare = _UNIT_OF.get(words) or _UNIT_OF.get(plain)
    if bare in BARE:
        return Fraction(0), bare
    english = _ENGLISH_LIMIT.fullmatch(words)
    chinese = _CHINESE_LIMIT.fullmatch(plain)
    amount, unit = None, None
    if english:
        amount, unit = _amount(english[1], ""), _ENGLISH.get(english[2])
    elif chinese:
        unit = _UNIT_OF.get(chinese["unit"])
        amount = _amount(chinese["number"], chinese["half"])
    if unit is None or amount is None or unit in BARE:
        msg = f"{text[:40]!r} is not a limit; write {FORMS}"
        raise LimitError(msg)
    return amount, unit


def print_number(amount: Fraction) -> str:
    """Return an amount in the shortest decimal form."""
    if amount.denominator == 1:
        return str(amount.numerator)
    whole, rest = divmod(round(amount * 1_000_000), 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0")


def print_chinese(amount: Fraction, unit: LimitUnit) -> str:
    """Return a limit as a Chinese rule writes it."""
    word = _CHINESE[unit][0]
    return word if unit in BARE else f"{print_number(amount)}{word}"


def print_english(amount: Fraction, unit: LimitUnit) -> str:
    """Return a limit in English."""
    if unit in BARE:
        return unit.value
    return f"{print_number(amount)} {unit.value}{'' if amount == 1 else 's'}"
