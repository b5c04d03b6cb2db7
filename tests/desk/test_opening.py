"""Opening a desk: which district, which store, which calendar; and what is there instead."""

import warnings
from pathlib import Path

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.desk import Desk
from bubancheng.district import read_profile
from bubancheng.errors import (
    BubanchengError,
    CalendarChangedWarning,
    PluginError,
    ProfileError,
    StoreError,
    UnknownNameError,
)
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore, Record
from tests.acting import CALENDAR, DISTRICT, PROFILE, WINDOW, Clock, acknowledged, open_desk, registered

EARLY = WorkCalendar.china("08:00-16:00")


class TestDistrict:
    @pytest.mark.parametrize("name", ["chongming", "sh-chongming", str(PROFILE), PROFILE, DISTRICT])
    def test_a_district_is_found(self, name: object) -> None:
        with Desk.open(name) as desk:  # type: ignore[arg-type]
            assert desk.district.title == "上海市崇明区"

    @pytest.mark.parametrize(
        "name", ["nowhere", "", "Chongming", "sqlite", "崇明", "../chongming", "x" * 5000]
    )
    def test_an_unknown_district_says_what_there_is(self, name: str) -> None:
        with pytest.raises(UnknownNameError, match=r"chongming \(sh-chongming 上海市崇明区\)"):
            Desk.open(name)

    def test_a_profile_that_is_not_there_is_named(self) -> None:
        with pytest.raises(ProfileError, match=r"nowhere\.toml"):
            Desk.open("nowhere.toml")

    def test_a_profile_with_faults_tells_them(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.toml"
        path.write_text(PROFILE.read_text("utf-8").replace("window =", "windows ="), encoding="utf-8")
        with pytest.raises(ProfileError, match=r"district\.windows"):
            Desk.open(path)

    def test_a_plugin_that_is_not_there_is_named(self) -> None:
        with pytest.raises(UnknownNameError, match=r"'nothing'.*chongming"):
            Desk.open(DISTRICT, plugins=["nothing"])


class TestStore:
    def test_without_a_store_it_is_memory(self) -> None:
        with Desk.open(DISTRICT, clock=Clock()) as desk:
            assert registered(desk).version == 1

    def test_a_url_makes_a_file(self, tmp_path: Path) -> None:
        with Desk.open(DISTRICT, store=f"sqlite:///{tmp_path}/desk.db"):
            assert (tmp_path / "desk.db").is_file()

    def test_what_was_stored_is_there_the_next_time(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/desk.db"
        with Desk.open(DISTRICT, store=url, clock=Clock()) as desk:
            registered(desk)
        with Desk.open(DISTRICT, store=url) as desk:
            assert desk.get("T1", actor=WINDOW).step == "registered"

    def test_a_missing_store_is_refused_where_none_may_be_made(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="no such store"):
            Desk.open(DISTRICT, store=f"sqlite:///{tmp_path}/desk.db", create=False)

    @pytest.mark.parametrize("url", ["nosuch://x/y", "nowhere+driver://x/y", "chongming:///x", "sqlit:///x"])
    def test_an_unknown_scheme_names_the_stores_there_are_and_nothing_else(self, url: str) -> None:
        with pytest.raises(UnknownNameError) as caught:
            Desk.open(DISTRICT, store=url)
        told = " ".join(caught.value.known)
        assert ("sqlite" in told, "chongming" in told) == (True, False)

    @pytest.mark.parametrize("url", ["", "desk.db", "sqlite:/x", "/tmp/desk.db"])  # noqa: S108 never opened
    def test_what_is_no_url_says_how_to_write_one(self, url: str) -> None:
        with pytest.raises(UnknownNameError, match="sqlite:///"):
            Desk.open(DISTRICT, store=url)

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite://desk.db"])
    def test_a_url_without_a_file_says_how_to_write_one(self, url: str) -> None:
        with pytest.raises(StoreError, match=r"sqlite:///relative\.db"):
            Desk.open(DISTRICT, store=url)

    def test_a_closed_desk_says_so(self, tmp_path: Path) -> None:
        with Desk.open(DISTRICT, store=f"sqlite:///{tmp_path}/desk.db") as desk:
            pass
        with pytest.raises(StoreError, match="closed"):
            registered(desk)

    def test_a_name_that_is_too_long_is_refused_in_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError):
            Desk.open(DISTRICT, store=f"sqlite:///{tmp_path}/{'x' * 300}.db")


class TestCalendar:
    def test_the_same_calendar_warns_of_nothing(self) -> None:
        store = MemoryStore()
        open_desk(Clock(), store)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            open_desk(Clock(), store)

    def test_another_calendar_warns_with_both_versions(self) -> None:
        store = MemoryStore()
        open_desk(Clock(), store)
        with pytest.warns(CalendarChangedWarning, match=f"{CALENDAR.version}.*{EARLY.version}"):
            Desk.open(DISTRICT, store=store, calendar=EARLY)

    def test_the_stored_calendar_stays(self) -> None:
        store = MemoryStore()
        acknowledged(open_desk(Clock(), store))
        with pytest.warns(CalendarChangedWarning):
            desk = Desk.open(DISTRICT, store=store, calendar=EARLY)
        (line,) = desk.board(Clock().put("2024-03-25 12:00"))
        assert (CALENDAR.version, 17) == (desk.calendar.version, line.due.hour if line.due else None)

    def test_a_store_for_another_district_has_its_own_calendar(self, tmp_path: Path) -> None:
        store = MemoryStore()
        open_desk(Clock(), store)
        path = tmp_path / "other.toml"
        text = PROFILE.read_text("utf-8").replace('name = "chongming"', 'name = "elsewhere"', 1)
        path.write_text(text, encoding="utf-8")
        other = Desk.open(read_profile(path), store=store, calendar=EARLY)
        assert EARLY.version == other.calendar.version

    @pytest.mark.parametrize("text", [None, "", "{}", "nonsense", "[]", '{"zone": 5}'])
    def test_a_stored_calendar_that_nobody_can_read_is_said_in_our_words(self, text: str | None) -> None:
        store = MemoryStore()
        setting = Record("setting", "calendar", "0123456789abcdef")
        kept = [] if text is None else [Record("calendar", "0123456789abcdef", text)]
        store.commit(ChangeSet(district="chongming", records=[setting, *kept]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CalendarChangedWarning)
            with pytest.raises(BubanchengError):
                open_desk(Clock(), store)


class TestTwoDesks:
    def test_two_desks_on_one_file_see_each_other(self, tmp_path: Path) -> None:
        path = str(tmp_path / "desk.db")
        first, second = (open_desk(Clock(), SqliteStore(path)) for _ in range(2))
        registered(first)
        assert second.get("T1", actor=WINDOW).step == "registered"
        first.close()
        second.close()

    def test_two_districts_on_one_store_do_not(self, tmp_path: Path) -> None:
        store = MemoryStore()
        path = tmp_path / "other.toml"
        text = PROFILE.read_text("utf-8").replace('name = "chongming"', 'name = "elsewhere"', 1)
        path.write_text(text, encoding="utf-8")
        here, there = open_desk(Clock(), store), Desk.open(path, store=store, clock=Clock())
        registered(here)
        acknowledged(there)
        assert ["registered", "acknowledged"] == [it.get("T1", actor=WINDOW).step for it in (here, there)]


def test_a_plugin_of_the_wrong_kind_does_not_open_a_store() -> None:
    with pytest.raises((PluginError, UnknownNameError)):
        Desk.open(DISTRICT, store="chongming:///x")
