"""A ledger that grows, cell by cell or row by row, ends where one undisturbed run ends."""

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from bubancheng.ledger import IMPORTER
from tests.acting import OWNED, PLACE, UNOWNED, instant
from tests.ledger.test_taking import BARE, COLUMNS, FULL, Office, Row

REQUIRED = ("工单编号", "事项", "登记时间")
TIMES = ("派单时间", "接单时间", "联系时间", "办结时间")
NOW = "2024-03-29 15:00"


def undisturbed(folder: Path, rows: Sequence[Row], now: str) -> list[dict[str, object]]:
    """Return the board of one run."""
    office = Office(folder)
    office.take(*rows, now=now)
    return office.board(now)


def grown(folder: Path, steps: Sequence[Row], *, now: str = NOW, first: Row = BARE) -> dict[str, object]:
    """Return the line of a row that was filled in step by step."""
    office, row = Office(folder), dict(first)
    office.take(row, now=now)
    for step in steps:
        row |= step
        assert [it for it in office.take(row, now=now).problems if "已登记为" in it.reason] == []
    (line,) = office.board(now)
    return line


UNIT: Row = {"主办单位": "某局"}
HERE: Row = {"办理地点": PLACE}
SENT: Row = {"派单时间": "2024-03-25 10:30"}
TAKEN: Row = {"接单时间": "2024-03-25 11:00"}
CALLED: Row = {"联系时间": "2024-03-25 14:00"}
EARLY: Row = {"联系时间": "2024-03-25 10:10"}
DONE: Row = {"办结时间": "2024-03-27 16:00"}
HARD: Row = {"难易": "复杂"}
LATER: Row = {"派单时间": "2024-03-30 10:30"}


class TestCases:
    @pytest.mark.parametrize(
        "steps",
        [
            [UNIT, SENT],
            [UNIT, TAKEN, SENT],
            [HERE, SENT],
            [HERE, UNIT],
            [HERE, SENT, UNIT],
            [SENT, HERE],
            [SENT, UNIT],
            [TAKEN, UNIT],
            [DONE, TAKEN, UNIT],
            [UNIT, DONE, TAKEN, CALLED],
            [UNIT, TAKEN, HARD],
            [HARD, UNIT, TAKEN],
            [UNIT, DONE, HARD],
            [UNIT, EARLY, TAKEN],
            [EARLY, UNIT, TAKEN],
            [CALLED, UNIT, DONE, TAKEN],
        ],
        ids=lambda steps: "-".join(next(iter(it)) for it in steps),
    )
    def test_cells_may_be_filled_in_this_order(self, tmp_path: Path, steps: list[Row]) -> None:
        whole = {key: value for part in (BARE, *steps) for key, value in part.items()}
        assert undisturbed(tmp_path, [whole], NOW) == [grown(tmp_path, steps)]

    @pytest.mark.parametrize(
        "steps", [[UNIT, CALLED, TAKEN], [CALLED, UNIT, TAKEN], [CALLED, {**UNIT, **TAKEN}]]
    )
    def test_the_contact_may_be_written_before_the_acknowledgement(
        self, tmp_path: Path, steps: list[Row]
    ) -> None:
        whole = {key: value for part in (BARE, *steps) for key, value in part.items()}
        assert undisturbed(tmp_path, [whole], NOW) == [grown(tmp_path, steps)]

    @pytest.mark.parametrize("first", [{**BARE, **UNIT}, {**BARE, **HERE}, {**BARE, "事项": OWNED}])
    def test_a_dispatch_that_turns_out_to_lie_ahead_has_not_happened(
        self, tmp_path: Path, first: Row
    ) -> None:
        assert undisturbed(tmp_path, [{**first, **LATER}], NOW) == [grown(tmp_path, [LATER], first=first)]

    def test_a_unit_written_after_an_automatic_dispatch_is_the_unit(self, tmp_path: Path) -> None:
        assert grown(tmp_path, [UNIT], first={**BARE, "事项": OWNED})["unit"] == "某局"

    def test_a_time_written_after_an_automatic_dispatch_is_its_time(self, tmp_path: Path) -> None:
        line = grown(tmp_path, [{"派单时间": "2024-03-27 10:30"}], first={**BARE, "事项": OWNED})
        assert line["deemed_acknowledged_at"] == "2024-03-28T17:00:00+08:00"

    def test_what_was_assumed_stays_in_the_history(self, tmp_path: Path) -> None:
        office = Office(tmp_path)
        office.take({**BARE, "事项": OWNED})
        office.take({**BARE, "事项": OWNED, **UNIT})
        (entry,) = [it for it in office.desk.history("A1", actor=IMPORTER) if it.kind == "dispatched"]
        assert (entry.effect.facts["unit"], office.line().unit) == ("区公安分局", "某局")

    def test_what_was_written_after_an_assumption_cannot_be_changed_again(self, tmp_path: Path) -> None:
        office = Office(tmp_path)
        for unit in ("", "某局", "别的局"):
            taken = office.take({**BARE, "事项": OWNED, "主办单位": unit})
        assert ([it.column for it in taken.problems], office.line().unit) == (["主办单位"], "某局")

    @pytest.mark.parametrize("column", [it for it in FULL if it not in BARE])
    def test_filling_a_blank_appends_and_rewrites_nothing(self, tmp_path: Path, column: str) -> None:
        office = Office(tmp_path)
        office.take({**FULL, column: ""})
        before = office.desk.history("A1", actor=IMPORTER)
        office.take(FULL)
        after = office.desk.history("A1", actor=IMPORTER)
        assert (before, True) == (after[: len(before)], len(after) > len(before))

    @pytest.mark.parametrize("column", [it for it in FULL if it not in BARE])
    def test_a_third_run_after_filling_a_blank_changes_nothing(self, tmp_path: Path, column: str) -> None:
        office = Office(tmp_path)
        office.take({**FULL, column: ""})
        office.take(FULL)
        before = office.versions()
        taken = office.take(FULL)
        assert (1, before) == (taken.unchanged, office.versions())


def random_row(rng: random.Random, number: int, now: dt.datetime, *, future: bool) -> dict[str, str]:
    """Return a good row, full of cells that may be filled in later."""
    at = now - dt.timedelta(minutes=rng.randrange(20 * 24 * 60))
    times = {"登记时间": at}
    for name in ("派单时间", "接单时间", "办结时间"):
        at += dt.timedelta(minutes=rng.choice((0, 1, 30, 600, 1500, 4000)))
        times[name] = at
    times["联系时间"] = times["登记时间"] + dt.timedelta(minutes=rng.choice((0, 10, 400, 1600, 5000)))
    row = {
        "工单编号": f"R{number:03}",
        "渠道": rng.choice(("线下窗口", "传真")),
        "事项": rng.choice((OWNED, UNOWNED)),
        "办理地点": rng.choice((PLACE, "外地")),
        "诉求内容": "请求",
        "反映人": "张三",
        "联系电话": "13800000000",
        "难易": rng.choice(("简单", "一般", "复杂", "确实难度较大")),
        "主办单位": rng.choice(("某局", "区公安分局")),
    }
    row |= {name: f"{it:%Y-%m-%d %H:%M}" for name, it in times.items() if future or it <= now}
    for name in (*TIMES, "办理地点", "主办单位", "难易"):
        if rng.random() < 0.25:
            row.pop(name, None)
    return row


Cell = tuple[int, str]


def cells_of(rows: Sequence[Row], rng: random.Random) -> list[Cell]:
    """Return every cell that may be filled in later, in random order."""
    cells = [(place, name) for place, row in enumerate(rows) for name in row if name not in REQUIRED]
    rng.shuffle(cells)
    return cells


def filled(rows: Sequence[Row], cells: Sequence[Cell]) -> list[dict[str, str]]:
    """Return the rows with only these cells filled in."""
    bare = [{name: row[name] for name in REQUIRED} for row in rows]
    for place, name in cells:
        bare[place][name] = rows[place][name]
    return bare


def moments(now: dt.datetime, number: int) -> list[str]:
    """Return rising instants, the last of them `now`."""
    return [f"{now - dt.timedelta(hours=7 * it):%Y-%m-%d %H:%M}" for it in reversed(range(number))]


class TestAnyOrder:
    @pytest.mark.parametrize("seed", range(6))
    def test_a_ledger_that_grows_one_cell_a_run_ends_at_the_same_board(
        self, tmp_path: Path, seed: int
    ) -> None:
        rng = random.Random(seed)
        rows = [random_row(rng, it, instant(NOW), future=False) for it in range(3)]
        cells, office = cells_of(rows, rng), Office(tmp_path)
        for count in range(len(cells) + 1):
            office.take(*filled(rows, cells[:count]), now=NOW)
        assert undisturbed(tmp_path, rows, NOW) == office.board(NOW)

    @pytest.mark.parametrize("seed", range(6))
    def test_a_ledger_that_grows_by_leaps_while_time_passes_does_too(self, tmp_path: Path, seed: int) -> None:
        rng = random.Random(1000 + seed)
        rows = [random_row(rng, it, instant(NOW), future=False) for it in range(30)]
        cells, office = cells_of(rows, rng), Office(tmp_path)
        for step, now in enumerate(moments(instant(NOW), 8), start=1):
            office.take(*filled(rows, cells[: len(cells) * step // 8]), now=now)
        assert undisturbed(tmp_path, rows, NOW) == office.board(NOW)

    @pytest.mark.parametrize("seed", range(6))
    def test_a_ledger_with_times_ahead_does_too(self, tmp_path: Path, seed: int) -> None:
        rng = random.Random(2000 + seed)
        rows = [random_row(rng, it, instant(NOW), future=True) for it in range(30)]
        cells, office = cells_of(rows, rng), Office(tmp_path)
        for step in range(1, 9):
            office.take(*filled(rows, cells[: len(cells) * step // 8]), now=NOW)
        assert undisturbed(tmp_path, rows, NOW) == office.board(NOW)

    @pytest.mark.parametrize("seed", range(5))
    def test_a_ledger_that_grows_row_by_row_does_too(self, tmp_path: Path, seed: int) -> None:
        rng = random.Random(3000 + seed)
        rows = [random_row(rng, it, instant(NOW), future=True) for it in range(20)]
        office = Office(tmp_path)
        for count in range(1, len(rows) + 1):
            office.take(*rows[:count], now=NOW)
        assert undisturbed(tmp_path, rows, NOW) == office.board(NOW)

    @pytest.mark.parametrize("seed", range(3))
    def test_the_order_of_the_rows_does_not_matter(self, tmp_path: Path, seed: int) -> None:
        rng = random.Random(4000 + seed)
        rows = [random_row(rng, it, instant(NOW), future=True) for it in range(60)]
        mixed = rng.sample(rows, len(rows))
        assert undisturbed(tmp_path, rows, NOW) == undisturbed(tmp_path, mixed, NOW)

    @pytest.mark.parametrize("seed", range(3))
    def test_the_same_ledger_at_rising_times_does_too(self, tmp_path: Path, seed: int) -> None:
        rng = random.Random(5000 + seed)
        rows = [random_row(rng, it, instant(NOW), future=True) for it in range(30)]
        office = Office(tmp_path)
        for now in moments(instant(NOW), 20):
            office.take(*rows, now=now)
        assert undisturbed(tmp_path, rows, NOW) == office.board(NOW)

    @pytest.mark.parametrize("seed", range(3))
    def test_a_grown_ledger_is_whole(self, tmp_path: Path, seed: int) -> None:
        rng = random.Random(6000 + seed)
        rows = [random_row(rng, it, instant(NOW), future=True) for it in range(30)]
        cells, office = cells_of(rows, rng), Office(tmp_path)
        for step in range(1, 6):
            office.take(*filled(rows, cells[: len(cells) * step // 5]), now=NOW)
        assert office.desk.verify() == []


def test_every_column_of_the_ledger_can_grow() -> None:
    rows = [random_row(random.Random(it), it, instant(NOW), future=True) for it in range(30)]
    assert {name for row in rows for name in row} == set(COLUMNS)
