"""`bubancheng purge` and `archive`: first the plan, and only with `--yes` what it says."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Self
from urllib.parse import urlsplit

import attrs

from bubancheng.cli.output import console, moment
from bubancheng.cli.plain import clean, print_json
from bubancheng.cli.running import stored
from bubancheng.desk import Clearance, Desk, Expiry
from bubancheng.desk.opening import open_store
from bubancheng.errors import ArgumentError
from bubancheng.registry import Registry, read_choice
from bubancheng.ticket import Actor

Now = Callable[[dt.tzinfo], dt.datetime]

_DUE = {
    "personal": "清除个人信息",
    "move": "移交档案库",
    "destroy": "销毁",
    "accesses": "销毁查阅记录",
}
_COUNTS = (
    ("destroyed", "销毁 {} 件"),
    ("moved", "移交 {} 件"),
    ("erased", "清除个人信息 {} 件"),
    ("accesses", "销毁查阅记录 {} 件"),
    ("kept", "{} 件刚被改动，留待下次"),
)


@attrs.frozen(kw_only=True)
class Officer:
    """Who purges from the command line: an id, a role (None: the first with the rights), a second person.

    Without `is_sure` nothing is done, and the plan is shown.
    """

    id: str | None
    role: str | None
    second: str | None = None
    is_sure: bool = False

    def actors(self, desk: Desk, *rights: str) -> tuple[Actor, Actor | None]:
        """Return who acts, and the second person, in a role that may."""
        if self.id is None:
            msg = "--yes 须同时用 --officer 写明经办人 (say who does it)"
            raise ArgumentError(msg)
        fitting = (it.id for it in desk.district.roles if it.rights >= {*rights})
        role = self.role or next(fitting, None)
        if role is None:
            msg = f"没有角色有此权限 (no role has these rights): {', '.join(rights)}"
            raise ArgumentError(msg)
        second = None if self.second is None else Actor(id=self.second, role=role)
        return Actor(id=self.id, role=role), second


def purge(  # noqa: PLR0913 one argument an option
    url: str,
    district: str | None,
    now: Now,
    *,
    officer: Officer,
    settings: str | None,
    as_json: bool,
) -> int:
    """Show what is due to be erased and destroyed, or do it; return the exit status."""
    with stored(url, district, settings) as desk:
        at = now(desk.calendar.table.civil.zone)
        if not officer.is_sure:
            _plan((it for it in desk.expiries(at) if it.due != "move"), desk, as_json=as_json)
            return 0
        actor, second = officer.actors(desk, "erase", "destroy")
        with _Told(desk, as_json=as_json) as told:
            done = desk.purge(actor=actor, now=at, approver=second, tell=told)
        return _summary(done)


def archive(  # noqa: PLR0913 one argument an option
    url: str,
    into: str,
    district: str | None,
    now: Now,
    *,
    name: str | None,
    officer: Officer,
    settings: str | None,
    as_json: bool,
) -> int:
    """Show what may be moved into an archive's store, or move it; return the exit status."""
    with stored(url, district, settings) as desk:
        at = now(desk.calendar.table.civil.zone)
        if not officer.is_sure:
            _plan((it for it in desk.expiries(at) if it.due == "move"), desk, as_json=as_json)
            return 0
        actor, _ = officer.actors(desk, "destroy")
        choice = read_choice(settings)
        with choice.locating():
            store = open_store(into, Registry(), choice, create=True)
        try:
            with _Told(desk, as_json=as_json) as told:
                done = desk.archive_into(store, name=name or _name_of(into), actor=actor, now=at, tell=told)
        finally:
            store.close()
        return _summary(done)


def _name_of(url: str) -> str:
    """Return the last part of an address, which holds no password: the file, or the database."""
    return urlsplit(url).path.replace("\\", "/").rpartition("/")[2]


class _Told:
    """Prints each limit that has ended, one a line, or one an element of a JSON array."""

    def __init__(self, desk: Desk, *, as_json: bool) -> None:
        self._names = {it.id: it.name for it in desk.district.retentions}
        self._as_json = as_json
        self._out = console()
        self.count = 0

    def __enter__(self) -> Self:
        if self._as_json:
            print("[")
        return self

    def __exit__(self, *_: object) -> None:
        if self._as_json:
            print("]")

    def __call__(self, expiry: Expiry) -> None:
        self.count += 1
        if self._as_json:
            if self.count > 1:
                print(",")
            print_json(attrs.asdict(expiry) | {"since": expiry.since.isoformat()})
            return
        name = self._names.get(expiry.retention, expiry.retention)
        line = f"{expiry.ticket}　{name}　{moment(expiry.since)} 期满　{_DUE[expiry.due]}"
        self._out.print(clean(line), soft_wrap=True)


def _plan(due: Iterable[Expiry], desk: Desk, *, as_json: bool) -> None:
    with _Told(desk, as_json=as_json) as told:
        for expiry in due:
            told(expiry)
    said = "没有期满的工单"
    if told.count:
        said = f"以上 {told.count} 项为计划，未作任何改动；确认执行请加 --yes --officer 经办人"
    console(stderr=True).print(said)


def _summary(done: Clearance) -> int:
    """Print what was done, and what does not fit its hashes; return the exit status."""
    out = console(stderr=True)
    said = [text.format(count) for key, text in _COUNTS if (count := getattr(done, key))]
    out.print("，".join(said) or "没有期满的工单")
    if done.broken:
        out.print(f"{len(done.broken)} 件的记录不完整，留作证据，未动：", style="bold red")
    for error in done.broken:
        out.print(clean(error))
    return 1 if done.broken else 0
