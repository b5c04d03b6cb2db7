"""The example ledgers of Beijing and its districts: due times and lights that were counted by hand.

General cases have five working days from the acknowledgement, that day not counted, until 17:00; what nobody
acknowledged counts as acknowledged at 17:00 of the working day after its dispatch. "(5)" below is the last
day of the five. Days off and made up: the notices of the State Council for 2021 and 2022.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.calling import ROOT, call, json_of

NOW = {
    "beijing": "2022-05-06T15:00",  # a Friday; off 04-30 to 05-04, worked on Saturday 05-07
    "xicheng": "2021-03-26T15:00",  # a Friday, nothing off but weekends
    "dongcheng": "2021-11-26T15:00",  # a Friday, nothing off but weekends
    "daxing": "2022-04-08T15:00",  # a Friday; off 04-03 to 04-05, worked on Saturday 04-02
    "chaoyang": "2022-05-27T15:00",  # a Friday; off 06-03 to 06-05
    "shijingshan": "2022-03-11T15:00",  # a Friday, nothing off but weekends
    "fengtai": "2022-03-21T15:00",  # a Monday, nothing off but weekends
    "pinggu": "2022-06-01T10:00",
}
COUNTED = {
    "beijing": {
        # 03-18, 19, 22, 23, 24(5); resolved more than 24 hours before
        "BJ-2021-001": ("2021-03-24T17:00", "green"),
        # 04-29, 05-05, 06, 07 (a worked Saturday), 09(5)
        "BJ-2022-001": ("2022-05-09T17:00", "green"),
        # 04-27, 28, 29, 05-05, 06(5): two hours are left
        "BJ-2022-002": ("2022-05-06T17:00", "yellow"),
        # 04-24 (a worked Sunday), 25, 26, 27, 28(5)
        "BJ-2022-003": ("2022-04-28T17:00", "red"),
        # dispatched 04-28, deemed acknowledged 04-29 17:00; 05-05, 06, 07, 09, 10(5)
        "BJ-2022-004": ("2022-05-10T17:00", "green"),
        "BJ-2022-005": (None, "green"),  # 疑难: no number in the text
        "BJ-2022-006": (None, "green"),  # praise, in nobody's hands
    },
    "xicheng": {
        "XC-2019-001": (None, "green"),  # 2019: no limit yet
        "XC-2021-001": (None, "green"),  # 疑难: four months
        # 03-22, 23, 24, 25, 26(5)
        "XC-2021-002": ("2021-03-26T17:00", "yellow"),
        # 03-23, 24, 25, 26, 29(5); resolved on the first day
        "XC-2021-003": ("2021-03-29T17:00", "green"),
        "XC-2021-004": (None, "green"),
        # 03-12, 15, 16, 17, 18(5)
        "XC-2021-005": ("2021-03-18T17:00", "red"),
        # dispatched 03-24, deemed 03-25 17:00; 26, 29, 30, 31, 04-01(5)
        "XC-2021-006": ("2021-04-01T17:00", "green"),
    },
    "dongcheng": {
        # 11-11, 12, 15, 16, 17(5); resolved on 11-11, filed
        "DC-2021-011": ("2021-11-17T17:00", "green"),
        # 11-16, 17, 18, 19, 22(5); resolved an hour before
        "DC-2021-012": ("2021-11-22T17:00", "yellow"),
        # 11-17, 18, 19, 22, 23(5), days ago
        "DC-2021-013": ("2021-11-23T17:00", "red"),
        # found on a patrol: 11-22, 23, 24, 25, 26(5)
        "DC-2021-014": ("2021-11-26T17:00", "yellow"),
        # 11-25, 26, 29, 30, 12-01(5)
        "DC-2021-015": ("2021-12-01T17:00", "green"),
        "DC-2021-016": (None, "green"),  # nobody's matter
    },
    "daxing": {
        # 06-10, 11, 15 (12 to 14 off), 16, 17(5); signed on 06-18
        "DX-2021-001": ("2021-06-17T17:00", "red"),
        # 01-27, 28, 29 and 30 (worked), 02-07(5) after 01-31 to 02-06; signed two hours before
        "DX-2022-001": ("2022-02-07T17:00", "yellow"),
        # 04-01, 02 (worked), 06, 07, 08(5)
        "DX-2022-002": ("2022-04-08T17:00", "yellow"),
        # 04-02, 06, 07, 08, 11(5)
        "DX-2022-003": ("2022-04-11T17:00", "green"),
        "DX-2022-004": (None, "green"),
        # dispatched 04-02, deemed 04-06 17:00; 07, 08, 11, 12, 13(5)
        "DX-2022-005": ("2022-04-13T17:00", "green"),
    },
    "chaoyang": {
        # 05-07 (worked), 09, 10, 11, 12(5); done 26 hours before
        "CY-2022-001": ("2022-05-12T17:00", "green"),
        # 05-19, 20, 23, 24, 25(5)
        "CY-2022-002": ("2022-05-25T17:00", "red"),
        # 05-23, 24, 25, 26, 27(5)
        "CY-2022-003": ("2022-05-27T17:00", "yellow"),
        # 05-27, 30, 31, 06-01, 02(5)
        "CY-2022-004": ("2022-06-02T17:00", "green"),
        # 05-30, 31, 06-01, 02, 06(5)
        "CY-2022-005": ("2022-06-06T17:00", "green"),
        "CY-2022-006": (None, "green"),
    },
    "shijingshan": {
        # 03-03, 04, 07, 08, 09(5)
        "SJS-2022-001": ("2022-03-09T17:00", "green"),
        # 03-02, 03, 04, 07, 08(5)
        "SJS-2022-002": ("2022-03-08T17:00", "red"),
        # taken on Friday after the close: 03-07, 08, 09, 10, 11(5)
        "SJS-2022-003": ("2022-03-11T17:00", "yellow"),
        # taken on Saturday: the same
        "SJS-2022-004": ("2022-03-11T17:00", "yellow"),
        # 03-08, 09, 10, 11, 14(5)
        "SJS-2022-005": ("2022-03-14T17:00", "green"),
        # dispatched 03-09, deemed 03-10 17:00; 11, 14, 15, 16, 17(5)
        "SJS-2022-006": ("2022-03-17T17:00", "green"),
    },
    "fengtai": {
        "FT-2022-001": (None, "green"),
        # 03-15, 16, 17, 18, 21(5)
        "FT-2022-002": ("2022-03-21T17:00", "yellow"),
        # 03-16, 17, 18, 21, 22(5)
        "FT-2022-003": ("2022-03-22T17:00", "green"),
        # 03-02, 03, 04, 07, 08(5); done in the last minute, and one minute late
        "FT-2022-004": ("2022-03-08T17:00", "yellow"),
        "FT-2022-005": ("2022-03-08T17:00", "red"),
        "FT-2022-006": (None, "green"),
    },
    "pinggu": {
        # 02-07 (a worked Sunday), 08, 09, 10, 18(5) after the Spring Festival, 02-11 to 17
        "PG-2021-001": ("2021-02-18T17:00", "yellow"),
        # 04-25 (a worked Sunday), 26, 27, 28, 29(5)
        "PG-2021-002": ("2021-04-29T17:00", "green"),
        # 05-06, 07, 08 (a worked Saturday), 10, 11(5); half an hour late
        "PG-2021-003": ("2021-05-11T17:00", "red"),
        # 09-18 (a worked Saturday), 22, 23, 24, 26(5, a worked Sunday)
        "PG-2021-004": ("2021-09-26T17:00", "green"),
        # 10-08, 09 (a worked Saturday), 11, 12, 13(5); 23 hours before
        "PG-2021-005": ("2021-10-13T17:00", "yellow"),
        # 03-10, 11, 14, 15, 16(5)
        "PG-2022-001": ("2022-03-16T17:00", "green"),
    },
}
DISTRICTS = sorted(COUNTED)


def words(district: str) -> list[str]:
    """Return the command that takes a district's ledger in."""
    ledger = ROOT / "examples" / f"{district}-ledger.csv"
    return ["run", str(ledger), "--district", district, "--now", NOW[district]]


def entries(store: Path) -> int:
    """Return how many entries a store holds."""
    with closing(sqlite3.connect(store)) as base:
        return int(base.execute("select count(*) from bubancheng_entry").fetchone()[0])


@pytest.mark.parametrize("district", DISTRICTS)
def test_due_times_and_lights_are_those_counted_by_hand(district: str) -> None:
    lines = json_of(call(*words(district), "--json"))
    found = {it["id"]: (it["due"] and it["due"].removesuffix(":00+08:00"), it["light"]) for it in lines}
    assert COUNTED[district] == found


@pytest.mark.parametrize("district", DISTRICTS)
def test_a_ledger_in_the_districts_own_words_has_no_problems(district: str) -> None:
    result = call(*words(district))
    assert (0, "") == (result.exit_code, result.stderr)


@pytest.mark.parametrize("district", DISTRICTS)
def test_running_it_twice_changes_nothing(district: str, tmp_path: Path) -> None:
    kept = ["--store", f"sqlite:///{tmp_path / 'desk.db'}"]
    first = call(*words(district), *kept, "--json").stdout
    before = entries(tmp_path / "desk.db")
    assert first == call(*words(district), *kept, "--json").stdout
    assert before == entries(tmp_path / "desk.db") > 0


def test_dongchengs_own_columns_are_its_own_steps() -> None:
    lines = json_of(call(*words("dongcheng"), "--json"))
    assert {
        "DC-2021-011": "file",
        "DC-2021-012": "inspect",
        "DC-2021-013": "solve_by_date",
        "DC-2021-014": "solve_by_date",
        "DC-2021-015": "solve_by_date",
        "DC-2021-016": "collect_transfer",
    } == {it["id"]: it["step"] for it in lines}


def test_the_board_says_where_praise_and_opinions_are() -> None:
    assert "表扬已转告" in call(*words("xicheng")).stdout
    assert "意见建议待答复" in call(*words("chaoyang")).stdout
    closed = {it["id"]: it["step"] for it in json_of(call(*words("beijing"), "--json"))}
    assert "praised" == closed["BJ-2022-006"]
    assert "其中未办结 5 件" in call(*words("beijing")).stdout  # praise is not waiting for anybody
