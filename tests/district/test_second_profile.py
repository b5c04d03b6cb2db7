"""What only one real profile says is said by an invented one too, so that it is no district's own word."""

import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bubancheng.actions import Accept, Acknowledge, AttemptContact, Classify, Register, Resolve
from bubancheng.cli.output import print_board
from bubancheng.desk import Desk
from bubancheng.district import Channel, District, parse_profile
from bubancheng.sla import Light
from bubancheng.ticket import Actor
from tests.acting import STANDARD, Clock
from tests.district.installed import districts
from tests.district.invented import HERE, invented

ROOT = Path(__file__).parents[2]
FREE = {
    "limits",
    "where",
    "tickets",
    "but",
    "given",
    "lights",
    "counting",
}  # tables with keys of the writer's own
WINDOW = Actor(id="w", role="window_officer", unit="甲局")
OFFICER = Actor(id="o", role="disposal_officer", unit="甲局")

MORE = """
[district.lights]
green = "正常"
yellow = "将到期"
red = "已超期"

[[role]]
id = "inspector"
name = "督查员"
rights = ["accesses"]
logged = true

[[channel]]
id = "street"
name = "街边"
trial_from = 2026-01-01

[[unit]]
name = "乙局"
kind = "matter_authority"
places = ["一厅"]
outside = true

[[service_point]]
name = "兜底窗口"
unit = "甲局"
location = "一楼"
hours = "09:00-12:00"

[[duty]]
post = "clerk"
name = "综合窗口"
holders = ["zhao"]
certificate = "综合窗口办事员"

[[rule]]
version = "1"
closed_light = "green"

[rule.unreachable]
attempts = 2
half_days = 1

[[rule.class]]
id = "simple"
name = "简单"

[[rule.target]]
name = "resolve"
limits = { simple = "当日" }

[[rule.target]]
name = "contact"
starts = "acknowledged"
stops = ["contacted", "resolved", "contact_attempted?unreachable"]
limit = "2个工作日"
capped_by = "resolve"
"""


def district(head: str = "") -> District:
    """Return the invented district with what the real ones say alone."""
    return invented(MORE, head=head)


def taken(clock: Clock, place: str | None = None, head: str = "") -> Desk:
    """Return a desk with one ticket that was taken in."""
    desk = Desk.open(district(head), clock=clock)
    desk.do(Register(ticket="T1", matter="执照", place=place), actor=WINDOW)
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    return desk


def keys(table: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the paths of all keys of a profile, without the numbers of lists."""
    for key, value in table.items():
        place = f"{path}.{key}" if path else key
        yield place
        for it in value if isinstance(value, list) else [value]:
            if isinstance(it, dict) and key not in FREE:
                yield from keys(it, place)


def test_no_key_is_read_by_one_profile_only_unless_an_invented_one_says_it() -> None:
    readers = defaultdict(set)
    profiles = [STANDARD, *sorted((ROOT / "plugins").glob("*/src/*/*.toml"))]
    assert len(profiles) >= len(districts())
    for profile in profiles:
        for key in keys(tomllib.loads(profile.read_text("utf-8"))):
            readers[key].add(profile)
    alone = sorted(key for key, found in readers.items() if len(found) == 1)
    said = "".join(it.read_text("utf-8") for it in sorted(HERE.glob("*")) if it.suffix in {".py", ".toml"})
    assert alone  # else this looks at nothing
    assert [] == [
        key for key in alone if f"{key.rpartition('.')[2]} = " not in said and f"{key}]" not in said
    ]


def test_roles_routes_counters_and_units_can_be_left_out() -> None:
    base = '[district]\ninherits = "invented.toml"\n' + MORE
    found = parse_profile(
        base + '[without]\nrole = ["kiosk"]\nroute = ["reporter"]\nunit = ["甲局一所"]\n', folder=HERE
    )
    assert (None, [], None) == (
        found.role("kiosk"),
        [it.id for it in found.routes if it.id == "reporter"],
        found.unit("甲局一所"),
    )


def test_a_counter_that_is_inherited_can_be_left_out(tmp_path: Path) -> None:
    counter = '[[service_point]]\nname = "兜底窗口"\nunit = "甲局"\nlocation = "一楼"\n'
    (tmp_path / "base.toml").write_text((HERE / "invented.toml").read_text("utf-8") + counter, "utf-8")
    own = '[district]\ninherits = "base.toml"\n[without]\nservice_point = ["兜底窗口"]\n'
    assert () == parse_profile(own, folder=tmp_path).service_points


def test_whatever_a_logged_role_reads_is_on_record() -> None:
    inspector = Actor(id="i", role="inspector")
    desk = taken(Clock("2026-03-02 10:00"))
    desk.get("T1", actor=WINDOW)
    desk.get("T1", actor=inspector)
    accesses = desk.accesses("T1", actor=inspector)  # itself a read
    assert ["i", "i"] == [it.actor.id for it in accesses]


def test_places_may_be_asked_before_matters() -> None:
    clock = Clock("2026-03-02 10:00")
    assert "甲局" == taken(clock, place="一厅").get("T1", actor=WINDOW).unit
    first = 'dispatch_keys = ["handling_place", "matter_owner"]\n'
    assert "乙局" == taken(clock, place="一厅", head=first).get("T1", actor=WINDOW).unit


def test_a_closed_ticket_may_be_green_again() -> None:
    clock = Clock("2026-03-02 10:00")
    desk = taken(clock)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    clock.put("2026-03-20 10:00")
    (late,) = desk.board()
    desk.do(Resolve(ticket="T1", reply="已办"), actor=OFFICER)
    (done,) = desk.board()
    assert (Light.RED, Light.GREEN) == (late.light, done.light)


def test_a_limit_is_never_later_than_the_one_that_caps_it() -> None:
    # simple: due the same day, 17:00; the contact's own two working days would end on 4 March
    desk = taken(Clock("2026-03-02 10:00"))
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    desk.do(Classify(ticket="T1", category="简单"), actor=OFFICER)
    (line,) = desk.board()
    assert dt.datetime.fromisoformat("2026-03-02T17:00+08:00") == line.contact_due


def test_two_tries_in_one_morning_may_be_enough() -> None:
    clock = Clock("2026-03-02 10:00")
    desk = taken(clock)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    for minute in ("10:10", "11:00"):
        clock.put(f"2026-03-02 {minute}")
        desk.do(AttemptContact(ticket="T1", tried_by="电话"), actor=OFFICER)
    assert True is desk.get("T1", actor=OFFICER).facts["unreachable"]


def test_the_lights_may_have_other_words(capsys: pytest.CaptureFixture[str]) -> None:
    desk = taken(Clock("2026-03-02 10:00"))
    print_board(
        desk.board(), "虚构区", dt.datetime.fromisoformat("2026-03-02T10:00+08:00"), district().light_words
    )
    shown = capsys.readouterr().out
    assert ("●正常" in shown, "●绿" in shown) == (True, False)


def test_what_is_only_told_is_kept_as_it_was_written() -> None:
    found = district()
    assert (
        Channel(id="street", name="街边", trial_from=dt.date(2026, 1, 1)),
        True,
        "09:00-12:00",
        "综合窗口办事员",
    ) == (
        found.channels[0],
        next(it for it in found.units if it.name == "乙局").is_outside,
        found.service_points[0].hours,
        found.duties[0].certificate,
    )
