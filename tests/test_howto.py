"""The page on a further district: its profile is whole, and counts what the page counted by hand."""

import datetime as dt
import re
from pathlib import Path

import pytest

from bubancheng.calendar import WorkCalendar
from tests.cli.calling import ROOT, call, json_of

PAGES = ["docs/howto/new-district.md", "docs/zh/howto/new-district.md"]
# counted by hand in section 9 of the page
DUE = {
    "SL-1": ("2025-10-11T17:30:00+08:00", "green"),
    "SL-2": ("2025-09-29T17:30:00+08:00", "yellow"),
    "SL-3": ("2025-10-13T17:30:00+08:00", "green"),
}


def blocks(page: str, kind: str) -> list[str]:
    """Return the blocks of a kind on a page."""
    return re.findall(rf"^```{kind}\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(params=PAGES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with what somebody has who followed the page."""
    (tmp_path / "my.toml").write_text("\n".join(blocks(request.param, "toml")), encoding="utf-8")
    (ledger,) = blocks(request.param, "none")
    (tmp_path / "shili.csv").write_text(ledger, encoding="utf-8")
    return tmp_path


def test_the_profile_that_the_page_builds_has_no_fault(folder: Path) -> None:
    result = call("check", str(folder / "my.toml"))
    assert (0, True) == (result.exit_code, "没有问题" in result.stdout)


def test_the_ledger_of_the_page_shows_what_the_page_counted(folder: Path) -> None:
    district, now = str(folder / "my.toml"), "2025-09-30T10:00"
    result = call("run", str(folder / "shili.csv"), "--district", district, "--now", now, "--json")
    assert (0, "") == (result.exit_code, result.stderr)
    assert {it["id"]: (it["due"], it["light"]) for it in json_of(result)} == DUE


def test_the_days_that_the_page_names_are_those_of_the_calendar() -> None:
    calendar = WorkCalendar.china()
    off = [f"2025-10-0{day}" for day in range(1, 9)]
    worked = ["2025-09-28", "2025-10-11"]
    assert [False] * 8 == [calendar.is_workday(_date(it)) for it in off]
    assert [True, True] == [calendar.is_workday(_date(it)) for it in worked]


def test_both_pages_build_the_same_profile() -> None:
    plain = [
        [re.sub(r"\s*#.*", "", line) for line in "\n".join(blocks(it, "toml")).splitlines()] for it in PAGES
    ]
    assert plain[0] == plain[1]


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
