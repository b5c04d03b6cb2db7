"""What the reporter sees by the query code, and what nobody sees by it."""

import json
from typing import Any

import attrs
import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    AttemptContact,
    Contact,
    Decline,
    Dispatch,
    Explain,
    Note,
    Register,
    Resolve,
    Return,
)
from bubancheng.desk import Desk, PublicStatus
from bubancheng.errors import BubanchengError, QueryCodeError, UnknownNameError
from bubancheng.privacy import new_query_code
from bubancheng.store import MemoryStore
from tests.acting import (
    CENTRE,
    OFFICE,
    OFFICER,
    OVERSEER,
    OWNED,
    OWNER,
    UNOWNED,
    WINDOW,
    Clock,
    instant,
    open_desk,
)

CODE = new_query_code()
SECRETS = ("张三丰", "13800001234", "310230199001011234", "家住城桥镇")


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at Monday 10:00."""
    return Clock()


@pytest.fixture
def store() -> MemoryStore:
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def desk(clock: Clock, store: MemoryStore) -> Desk:
    """A desk with one ticket that has a code."""
    desk = open_desk(clock, store)
    name, phone, identity, text = SECRETS
    register(desk, reporter=name, phone=phone, identity=identity, text=text)
    return desk


def register(desk: Desk, ticket: str = "T1", matter: str = OWNED, code: str = CODE, **more: Any) -> None:
    """Register a ticket with a code."""
    desk.do(Register(ticket=ticket, matter=matter, query_code=code, **more), actor=WINDOW)


def names(status: PublicStatus) -> list[str]:
    """Return what has happened, in the public's words."""
    return [it.name for it in status.steps]


class TestWhatIsSeen:
    def test_what_was_registered_is_seen_at_once(self, desk: Desk) -> None:
        seen = desk.track(CODE)
        assert ("T1", OWNED, "已登记", "窗口受理", None, None) == (
            seen.ticket,
            seen.matter,
            seen.step,
            seen.next_step,
            seen.unit,
            seen.due,
        )

    def test_who_is_on_it_and_what_comes_next(self, desk: Desk) -> None:
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        seen = desk.track(CODE)
        assert ("已派给承办单位", "承办单位接单并先行联系", OWNER) == (seen.step, seen.next_step, seen.unit)

    def test_until_when_there_will_be_a_reply(self, desk: Desk) -> None:
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        assert (instant("2024-03-28 17:00"), False) == (desk.track(CODE).due, desk.track(CODE).provisional)

    def test_before_the_clock_runs_there_is_no_due_time(self, desk: Desk) -> None:
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        at = ("2024-03-26 16:59:59", "2024-03-26 17:00")  # deemed acknowledged then
        found = [desk.track(CODE, now=instant(it)).due for it in at]
        assert [None, instant("2024-03-29 17:00")] == found

    def test_what_has_happened_and_when(self, desk: Desk, clock: Clock) -> None:
        clock.put("2024-03-25 10:30")
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        clock.put("2024-03-25 11:00")
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        clock.put("2024-03-26 09:00")
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        assert [
            ("已登记", "2024-03-25 10:00"),
            ("已受理", "2024-03-25 10:30"),
            ("已派给承办单位", "2024-03-25 10:30"),
            ("承办单位已接单", "2024-03-25 11:00"),
            ("承办单位已联系，正在办理", "2024-03-26 09:00"),
        ] == [(it.name, f"{it.at:%Y-%m-%d %H:%M}") for it in desk.track(CODE).steps]

    def test_what_stays_at_its_step_is_nobody_elses_business(self, desk: Desk) -> None:
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        before = names(desk.track(CODE))
        desk.do(AttemptContact(ticket="T1", tried_by="电话"), actor=OFFICER)
        desk.do(Note(ticket="T1", topic="其他", note="难缠"), actor=CENTRE)
        assert before == names(desk.track(CODE))

    def test_what_was_given_back_is_seen_without_blame(self, desk: Desk) -> None:
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.do(Return(ticket="T1", reason="反映人胡搅蛮缠"), actor=OFFICER)
        seen = desk.track(CODE)
        assert ("正在确认承办单位", None, False) == (seen.step, seen.unit, "胡搅蛮缠" in str(seen))

    def test_a_ticket_in_the_manual_queue_is_accepted(self, desk: Desk) -> None:
        code = new_query_code()
        register(desk, "T2", UNOWNED, code)
        desk.do(Accept(ticket="T2"), actor=WINDOW)
        seen = desk.track(code)
        assert ("已受理", "派给承办单位", None) == (seen.step, seen.next_step, seen.unit)

    def test_it_is_seen_as_it_stood_then(self, desk: Desk, clock: Clock) -> None:
        clock.put("2024-03-25 11:00")
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        assert "已登记" == desk.track(CODE, now=instant("2024-03-25 10:59")).step

    def test_the_end_is_seen(self, desk: Desk) -> None:
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        desk.do(Resolve(ticket="T1", reply="已办"), actor=OFFICER)
        assert ("已办结回复", "回访") == (desk.track(CODE).step, desk.track(CODE).next_step)

    def test_looking_writes_nothing(self, desk: Desk) -> None:
        before = desk.get("T1", actor=WINDOW)
        desk.track(CODE)
        assert (before, []) == (desk.get("T1", actor=WINDOW), desk.accesses("T1", actor=OFFICE))


class TestWhatIsNotSeen:
    @pytest.fixture
    def seen(self, desk: Desk) -> str:
        """All that is public of a ticket with secrets of every kind, as text."""
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        desk.do(Note(ticket="T1", topic="其他", note="内部意见"), actor=CENTRE)
        explain = Explain(
            ticket="T1",
            explanation="不予公开的说明",
            next_review=instant("2024-04-01 17:00"),
            reason="内部理由",
        )
        desk.do(explain, actor=OFFICER)
        return json.dumps(attrs.asdict(desk.track(CODE)), default=str, ensure_ascii=False)

    @pytest.mark.parametrize(
        "secret",
        [
            *SECRETS,
            "w-1",
            "o-1",
            "disposal_officer",
            "内部意见",
            "内部理由",
            "不予公开的说明",
            "red",
            CODE[:9],
        ],
        ids=range(12),
    )
    def test_nothing_personal_and_nothing_of_the_inside(self, seen: str, secret: str) -> None:
        assert secret not in seen

    def test_the_public_status_has_these_fields_and_no_others(self) -> None:
        expected = ["ticket", "matter", "step", "next_step", "unit", "due", "provisional", "steps"]
        assert expected == [it.name for it in attrs.fields(PublicStatus)]

    def test_a_refusal_by_the_window_is_seen_without_its_words(self, desk: Desk) -> None:
        words: dict[str, Any] = {
            "exclusion": "legal_bar",
            "citation": "内部文件第三条",
            "explanation": "说明",
        }
        desk.do(Decline(ticket="T1", **words), actor=WINDOW)
        seen = desk.track(CODE)
        assert ("不属于受理范围，已作解释", False) == (seen.step, "内部文件" in str(seen))


class TestCodes:
    def test_a_code_is_kept_nowhere(self, desk: Desk, store: MemoryStore) -> None:
        everything = f"{store._rows}{store._links}{store._records}{store._outbox}"
        assert (True, False) == (bool(desk), CODE in everything)

    def test_a_code_is_in_no_history_and_not_printed(self, desk: Desk) -> None:
        action = Register(ticket="T9", matter="x", query_code=CODE)
        assert CODE not in f"{action}{desk.history('T1', actor=WINDOW)}"

    def test_each_code_opens_its_own_ticket(self, desk: Desk) -> None:
        code = new_query_code()
        register(desk, "T2", code=code)
        assert ("T1", "T2") == (desk.track(CODE).ticket, desk.track(code).ticket)

    def test_a_code_has_one_ticket(self, desk: Desk) -> None:
        with pytest.raises(BubanchengError, match="already"):
            register(desk, "T2")
        assert (["T1"], "T1") == ([it.id for it in desk.find(actor=WINDOW)], desk.track(CODE).ticket)

    def test_the_refusal_of_a_code_does_not_repeat_it(self, desk: Desk) -> None:
        with pytest.raises(BubanchengError) as caught:
            register(desk, "T2")
        assert CODE not in str(caught.value)

    def test_a_code_that_opens_nothing_is_refused_without_being_repeated(self, desk: Desk) -> None:
        code = new_query_code()
        with pytest.raises(UnknownNameError, match="查询编码") as caught:
            desk.track(code)
        assert (False, False) == (code in str(caught.value), "T1" in str(caught.value))

    @pytest.mark.parametrize(
        "code", ["", "1", "T1", "'; DROP TABLE", "\x00", CODE[:-1], CODE + "2"], ids=range(7)
    )
    def test_what_is_no_code_is_said_so(self, desk: Desk, code: str) -> None:
        with pytest.raises(QueryCodeError):
            desk.track(code)

    @pytest.mark.parametrize(
        "typed",
        [CODE.lower(), CODE.replace("-", ""), f" {CODE} ", CODE.replace("-", " ")],
        ids=["small", "in one", "with blanks around", "with blanks between"],
    )
    def test_a_code_is_read_as_people_type_it(self, desk: Desk, typed: str) -> None:
        assert "T1" == desk.track(typed).ticket

    def test_a_bad_code_registers_nothing(self, desk: Desk) -> None:
        with pytest.raises(QueryCodeError):
            register(desk, "T2", code="123")
        assert ["T1"] == [it.id for it in desk.find(actor=WINDOW)]

    def test_the_same_command_with_its_code_gives_its_first_outcome(self, desk: Desk) -> None:
        code = new_query_code()
        first, again = [
            desk.do(Register(ticket="T2", matter="x", query_code=code), actor=WINDOW, command_id="c1")
            for _ in range(2)
        ]
        assert first == again

    def test_the_same_command_with_another_code_is_another(self, desk: Desk) -> None:
        desk.do(Register(ticket="T2", matter="x", query_code=new_query_code()), actor=WINDOW, command_id="c1")
        with pytest.raises(BubanchengError, match="other content"):
            desk.do(
                Register(ticket="T2", matter="x", query_code=new_query_code()), actor=WINDOW, command_id="c1"
            )

    def test_a_refused_registration_leaves_its_code_free(self, desk: Desk) -> None:
        code = new_query_code()
        with pytest.raises(BubanchengError):
            desk.do(Register(ticket="T2", matter="x", query_code=code), actor=OVERSEER)
        register(desk, "T3", code=code)
        assert "T3" == desk.track(code).ticket


def test_where_two_units_had_it_only_the_present_one_is_seen(desk: Desk) -> None:
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    desk.do(Return(ticket="T1", reason="?"), actor=OFFICER)
    desk.do(Dispatch(ticket="T1", unit="区民政局", reason="?"), actor=CENTRE)
    seen = str(desk.track(CODE))
    assert (True, False) == ("区民政局" in seen, OWNER in seen)
