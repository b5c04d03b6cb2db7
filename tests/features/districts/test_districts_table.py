"""The table of docs/features-districts.md is true: every row is there, every test runs, every name exists."""

import re
import subprocess
import sys

import attrs
import pytest

from bubancheng.district import Channel, Duty, Metric, Question, Reply, Tip
from bubancheng_beijing import patrol
from tests.features import test_table
from tests.features.districts.table import PAGE, district_rows, is_in_profile
from tests.features.table import ROOT, Row, function_of

ROWS = district_rows()
TESTS = sorted({test for row in ROWS for test in row.tests})
CLASSES: dict[str, type] = {
    it.__name__: it for it in (Channel, Duty, Metric, Question, Reply, Tip, patrol.Coverage)
}
FIRST, LAST = 151, 273


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """What pytest collects here, without the parameters."""
    words = ["--collect-only", "-q", "-n0", "-p", "no:cacheprovider"]
    folders = sorted({test.partition("::")[0] for test in TESTS})
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-m", "pytest", *words, *folders],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    return {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}


def is_there(name: str) -> bool:
    """Tell whether a name of the table exists: in the profile of its district, or in the library."""
    found = is_in_profile(name)
    if found is not None:
        return found
    owner, _, member = name.partition(".")
    if owner == "patrol":  # the functions beside Dongcheng's profile
        return hasattr(patrol, member)
    if owner in CLASSES:
        return hasattr(CLASSES[owner], member) or member in attrs.fields_dict(CLASSES[owner])
    return test_table.is_there(name)


def test_every_row_is_there_once_and_in_order() -> None:
    assert list(range(FIRST, LAST + 1)) == [row.number for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_a_row_is_performed_or_kept_as_facts_or_said_to_be_outside(row: Row) -> None:
    assert 1 == row.is_performed + row.is_facts + row.is_outside
    assert bool(row.tests) == (not row.is_outside)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_every_name_of_a_row_exists(row: Row) -> None:
    assert [] == [name for name in row.where if not is_there(name)]
    assert row.where


def test_every_test_that_is_named_is_collected(collected: set[str]) -> None:
    assert [] == [test for test in TESTS if test not in collected]


def test_no_test_that_is_named_is_skipped() -> None:
    marks = {mark.name for test in TESTS for mark in getattr(function_of(test), "pytestmark", ())}
    assert set() == marks & {"skip", "skipif", "xfail"}
    files = {ROOT / test.partition("::")[0] for test in TESTS}
    words = re.compile(r"pytestmark|pytest\.(skip|xfail|importorskip)")
    assert [] == [file for file in files if words.search(file.read_text("utf-8"))]


@pytest.mark.parametrize(
    "name",
    [
        "pudong step acknowledged",
        "pudong mood good",
        "pudong tip",
        "shahe code praise medal",
        "nowhere step registered",
        "Tip.colour",
        "Desk.paint",
    ],
)
def test_a_name_that_does_not_exist_is_noticed(name: str) -> None:
    assert not is_there(name)


def test_the_page_counts_its_rows_rightly() -> None:
    head = " ".join(PAGE.read_text("utf-8").partition("| # |")[0].split())
    assert f"{LAST - FIRST + 1} things more" in head
    assert f"numbered {FIRST} to {LAST}" in head
    counts = re.search(r"(\d+) rows are performed; of (\d+) .*; (\d+) (?:is|are) outside", head)
    assert counts is not None
    assert [
        sum(row.is_performed for row in ROWS),
        sum(row.is_facts for row in ROWS),
        sum(row.is_outside for row in ROWS),
    ] == [int(it) for it in counts.groups()]
