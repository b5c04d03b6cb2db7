"""The table of docs/features.md is true: every row is there, every test runs, every name exists."""

import inspect
import re
import subprocess
import sys

import attrs
import pytest

from bubancheng import actions
from bubancheng.cli import main
from bubancheng.desk import BoardLine, Change, Desk, PublicStatus, deriving
from bubancheng.district import District
from bubancheng.district.model import Category, Exclusion, Role, Rule, ServicePoint, Unit
from bubancheng.flow import Flow, FlowStep, Transition
from bubancheng.sla import Clock, Counting, Policy, Target
from bubancheng.ticket import Actor, Entry, Ticket
from tests.acting import DISTRICT
from tests.features.table import PAGE, ROOT, Row, function_of, rows

ROWS = rows()
TESTS = sorted({test for row in ROWS for test in row.tests})
VALUES: tuple[type, ...] = (
    Actor,
    BoardLine,
    Category,
    Change,
    Clock,
    Counting,
    Desk,
    District,
    Entry,
    Exclusion,
    Flow,
    FlowStep,
    Policy,
    PublicStatus,
    Role,
    Rule,
    ServicePoint,
    Target,
    Ticket,
    Transition,
    Unit,
)
CLASSES = {it.__name__: it for it in VALUES} | {name: getattr(actions, name) for name in actions.__all__}
PROFILE = {
    "channel": {it.id for it in DISTRICT.channels},
    "class": {it.id for rule in DISTRICT.rules for it in rule.categories},
    "code": {f"{it.fact} {it.id}" for it in DISTRICT.codes},
    "role": {it.id for it in DISTRICT.roles},
    "right": {right for it in DISTRICT.roles for right in it.rights},
    "route": {it.id for it in DISTRICT.routes},
    "rule": {it.version for it in DISTRICT.rules},
    "step": {it.id for it in DISTRICT.flow.steps},
    "target": {it.name for rule in DISTRICT.rules for it in rule.policy.targets},
    "fact": {*re.findall(r'"(\w+)"', inspect.getsource(deriving))},
    "bubancheng": {*main.commands},
}


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """What pytest collects here, without the parameters."""
    words = ["--collect-only", "-q", "-n0", "-p", "no:cacheprovider", "tests/features", "tests/stories"]
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-m", "pytest", *words], capture_output=True, check=True, cwd=ROOT, text=True
    )
    return {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}


def is_there(name: str) -> bool:
    """Tell whether a name of the table exists."""
    kind, _, rest = name.partition(" ")
    if rest:
        return rest in PROFILE.get(kind, ())
    owner, _, member = name.partition(".")
    found = CLASSES.get(owner)
    if found is None or not member:
        return found is not None
    return hasattr(found, member) or (attrs.has(found) and member in attrs.fields_dict(found))


def test_all_one_hundred_and_fifty_rows_are_there_once_and_in_order() -> None:
    assert list(range(1, 151)) == [row.number for row in ROWS]


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
    assert [] == [
        file
        for file in files
        if re.search(r"pytestmark|pytest\.(skip|xfail|importorskip)", file.read_text("utf-8"))
    ]


def test_the_page_counts_its_rows_rightly() -> None:
    counts = re.search(
        r"(\d+) rows are performed; of (\d+) .*; (\d+) are outside", PAGE.read_text("utf-8"), re.DOTALL
    )
    assert counts is not None
    assert [
        sum(row.is_performed for row in ROWS),
        sum(row.is_facts for row in ROWS),
        sum(row.is_outside for row in ROWS),
    ] == [int(it) for it in counts.groups()]
