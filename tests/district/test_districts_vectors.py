"""Every published rule of tests/data/districts.json, as dates that were counted elsewhere.

The file is the project's own collection of published rules (statutes, official pages, press reports named in it);
its expected dates follow from the default reading alone: first day excluded (民法典 第201条), the State Council's
working days of 2026. Each date is asked of the installed profile's own target; each class of the file without a
number has no due time there either.
"""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.sla import Clock, Light
from bubancheng.ticket import Fact, Mark
from bubancheng.ticket.fold import restored
from tests.acting import instant
from tests.district.installed import district_of

DATA = json.loads((Path(__file__).parents[1] / "data" / "districts.json").read_text("utf-8"))


@attrs.frozen
class Asked:
    """How a profile is asked: for which target, after which kind of entry, on a ticket with which facts.

    "agreed_due" as a fact's value stands for the instant itself: the limit that expires there.
    """

    target: str
    kind: str
    facts: dict[str, Fact] = attrs.field(factory=dict)


FORWARD: dict[str, Fact] = {"handling_mode": "forward", "agreed_due": "agreed_due"}
READINGS: dict[tuple[str, str], Asked] = {
    ("sh-chongming", "SIMPLE"): Asked("resolve", "acknowledged", {"class": "simple"}),
    ("sh-chongming", "GENERAL"): Asked("resolve", "acknowledged", {"class": "general"}),
    ("sh-chongming", "COMPLEX"): Asked("resolve", "acknowledged", {"class": "complex"}),
    ("sh-chongming", "HARD"): Asked("resolve", "acknowledged", {"class": "hard"}),
    ("sh-chongming", "contact"): Asked("contact", "acknowledged", {"class": "complex"}),
    ("gd-shenzhen", "FORWARD"): Asked("resolve", "registered", {"handling_mode": "forward"}),
    ("gd-shenzhen", "INTERVENE"): Asked("resolve", "registered", {"handling_mode": "intervene"}),
    ("gd-shenzhen", "rectification_filing"): Asked("filing", "resolved", {"rectification": "needed"}),
    ("gd-shenzhen", "callback"): Asked("callback", "dispatched", FORWARD),
    ("bj-city", "GENERAL"): Asked("resolve", "acknowledged", {"class": "general"}),
    ("tj-binhai", "COMPLEX"): Asked("resolve", "dispatched", {"class": "complex"}),
    ("tj-binhai", "SPECIAL"): Asked("resolve", "dispatched", {"class": "special"}),
    ("tj-binhai", "HARD"): Asked("resolve", "dispatched", {"class": "hard"}),
    ("he-luquan", "S1"): Asked("s1", "accepted"),
    ("he-luquan", "S2"): Asked("s2", "studied"),
    ("he-luquan", "S3"): Asked("s3", "superior_consulted"),
    ("he-luquan", "S4"): Asked("s4", "reported_up"),
    ("he-luquan", "S5"): Asked("s5", "meeting_called"),
}
# 当场: done while the person waits, so no clock runs; the flow has its own row for it
ON_SITE = {("sh-chongming", "ON_SITE"), ("gd-shenzhen", "ON_SITE"), ("tj-binhai", "SIMPLE")}
# the street keeps to the rule of its city
ALSO = {"gd-shenzhen": ("shenzhen", "shahe")}


def limits() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every limit of the file: its district, its code, the limit."""
    for district in DATA["districts"]:
        for category in district["categories"]:
            yield district["id"], category["code"], category["limit"]
        for key in ("contact", "rectification_filing", "callback"):
            limit = district.get(key, {})
            limit = limit.get("limit", limit)
            if "n" in limit:
                yield district["id"], key, limit


def clock_of(name: str, asked: Asked, at: str) -> Clock:
    """Return the clock of a target on a ticket to which the starting entry happened at an instant."""
    district, start = district_of(name), instant(at.replace("T", " "))
    facts = {key: start.isoformat() if it == "agreed_due" else it for key, it in asked.facts.items()}
    marks = [Mark(1, "registered", start, "registered", facts)]
    if asked.kind != "registered":
        marks.append(Mark(2, asked.kind, start, None, {}))
    rule = district.rule_on(start.date())
    assert rule is not None
    ticket = restored(district.name, "T1", rule.version, marks)
    return rule.policy.clocks(ticket, district.work_calendar())[asked.target]


CASES = [
    pytest.param(name, READINGS[code, key], vector, id=f"{name}-{key}-{vector['from'][:10]}")
    for code, key, limit in limits()
    for vector in limit.get("vectors", ())
    for name in ALSO.get(code, (code,))
]
OPEN = [
    pytest.param(name, READINGS[code, key], id=f"{name}-{key}")
    for code, key, limit in limits()
    if limit["n"] is None
    for name in ALSO.get(code, (code,))
]


def test_every_limit_of_the_file_is_read() -> None:
    assert {(code, key) for code, key, _ in limits()} == {*READINGS} | ON_SITE
    assert 22 == len(CASES)


@pytest.mark.parametrize(("name", "asked", "vector"), CASES)
def test_a_published_limit_ends_on_the_day_that_was_counted(
    name: str, asked: Asked, vector: dict[str, str]
) -> None:
    due = clock_of(name, asked, vector["from"]).due
    assert due is not None
    assert vector["due_date"] == due.date().isoformat()


@pytest.mark.parametrize(("name", "asked"), OPEN)
def test_a_class_without_a_published_number_has_no_due_time_of_its_own(name: str, asked: Asked) -> None:
    clock = clock_of(name, asked, "2026-09-18 10:00")
    assert (instant("2026-09-18 10:00"), None) == (clock.started, clock.due)


# Luquan counts half hours of business time and half a working day; hours 09:00 to 17:00.
@pytest.mark.parametrize(
    ("stage", "at", "due"),
    [
        ("S1", "2026-09-18 10:00", "2026-09-18 10:30"),
        (
            "S1",
            "2026-09-18 16:45",
            "2026-09-20 09:15",
        ),  # 15 minutes on Friday, 15 on the Sunday that is worked
        ("S2", "2026-09-30 16:00", "2026-09-30 16:30"),
        ("S2", "2026-09-30 16:50", "2026-10-08 09:20"),  # over the National Day holiday
        ("S3", "2026-09-18 10:00", "2026-09-18 14:00"),  # half of eight hours
        ("S3", "2026-09-30 16:00", "2026-10-08 12:00"),  # one hour, then three
    ],
)
def test_luquan_counts_hours_in_business_time(stage: str, at: str, due: str) -> None:
    assert instant(due) == clock_of("luquan", READINGS["he-luquan", stage], at).due


def test_shouguang_is_yellow_for_three_days_red_after_them_and_green_when_done() -> None:
    """A matter promised for Friday 9 October 2026, 17:00."""
    asked = Asked("resolve", "registered", {"agreed_due": "2026-10-09T17:00:00+08:00"})
    clock = clock_of("shouguang", asked, "2026-09-18 10:00")
    times = ("2026-10-06 16:59", "2026-10-06 17:00", "2026-10-09 17:00", "2026-10-09 17:01")
    assert [Light.GREEN, Light.YELLOW, Light.YELLOW, Light.RED] == [clock.light(instant(it)) for it in times]
    done = attrs.evolve(clock, stopped=instant("2026-10-12 10:00"))
    assert (Light.GREEN, False) == (done.light(instant("2026-10-12 10:00")), done.met)


def test_the_file_is_the_one_the_dates_were_counted_in() -> None:
    anchors = {vector["from"] for _, _, limit in limits() for vector in limit.get("vectors", ())}
    assert {"2026-09-18T10:00:00", "2026-09-30T16:00:00"} == anchors
    assert dt.date(2026, 9, 18).isoweekday() == 5
