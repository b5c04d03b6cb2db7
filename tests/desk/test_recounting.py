"""Another calendar: planned before anything moves, then applied; the old values stay."""

import datetime as dt
from pathlib import Path

import pytest

from bubancheng.actions import Accept, Acknowledge, Dispatch, Register, Resolve
from bubancheng.calendar import WorkCalendar
from bubancheng.desk import Deed, Desk
from bubancheng.errors import CalendarChangedWarning, ConflictError, NotAllowedError, UnknownNameError
from bubancheng.sla import Light
from bubancheng.store import ChangeSet, MemoryStore
from bubancheng.ticket import Actor

ZONE = dt.timezone(dt.timedelta(hours=8))
IMPORTER = Actor(id="ledger", role="importer")
OFFICE = Actor(id="gao", role="district_office", unit="区政务服务办")
NOW = dt.datetime(2026, 12, 30, 9, 0, tzinfo=ZONE)

# An invented notice: 2027-01-01 (Friday) to 01-03 off, Monday 4 and Tuesday 5 off too, Saturday 9 worked.
NOTICE = """
document = "国办发明电〔2026〕0号（虚构）"
year = 2027
off = [2027-01-01, 2027-01-02, 2027-01-03, 2027-01-04, 2027-01-05]
work = [2027-01-09]
"""


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def announced(tmp_path: Path) -> WorkCalendar:
    path = tmp_path / "2027.toml"
    path.write_text(NOTICE, "utf-8")
    return WorkCalendar.china("09:00-17:00", notices=[path])


def december(store: MemoryStore | str | None = None) -> Desk:
    """A desk with two open tickets and a closed one, acknowledged in the last days of 2026."""
    desk = Desk.open("chongming", store=store, clock=lambda: NOW)
    for number, when in {
        "D-1": "2026-12-29 10:00",
        "D-2": "2026-12-21 10:00",
        "D-3": "2026-12-22 16:00",
    }.items():
        registered = at(when) - dt.timedelta(hours=1)
        deeds = [
            Deed(Register(ticket=number, matter="居住证办理", category="一般"), registered),
            Deed(Accept(ticket=number), registered),
            Deed(Dispatch(ticket=number, unit="区公安分局"), registered),
            Deed(Acknowledge(ticket=number), at(when)),
        ]
        if number == "D-2":
            deeds.append(Deed(Resolve(ticket=number), at("2026-12-23 10:00")))
        desk.replay([deeds], actor=IMPORTER)
    return desk


def due(desk: Desk, number: str) -> dt.datetime | None:
    return next(line.due for line in desk.board(NOW) if line.id == number)


def test_a_ticket_of_late_december_has_a_provisional_due_time_and_says_so() -> None:
    with december() as desk:
        lines = {line.id: line for line in desk.board(NOW)}
    assert at("2027-01-04 17:00") == lines["D-1"].due  # 30, 31 December, Monday 4 January
    assert lines["D-1"].provisional
    assert not lines["D-3"].provisional


def test_the_plan_lists_what_would_move_and_moves_nothing(announced: WorkCalendar) -> None:
    with december() as desk:
        (move,) = desk.plan_calendar(announced)
        assert "D-1" == move.ticket
        assert (at("2027-01-04 17:00"), at("2027-01-06 17:00")) == (move.old_due, move.new_due)
        assert (True, False) == (move.old_provisional, move.new_provisional)
        assert (Light.GREEN, Light.GREEN) == (move.old_light, move.new_light)
        assert at("2027-01-04 17:00") == due(desk, "D-1")
        assert 4 == len(desk.history("D-1", actor=OFFICE))


def test_applying_moves_it_and_keeps_the_old_value_in_its_history(announced: WorkCalendar) -> None:
    with december() as desk:
        old = desk.calendar.version
        desk.apply_calendar(announced, actor=OFFICE)
        assert at("2027-01-06 17:00") == due(desk, "D-1")
        entry = desk.history("D-1", actor=OFFICE)[-1]
        assert "recalculated" == entry.kind
        assert {
            "calendar": announced.version,
            "old_calendar": old,
            "old_due": "2027-01-04T17:00:00+08:00",
            "new_due": "2027-01-06T17:00:00+08:00",
        } == dict(entry.effect.facts)
        assert [] == desk.verify()


def test_an_open_ticket_that_does_not_move_gets_its_entry_and_a_closed_one_gets_none(
    announced: WorkCalendar,
) -> None:
    with december() as desk:
        desk.apply_calendar(announced, actor=OFFICE)
        assert "recalculated" == desk.history("D-3", actor=OFFICE)[-1].kind
        assert "resolved" == desk.history("D-2", actor=OFFICE)[-1].kind


def test_old_figures_can_be_made_again_with_the_old_calendar(announced: WorkCalendar) -> None:
    with december() as desk:
        before = [line.to_dict() for line in desk.board(NOW)]
        old = desk.calendar.version
        desk.apply_calendar(announced, actor=OFFICE)
        again = [line.to_dict() for line in desk.board(NOW, calendar=desk.kept_calendar(old))]
        assert before == again
        with pytest.raises(UnknownNameError, match="nowhere"):
            desk.kept_calendar("nowhere")


def test_the_next_desk_opens_with_the_applied_calendar(announced: WorkCalendar, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    with december(url) as desk:
        desk.apply_calendar(announced, actor=OFFICE)
    with pytest.warns(CalendarChangedWarning, match="until another one is applied"):
        again = Desk.open("chongming", store=url, clock=lambda: NOW)
    with again:
        assert announced.version == again.calendar.version
        assert at("2027-01-06 17:00") == due(again, "D-1")


class Interrupted(MemoryStore):
    """A store whose power fails at the n-th commit."""

    left = 10**9

    def commit(self, *changes: ChangeSet) -> None:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        super().commit(*changes)


def test_a_move_that_is_cut_off_is_finished_by_the_next_call(announced: WorkCalendar) -> None:
    store = Interrupted()
    with december(store) as desk:
        store.left = 2  # the calendar is kept, the batch is written, making it active fails
        with pytest.raises(KeyboardInterrupt):
            desk.apply_calendar(announced, actor=OFFICE)
        assert at("2027-01-04 17:00") == due(desk, "D-1")  # the old calendar is still active
        store.left = 10**9
        desk.apply_calendar(announced, actor=OFFICE)
        assert at("2027-01-06 17:00") == due(desk, "D-1")
        kinds = [entry.kind for entry in desk.history("D-1", actor=OFFICE)]
        assert 1 == kinds.count("recalculated")


class Overtaken(MemoryStore):
    """A store in which somebody else writes just before the first batch."""

    meddle = False

    def commit(self, *changes: ChangeSet) -> None:
        if self.meddle and changes and changes[0].links:
            self.meddle = False
            msg = "somebody was faster"
            raise ConflictError(msg)
        super().commit(*changes)


def test_a_ticket_written_meanwhile_is_read_again(announced: WorkCalendar) -> None:
    store = Overtaken()
    with december(store) as desk:
        store.meddle = True
        desk.apply_calendar(announced, actor=OFFICE)
        assert at("2027-01-06 17:00") == due(desk, "D-1")


def test_only_a_role_with_the_right_may_change_the_calendar(announced: WorkCalendar) -> None:
    officer = Actor(id="chen", role="disposal_officer", unit="区公安分局")
    with december() as desk, pytest.raises(NotAllowedError, match="no right to change the calendar"):
        desk.apply_calendar(announced, actor=officer)


def test_a_ticket_says_why_it_is_red_since_when_and_what_would_have_been_in_time() -> None:
    with december() as desk:
        why = desk.explain("D-3", actor=OFFICE, now=at("2026-12-28 09:00"))
        assert Light.RED is why.light
        assert at("2026-12-25 17:00") == why.in_time_until
        assert at("2026-12-25 17:00") + dt.timedelta(microseconds=1) == why.since
        assert "期限2026-12-25 17:00" in why.chinese
        assert "2026-12-23（周三）工作日，第1日" in why.chinese
        assert "red since 2026-12-25 17:00; in time until 2026-12-25 17:00" in why.english
        done = desk.explain("D-2", actor=OFFICE, now=NOW)
        assert "2026-12-23 10:00办结，期限2026-12-24 17:00，按时" in done.chinese
