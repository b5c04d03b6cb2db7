"""Closed files in the tests: whose retention ends when, by hand; and stores that are cut off."""

import datetime as dt
from pathlib import Path
from typing import Any

from bubancheng.actions import Archive, Decline, Register, Reopen
from bubancheng.desk import Desk
from bubancheng.district import District, parse_profile
from bubancheng.errors import StoreError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore, Store
from bubancheng.ticket import Actor
from tests.acting import CALENDAR, CENTRE, OFFICE, OVERSEER, WINDOW, Clock, instant

NAME, PHONE, TEXT = "张三丰", "13800001234", "家住城桥镇"
SECOND = Actor(id="d-2", role="district_office", unit="区政务服务办")

HERE: District = parse_profile("""
[district]
inherits = "bubancheng_chongming:profile.toml"

[[retention]]
id = "quick"
name = "速"
personal = "12个月"
online = "1个月"
case = "24个月"
accesses = "6个月"
""")
QUICK = HERE.retentions[-1]

# Closed on Monday 2 March 2020 at 10:00. 民法典 第202条: on the day of that number; 第203条: where it is a day off, on
# the day after it, at the close of business (17:00).
START = "2020-03-02 10:00"
MOVABLE = instant("2020-04-02 17:00")  # quick, 1 month: Thursday 2 April
QUICK_PERSONAL = instant("2021-03-02 17:00")  # quick, 12 months: Tuesday
QUICK_CASE = instant("2022-03-02 17:00")  # quick, 24 months: Wednesday
PERSONAL = instant("2023-03-02 17:00")  # the standard's 36 months: Thursday
CASE = instant("2030-03-04 17:00")  # its 120 months: 2 March 2030 is a Saturday, so Monday


def open_here(clock: Clock, store: Store, district: District = HERE) -> Desk:
    """Return a desk of a district with a class whose limits are short."""
    return Desk.open(district, calendar=CALENDAR, store=store, clock=clock)


def close(desk: Desk, ticket: str, retention: str | None = None, **stated: Any) -> None:
    """Register a ticket with personal data, decline it, and close its file."""
    given: dict[str, Any] = {"matter": "x", "reporter": NAME, "phone": PHONE, "text": TEXT}
    desk.do(Register(ticket=ticket, **(given | stated)), actor=WINDOW)
    words: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
    desk.do(Decline(ticket=ticket, **words), actor=WINDOW)
    desk.do(Archive(ticket=ticket, retention=retention), actor=WINDOW)


def reopen(desk: Desk, ticket: str) -> None:
    """Take a closed file up again."""
    desk.do(Reopen(ticket=ticket, reason="没有解决"), actor=CENTRE)


def fill(desk: Desk) -> None:
    """Close a file of each class, read some of them, and leave one open."""
    close(desk, "Q1", "quick")
    close(desk, "Q2", "速")
    close(desk, "S1")
    close(desk, "P1", "permanent")
    desk.do(Register(ticket="O1", matter="x", reporter=NAME), actor=WINDOW)
    for ticket in ("Q1", "S1"):
        desk.get(ticket, actor=OVERSEER)
        desk.personal(ticket, actor=WINDOW, purpose="核对")


def planned(desk: Desk, now: dt.datetime) -> list[tuple[str, str]]:
    """Return the plan: which ticket, what is due."""
    return [(it.ticket, it.due) for it in desk.expiries(now)]


def kept(desk: Desk) -> dict[str, str]:
    """Return all that a reader can tell of a desk's tickets, and what the register says of those gone."""
    found = {it.id: f"{it.step} {sorted(it.facts)}" for it in desk.find(actor=WINDOW, limit=1000)}
    for ticket in found:
        found[ticket] += f"{desk.personal(ticket, actor=WINDOW)}{len(desk.accesses(ticket, actor=OFFICE))}"
        found[ticket] += f"{[it.kind for it in desk.history(ticket, actor=WINDOW)]}"
    for entry in desk.removals(actor=OFFICE):
        found.setdefault(entry.ticket, "")
        said = entry.effect.facts
        found[entry.ticket] += f"{entry.kind} {said['retention']} {said['since']} {said.get('version')}"
    return found


class Stores:
    """Makes stores of a kind, and closes them in the end."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._kind, self._folder, self._made = kind, folder, list[Store]()

    def __call__(self) -> Store:
        made: Store = MemoryStore()
        if self._kind == "sqlite":
            made = SqliteStore(str(self._folder / f"{len(self._made)}.db"))
        self._made.append(made)
        return made

    def close(self) -> None:
        for it in self._made:
            it.close()


class CutError(StoreError):
    """The power went."""


class Cut:
    """A store whose power goes at one of its commits: before anything is stored, or right after."""

    is_borrowed = False

    def __init__(self, store: Store, at: int, *, after: bool) -> None:
        self.store, self.left, self.after = store, at, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *changes: ChangeSet) -> None:
        """Commit, until the power goes."""
        self.left -= 1
        if self.left == 0 and not self.after:
            raise CutError
        self.store.commit(*changes)
        if self.left == 0:
            raise CutError

    @property
    def is_cut(self) -> bool:
        """Whether the power went."""
        return self.left <= 0
