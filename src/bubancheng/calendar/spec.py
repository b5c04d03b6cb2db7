"""What a calendar is made of, as one value that can be stored and hashed."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

import attrs

from bubancheng.calendar.hours import DAY, Spans


class DayKind(Enum):
    """What kind of day a date is."""

    WORKDAY = "workday"  # 工作日
    WEEKEND = "weekend"  # 休息日, or any weekday without hours
    HOLIDAY = "holiday"  # 放假
    MAKE_UP = "make_up"  # 调休上班
    CLOSED = "closed"  # a closure takes all the working time


@attrs.frozen(kw_only=True)
class Day:
    """One civil date and what decided it.

    `name` is the holiday's (国庆节), None where there is none; `provisional` says that the official
    notice for it is not published yet; `source` is the notice, article or order that decided.
    """

    date: dt.date
    kind: DayKind
    name: str | None
    provisional: bool
    source: str

    @property
    def is_workday(self) -> bool:
        """Whether it counts as a working day (工作日)."""
        return self.kind in {DayKind.WORKDAY, DayKind.MAKE_UP}


@attrs.frozen(kw_only=True)
class SpecialDay:
    """A date on which the week is overruled: worked or off, its holiday, who says so."""

    works: bool
    name: str | None
    source: str


@attrs.frozen(kw_only=True)
class CalendarSpec:
    """Everything that decides a calendar's answers; two equal specs give equal answers."""

    zone: str
    first: dt.date
    last: dt.date
    known_until: dt.date
    week: tuple[Spans, ...]
    week_source: str
    special: Mapping[dt.date, SpecialDay] = attrs.field(factory=dict)
    date_hours: Mapping[dt.date, Spans] = attrs.field(factory=dict)
    closures: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    openings: tuple[tuple[dt.datetime, dt.datetime], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the spec as plain JSON values."""
        return {
            "zone": self.zone,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "known_until": self.known_until.isoformat(),
            "week": [[list(span) for span in spans] for spans in self.week],
            "week_source": self.week_source,
            "special": {
                day.isoformat(): [int(it.works), it.name, it.source]
                for day, it in sorted(self.special.items())
            },
            "date_hours": {
                day.isoformat(): [list(span) for span in spans]
                for day, spans in sorted(self.date_hours.items())
            },
            "closures": [[a.isoformat(), b.isoformat()] for a, b in self.closures],
            "openings": [[a.isoformat(), b.isoformat()] for a, b in self.openings],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "CalendarSpec":
        """Return the spec that `to_dict` described."""

        def spans(rows: list[list[int]]) -> Spans:
            return tuple((start, end) for start, end in rows)

        def intervals(rows: list[list[str]]) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
            return tuple((dt.datetime.fromisoformat(a), dt.datetime.fromisoformat(b)) for a, b in rows)

        day = dt.date.fromisoformat
        return cls(
            zone=data["zone"],
            first=day(data["first"]),
            last=day(data["last"]),
            known_until=day(data["known_until"]),
            week=tuple(spans(rows) for rows in data["week"]),
            week_source=data["week_source"],
            special={
                day(k): SpecialDay(works=bool(w), name=n, source=s)
                for k, (w, n, s) in data["special"].items()
            },
            date_hours={day(key): spans(rows) for key, rows in data["date_hours"].items()},
            closures=intervals(data["closures"]),
            openings=intervals(data["openings"]),
        )

    def version(self) -> str:
        """Return the content hash: 16 hexadecimal digits of SHA-256 over `to_dict`."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_overnight(spans: Spans) -> bool:
    """Whether the last span reaches into the next day."""
    return bool(spans) and spans[-1][1] > DAY
