"""The example ledgers in each district's own words: due times and lights, counted by hand.

Calendar of 2026: Saturday 10 October and Sunday 20 September are worked, 25 to 27 September and 1 to 7 October
are off. A light is yellow from 24 hours before the due time unless the district says otherwise.
"""

from pathlib import Path

import attrs
import pytest

from bubancheng.desk import Desk
from tests.cli.calling import ROOT, call, json_of

Line = tuple[str, str | None, str]  # class, due, light


@attrs.frozen
class Ledger:
    """A ledger: its district, the instant it is read at, and each line as it must be shown."""

    district: str
    now: str
    lines: dict[str, Line]

    @property
    def path(self) -> str:
        return str(ROOT / "examples" / f"{self.district}-ledger.csv")


LEDGERS = [
    Ledger(
        "shenzhen",
        "2026-10-12 15:00",  # a Monday
        {
            "SZ-2026-0001": ("", "2026-09-30 18:00", "red"),  # resolved on 8 October, late for good
            "SZ-2026-0002": ("", "2026-10-13 18:00", "green"),  # 27 hours left
            "SZ-2026-0003": ("", "2026-10-13 12:00", "yellow"),  # 21 hours left
            "SZ-2026-0004": ("", "2026-10-10 18:00", "red"),  # ended on the Saturday that is worked
            "SZ-2026-0005": ("", None, "green"),  # on the spot: no clock
            "SZ-2026-0006": ("", None, "green"),  # nobody owns it, nothing agreed
        },
    ),
    Ledger(
        "shahe",
        "2026-10-12 15:00",
        {
            "SH-2026-0001": ("expedite", "2026-09-22 18:00", "green"),  # resolved 26 hours before
            "SH-2026-0002": ("material_incomplete", None, "green"),  # on the spot
            "SH-2026-0003": ("policy_advice", "2026-10-13 18:00", "green"),  # 27 hours left
            "SH-2026-0004": ("expedite", "2026-10-13 12:00", "yellow"),  # 21 hours left
            "SH-2026-0005": ("material_incomplete", "2026-10-10 18:00", "red"),
            "SH-2026-0006": ("", "2026-09-30 18:00", "red"),  # resolved on 8 October
            "SH-2026-0007": ("policy_advice", "2026-09-24 18:00", "yellow"),  # resolved at its last instant
            "SH-2026-0008": ("", None, "green"),
        },
    ),
    Ledger(
        "pudong",
        "2017-11-24 15:00",  # a Friday
        {
            "PD-2017-0001": ("", None, "green"),  # no time agreed: no limits are published
            "PD-2017-0002": ("", "2017-11-22 17:00", "yellow"),  # fed back an hour before
            "PD-2017-0003": ("", "2017-11-23 17:00", "red"),
            "PD-2017-0004": ("", "2017-11-24 17:00", "yellow"),  # two hours left
            "PD-2017-0005": ("", "2017-11-28 12:00", "green"),
            "PD-2017-0006": ("", None, "green"),
        },
    ),
    Ledger(
        "luquan",
        "2026-09-30 16:20",  # the Wednesday before the holiday; yellow in the last quarter of a stage
        {
            "LQ-2026-0001": ("", "2026-09-30 15:30", "red"),  # S1: half an hour from 15:00
            "LQ-2026-0002": ("", "2026-09-30 16:30", "green"),  # S1: yellow from 16:22:30
            "LQ-2026-0003": ("", "2026-09-30 16:25", "yellow"),  # S1: yellow from 16:17:30
            "LQ-2026-0004": (
                "",
                "2026-10-08 11:45",
                "green",
            ),  # S3: 4 hours from 15:45, 1:15 of them before the holiday
            "LQ-2026-0005": (
                "",
                "2026-09-30 17:00",
                "yellow",
            ),  # S4: 14.5 hours from Tuesday 10:30, yellow from 13:22:30
            "LQ-2026-0006": (
                "",
                "2026-09-28 09:40",
                "yellow",
            ),  # S2 from 09:10, solved at 09:35, yellow from 09:32:30
            "LQ-2026-0007": (
                "",
                "2026-09-29 17:00",
                "green",
            ),  # S4: 15 hours from Monday 10:00, decided at 11:00, yellow from 13:15
        },
    ),
    Ledger(
        "binhai",
        "2026-10-12 15:00",
        {
            # 5 working days after 30 September: 8, 9, 10, 12, 13 October
            "BH-2026-0001": ("complex", "2026-10-13 17:00", "green"),  # 26 hours left
            # 10 working days after 18 September: 20, 21, 22, 23, 24, 28, 29, 30 September, 8, 9 October
            "BH-2026-0002": ("special", "2026-10-09 17:00", "red"),
            # 10 working days after 30 September: 8, 9, 10, 12, 13, 14, 15, 16, 19, 20 October
            "BH-2026-0003": ("special", "2026-10-20 17:00", "green"),
            "BH-2026-0004": ("simple", None, "green"),  # done at the window
            "BH-2026-0005": ("hard", "2026-10-13 12:00", "yellow"),  # agreed, 21 hours left
            # 5 working days after 28 September: 29, 30 September, 8, 9, 10 October; resolved an hour before
            "BH-2026-0006": ("complex", "2026-10-10 17:00", "yellow"),
        },
    ),
    Ledger(
        "shouguang",
        "2026-10-06 17:00",
        {
            "SG-2026-0001": ("", "2026-10-09 17:00", "yellow"),  # three days left, to the minute
            "SG-2026-0002": ("", "2026-10-10 17:00", "green"),
            "SG-2026-0003": ("", "2026-09-30 17:00", "red"),
            "SG-2026-0004": ("", "2026-09-30 17:00", "green"),  # late, but done: green again
            "SG-2026-0005": ("", "2026-09-30 17:00", "green"),
            "SG-2026-0006": ("", None, "green"),
        },
    ),
]


def lines_of(ledger: Ledger, *more: str) -> dict[str, Line]:
    """Return what the command line shows of a ledger."""
    result = call("run", ledger.path, "--district", ledger.district, "--now", ledger.now, "--json", *more)
    assert (0, "") == (result.exit_code, result.stderr)
    return {
        it["id"]: (it["class"], it["due"] and it["due"][:16].replace("T", " "), it["light"])
        for it in json_of(result)
    }


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda it: it.district)
def test_due_times_and_lights_are_those_counted_by_hand(ledger: Ledger) -> None:
    assert ledger.lines == lines_of(ledger)


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda it: it.district)
def test_taking_it_in_twice_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/desk.db"
    found = []
    for _ in range(2):
        assert ledger.lines == lines_of(ledger, "--store", store)
        with Desk.open(ledger.district, store=store) as desk:
            found.append(desk.anchor().digest)
            assert [] == desk.verify()
    assert found[0] == found[1]
