"""How single values stand in JSON: what is taken, in words and as a schema, and both ways."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from types import NoneType
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from bubancheng.calendar.civil import find_zone
from bubancheng.errors import ArgumentError
from bubancheng.sla import Limit, Share
from bubancheng.sla.light import parse_share
from bubancheng.sla.notation import FORMS as LIMIT_FORMS

Kind = Any
"""A type as annotations write it: a class, a union, a generic."""
Json = Any
"""A value that JSON can hold, or one that stands for it."""

_MICROSECOND = dt.timedelta(microseconds=1)
_MINUTE = dt.timedelta(minutes=1)

_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_FRACTION = r"^-?[0-9]+(/0*[1-9][0-9]*)?$"
_OFFSET = re.compile(r"[+-][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{6})?)?")


class RefusedError(ArgumentError):
    """A value that cannot stand where it stands: what is taken, and what was got."""

    def __init__(self, takes: str, got: str) -> None:
        super().__init__(takes, got)
        self.takes, self.got = takes, got

    def __str__(self) -> str:
        return f"takes {self.takes}, got {self.got}"


@attrs.frozen(kw_only=True)
class Form:
    """How values of one type stand in JSON.

    `takes`: in words; `json`: the types of the JSON value; `write` and `read`: both ways, `ValueError` or
    `OverflowError` for what cannot be; `schema`: the same for a validator, under `name` where it has one.
    """

    takes: str
    json: frozenset[type]
    schema: Mapping[str, Any]
    name: str | None = None
    write: Callable[[Any], Any] = attrs.field(default=lambda value: value)
    read: Callable[[Any], Any] = attrs.field(default=lambda value: value)

    def checked(self, value: object) -> Json:
        """Return what a JSON value says; `RefusedError` for one of another form."""
        pattern = self.schema.get("pattern")
        fits = type(value) in self.json and (pattern is None or re.fullmatch(pattern, str(value)))
        try:
            if fits:
                return self.read(value)
        except (ValueError, OverflowError):
            pass
        raise RefusedError(self.takes, shown(value))


def shown(value: object, longest: int = 60) -> str:
    """Return a JSON value fit for a message."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def _write_instant(when: dt.datetime) -> str:
    offset = when.utcoffset()
    if offset is None:
        msg = "an instant without a zone means another one elsewhere: start from one with its zone"
        raise ArgumentError(msg)
    return (when.astimezone(dt.UTC) if offset % _MINUTE else when).isoformat()


def _write_seconds(span: dt.timedelta) -> int | float:
    if not span.microseconds:
        return span.days * 86_400 + span.seconds
    seconds = span.total_seconds()
    if _microseconds(seconds) != span // _MICROSECOND:
        msg = f"no number of seconds says {span!r} exactly: beyond 272 years only whole seconds fit"
        raise ArgumentError(msg)
    return seconds


def _read_seconds(seconds: float) -> dt.timedelta:
    span = dt.timedelta(microseconds=_microseconds(seconds))
    if span.total_seconds() != seconds:
        raise ValueError(seconds)
    return span


def _microseconds(seconds: float) -> int:
    """Return the nearest number of microseconds; `ValueError` or `OverflowError` where there is none."""
    return round(Fraction(seconds) * 1_000_000)


def _write_zone(zone: dt.tzinfo) -> str:
    if isinstance(zone, dt.timezone):
        return dt.time(tzinfo=zone).isoformat()[len("00:00:00") :]
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    msg = f"{zone!r} has no name to write: use zoneinfo.ZoneInfo or datetime.timezone"
    raise ArgumentError(msg)


def _read_zone(text: str) -> dt.tzinfo | None:
    if _OFFSET.fullmatch(text):
        return dt.time.fromisoformat(f"00:00:00{text}").tzinfo
    return find_zone(text)


def _read_float(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(number)
    return float(number)


_TEXT = frozenset({str})
_NUMBER = frozenset({int, float})

# A subclass stands before its base.
FORMS: Mapping[type, Form] = {
    NoneType: Form(takes="null", json=frozenset({NoneType}), schema={"type": "null"}),
    bool: Form(takes="true or false", json=frozenset({bool}), schema={"type": "boolean"}),
    int: Form(takes="a whole number", json=frozenset({int}), schema={"type": "integer"}),
    float: Form(takes="a number", json=_NUMBER, schema={"type": "number"}, read=_read_float),
    str: Form(takes="a text", json=_TEXT, schema={"type": "string"}),
    dt.datetime: Form(
        takes="an instant with offset such as 2024-03-25T10:00:00+08:00",
        json=_TEXT,
        schema={
            "type": "string",
            "format": "date-time",
            "pattern": _INSTANT,
            "description": "An instant with offset, to the microsecond.",
        },
        name="Instant",
        write=_write_instant,
        read=dt.datetime.fromisoformat,
    ),
    dt.date: Form(
        takes="a date such as 2024-03-25",
        json=_TEXT,
        schema={"type": "string", "format": "date", "pattern": _DATE},
        name="Date",
        write=dt.date.isoformat,
        read=dt.date.fromisoformat,
    ),
    dt.timedelta: Form(
        takes="a number of seconds, to the microsecond",
        json=_NUMBER,
        schema={"type": "number", "description": "A span of time in seconds, to the microsecond."},
        name="Seconds",
        write=_write_seconds,
        read=_read_seconds,
    ),
    Fraction: Form(
        takes='a fraction such as "1/2" or "3"',
        json=_TEXT,
        schema={"type": "string", "pattern": _FRACTION, "description": "A fraction such as 1/2 or 3."},
        name="Fraction",
        write=str,
        read=Fraction,
    ),
    dt.tzinfo: Form(
        takes="a time zone such as Asia/Shanghai or +08:00",
        json=_TEXT,
        schema={"type": "string", "minLength": 1, "description": "A time zone: IANA name or offset."},
        name="Zone",
        write=_write_zone,
        read=_read_zone,
    ),
}


@attrs.frozen
class Wording:
    """How a record is put in words where another one holds it.

    `parse`: from words, `ArgumentError` for others; `example` and `forms`: which words are understood.
    """

    parse: Callable[[str], Any]
    example: str
    forms: str

    def of(self, record: object) -> str | None:
        """Return a record in words; None where they do not say it exactly."""
        try:
            return str(record) if self.parse(str(record)) == record else None
        except ArgumentError:
            return None


WORDINGS: Mapping[type, Wording] = {
    Limit: Wording(Limit.parse, "3个工作日", LIMIT_FORMS),
    Share: Wording(parse_share, "25%", "A percentage such as 25%"),
}


@cache
def form_of(value_type: type) -> Form | None:
    """Return the form of the values of a type; None where it is no single value."""
    return next((form for kind, form in FORMS.items() if issubclass(value_type, kind)), None)
